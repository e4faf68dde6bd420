import type { ProcedureStep } from '@fengsui/protocol';

/**
 * How much stands behind a number. `read`: in the text of the edition itself. `secondHand`: in a public source that tells
 * of the text, which nobody here has read. `ours`: nobody's but ours.
 */
export type LimitEvidence = 'read' | 'secondHand' | 'ours';

export type ProcedureLimit = {
  readonly step: ProcedureStep;
  readonly limitMs: number;
  readonly edition: string;
  /** `3.x`: the number of the clause was not readable. */
  readonly clause: string;
  /** From this day, ISO 8601, an incident is measured by it. */
  readonly inForceFrom: string;
  readonly evidence: LimitEvidence;
};

/** Each step's limit by edition; docs/reference/procedures.md prints the same table, and a test compares them. */
export const procedureLimits: readonly ProcedureLimit[] = [
  {
    // Sources conflict: another says 20 s. The shorter one is measured.
    ...{ step: 'displayed', limitMs: 10_000, edition: 'GB 50440-2007', clause: '3.x' },
    ...{ inForceFrom: '2008-01-01', evidence: 'secondHand' },
  },
  {
    ...{ step: 'acknowledged', limitMs: 20_000, edition: '–', clause: '–' },
    ...{ inForceFrom: '2008-01-01', evidence: 'ours' },
  },
  {
    ...{ step: 'firstWord', limitMs: 30_000, edition: '–', clause: '–' },
    ...{ inForceFrom: '2008-01-01', evidence: 'ours' },
  },
  {
    ...{ step: 'verified', limitMs: 180_000, edition: '–', clause: '–' },
    ...{ inForceFrom: '2008-01-01', evidence: 'ours' },
  },
  {
    ...{ step: 'reported', limitMs: 3_000, edition: 'GB 50440-2007', clause: '3.x' },
    ...{ inForceFrom: '2008-01-01', evidence: 'secondHand' },
  },
];

/** The newest edition that was in force at `at`, epoch ms. @throws RangeError before the first one. */
export function limitOf(step: ProcedureStep, at: number, limits = procedureLimits): ProcedureLimit {
  const inForce = limits.filter((limit) => limit.step === step && Date.parse(limit.inForceFrom) <= at);
  const newest = inForce.sort((a, b) => (a.inForceFrom < b.inForceFrom ? 1 : -1))[0];
  if (newest === undefined) throw new RangeError(`no limit of ${step} was in force at ${at}`);
  return newest;
}

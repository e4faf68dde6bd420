import { releaseKinds, type ReleaseKind } from './release-manifest.ts';

/** How far an update has come at a terminal: design.md 5.1, event kind `update`. */
export const updateStates = ['trying', 'running', 'failed', 'rolledBack'] as const;
export type UpdateState = (typeof updateStates)[number];

/** The evidence of an `update` event. */
export type UpdateEvidence = {
  readonly schema: 'update/1';
  readonly rolloutId: string;
  readonly kind: ReleaseKind;
  readonly name: string;
  readonly version: string;
  readonly state: UpdateState;
  /** What runs now. */
  readonly running: string;
  /** Why it failed or was taken back: a stable word, and a sentence. */
  readonly code?: string;
  readonly detail?: string;
  readonly [more: string]: unknown;
};

/** Undefined when it is none: it is stored as it came, and moves no rollout. */
export function readUpdateEvidence(evidence: unknown): UpdateEvidence | undefined {
  if (typeof evidence !== 'object' || evidence === null) return undefined;
  const { schema, rolloutId, kind, name, version, state, running, code, detail } = evidence as Record<string, unknown>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 500;
  if (schema !== 'update/1' || !isText(rolloutId) || !isText(name) || !isText(version) || !isText(running))
    return undefined;
  if (!releaseKinds.some((known) => known === kind) || !updateStates.some((known) => known === state)) return undefined;
  if ((code !== undefined && !isText(code)) || (detail !== undefined && !isText(detail))) return undefined;
  return evidence as UpdateEvidence;
}

import { Type, type Static, type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { EpochMs, oneOf } from '../api/schema.ts';
import { ArcEvidence } from './arc-evidence.ts';
import { LoadEvidence } from './load-evidence.ts';
import { MeasuredFeature } from './measured-feature.ts';

/** Evidence of any other hazard: what was measured, against what. */
export const HazardEvidence = Type.Object(
  {
    schema: Type.Literal('hazard/1'),
    features: Type.Array(MeasuredFeature, { maxItems: 64 }),
    /** Why nothing more can be said, in words of the engine: `noExcitation`, `learning`. */
    reason: Type.Optional(Type.String({ maxLength: 200 })),
    /** When the limit will be reached as things go, with the bounds of 80 % of cases. */
    forecast: Type.Optional(
      Type.Object({
        limitAt: Type.Optional(EpochMs),
        earliestAt: Type.Optional(EpochMs),
        latestAt: Type.Optional(EpochMs),
      }),
    ),
  },
  { $id: 'HazardEvidence' },
);
export type HazardEvidence = Static<typeof HazardEvidence>;

export type Evidence = LoadEvidence | ArcEvidence | HazardEvidence;

const schemas: Readonly<Record<Evidence['schema'], TSchema>> = {
  'load/1': LoadEvidence,
  'arc/1': ArcEvidence,
  'hazard/1': HazardEvidence,
};

/**
 * Evidence of an event in one of the shapes above; undefined when it has none of them: a device of another make may
 * send what it likes, it is stored and shown as it came.
 */
export function readEvidence(value: unknown): Evidence | undefined {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return undefined;
  const schema = Object.entries(schemas).find(([name]) => name === value.schema)?.[1];
  return schema !== undefined && Check(schema, value) ? (value as Evidence) : undefined;
}

export const loadVerdicts = ['confirm', 'rename', 'reject'] as const;
export type LoadVerdict = (typeof loadVerdicts)[number];

const deliveryStates = ['sent', 'learned', 'refused'] as const;

/** What a person says of a load that a terminal recognised: the terminal learns from it. */
export const LoadJudgement = Type.Object(
  {
    id: Type.String(),
    deviceId: Type.String(),
    loadEventId: Type.String(),
    verdict: oneOf(
      loadVerdicts,
      'confirm: it is what was named; rename: it is `name`; reject: it is not, unknown what',
    ),
    name: Type.Optional(Type.String({ maxLength: 80 })),
    by: Type.String(),
    at: Type.String({ format: 'date-time' }),
    /** Absent: the terminal was not told yet. */
    delivery: Type.Optional(
      Type.Object({
        state: oneOf(deliveryStates, 'learned: the terminal knows it; refused: it will not, `detail` says why'),
        at: Type.String({ format: 'date-time' }),
        /** Of what the circuit has learned. */
        version: Type.Optional(Type.Integer()),
        detail: Type.Optional(Type.String()),
      }),
    ),
  },
  { $id: 'LoadJudgement' },
);
export type LoadJudgement = Static<typeof LoadJudgement>;

import { Type, type Static } from 'typebox';
import { EpochMs, oneOf } from '../api/schema.ts';
import { MeasuredFeature } from './measured-feature.ts';

export const arcKinds = ['series', 'parallel'] as const;
export const arcStages = ['tick', 'event', 'confirmed'] as const;

/** Why a terminal says that an arc burns on a circuit. */
export const ArcEvidence = Type.Object(
  {
    schema: Type.Literal('arc/1'),
    arcKind: oneOf(arcKinds),
    stage: oneOf(arcStages, 'tick: single half-cycles; event: several; confirmed: the number the standard counts'),
    halfCycleCount: Type.Integer({ minimum: 1, description: 'arcing half-cycles within the window' }),
    windowMs: Type.Integer({ minimum: 1, description: 'window they were counted in' }),
    currentA: Type.Number({ minimum: 0, description: 'rms current of the circuit in the window' }),
    features: Type.Array(MeasuredFeature, { maxItems: 32 }),
    windows: Type.Array(Type.Tuple([EpochMs, EpochMs]), {
      maxItems: 64,
      description: 'from and to of the stretches that arced, fractional milliseconds cut',
    }),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { $id: 'ArcEvidence' },
);
export type ArcEvidence = Static<typeof ArcEvidence>;

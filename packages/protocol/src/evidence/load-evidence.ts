import { Type, type Static } from 'typebox';
import { EpochMs, oneOf } from '../api/schema.ts';
import { MeasuredFeature } from './measured-feature.ts';

export const nameLevels = ['device', 'type', 'family'] as const;

const Probability = Type.Number({ minimum: 0, maximum: 1 });
const Word = Type.String({ minLength: 1, maxLength: 80 });
const Wave = Type.Array(Type.Number(), { minItems: 16, maxItems: 64 });

/** One harmonic of a current: rms relative to its fundamental, phase relative to the voltage's fundamental. */
const Harmonic = Type.Object({
  order: Type.Integer({ minimum: 2, maximum: 40 }),
  ratio: Type.Number({ minimum: 0 }),
  phaseRad: Type.Number(),
});

/** The current of one cycle as it is compared: points from the voltage's rising zero, both of one length. */
const CurrentShape = Type.Object({
  name: Type.Optional(Word),
  voltageV: Wave,
  currentA: Wave,
  harmonics: Type.Array(Harmonic, { maxItems: 39 }),
});

/** What a terminal saw switch, what it takes it for, and why. */
export const LoadEvidence = Type.Object(
  {
    schema: Type.Literal('load/1'),
    loadEventId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'names the switching for a judgement' }),
    model: Type.Object({
      fingerprintSchemaVersion: Type.Integer({ minimum: 1 }),
      modelId: Word,
      modelVersion: Word,
      enrolmentVersion: Type.Integer({ minimum: 0, description: 'rises with everything taught on site' }),
    }),
    switching: Type.Object({
      direction: oneOf(['on', 'off']),
      activePowerW: Type.Number(),
      reactivePowerVar: Type.Number(),
      currentA: Type.Number({ minimum: 0, description: "rms of the load's own current" }),
      inrushRatio: Type.Optional(Type.Number({ minimum: 0 })),
    }),
    recognition: Type.Object({
      families: Type.Array(Type.Object({ family: Word, probability: Probability }), { maxItems: 16 }),
      types: Type.Array(Type.Object({ type: Word, probability: Probability }), { maxItems: 8 }),
      device: Type.Optional(Type.Object({ deviceId: Word, name: Word, score: Probability })),
      unknownScore: Probability,
      named: Type.Optional(Type.Object({ level: oneOf(nameLevels), name: Word, confidence: Probability })),
      reasons: Type.Array(MeasuredFeature, { maxItems: 16 }),
    }),
    shape: CurrentShape,
    /** What `shape` was compared with: the best enrolled template, or the circuit's current before the switching. */
    baseline: Type.Optional(CurrentShape),
    circuit: Type.Object({
      activePowerW: Type.Number(),
      unexplainedPowerW: Type.Number(),
      loadsOn: Type.Array(
        Type.Object({
          name: Type.Optional(Word),
          level: Type.Optional(oneOf(nameLevels)),
          activePowerW: Type.Number(),
          since: EpochMs,
        }),
        { maxItems: 24 },
      ),
    }),
  },
  { $id: 'LoadEvidence' },
);
export type LoadEvidence = Static<typeof LoadEvidence>;

import type { LoadEvidence } from '@fengsui/protocol';

/** Evidence for tests: a kettle of 1,000 W, named by type, beside nothing. */
export function sampleLoad(): LoadEvidence {
  const wave = (amplitude: number): number[] =>
    Array.from({ length: 16 }, (_, n) => Number((amplitude * Math.sin((2 * Math.PI * n) / 16)).toFixed(3)));
  return {
    schema: 'load/1',
    loadEventId: 'c1-x-1',
    model: { fingerprintSchemaVersion: 1, modelId: 'city', modelVersion: '1', enrolmentVersion: 0 },
    switching: { direction: 'on', activePowerW: 1000, reactivePowerVar: 2, currentA: 4.5 },
    recognition: {
      families: [{ family: 'resistive', probability: 0.97 }],
      types: [{ type: 'kettle', probability: 0.6 }],
      unknownScore: 0.1,
      named: { level: 'type', name: 'kettle, "old"', confidence: 0.96 },
      reasons: [{ feature: 'crest', value: 1.41, typical: [1.4, 1.76] }],
    },
    shape: { voltageV: wave(311), currentA: wave(6.4), harmonics: [{ order: 3, ratio: 0.01, phaseRad: 0.5 }] },
    circuit: { activePowerW: 1000, unexplainedPowerW: 0, loadsOn: [] },
  };
}

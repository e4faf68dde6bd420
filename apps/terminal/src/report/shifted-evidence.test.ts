import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadEvidence } from '@fengsui/protocol';
import { shiftedEvidence, shiftedLoads } from './shifted-evidence.ts';

test('instants move with the report, everything else stays', () => {
  const evidence = {
    schema: 'arc/1',
    windowMs: 1000,
    windows: [
      [100.4, 120],
      [200, 210],
    ],
    forecast: { limitAt: 5000 },
  };
  assert.deepEqual(shiftedEvidence(evidence, 10), {
    ...evidence,
    windows: [
      [110, 130],
      [210, 220],
    ],
    forecast: { limitAt: 5010 },
  });
  assert.deepEqual(shiftedEvidence({ value: 3 }, 10), { value: 3 });
});

test('since when a load is on moves with the report of a switching', () => {
  const wave = Array.from({ length: 16 }, () => 0);
  const evidence: LoadEvidence = {
    schema: 'load/1',
    loadEventId: 'c1-x-1',
    model: { fingerprintSchemaVersion: 1, modelId: 'm', modelVersion: '1', enrolmentVersion: 0 },
    switching: { direction: 'on', activePowerW: 100, reactivePowerVar: 0, currentA: 0.5 },
    recognition: { families: [], types: [], unknownScore: 1, reasons: [] },
    shape: { voltageV: wave, currentA: wave, harmonics: [] },
    circuit: { activePowerW: 160, unexplainedPowerW: 0, loadsOn: [{ activePowerW: 60, since: 900 }] },
  };
  const { circuit, ...rest } = shiftedLoads(evidence, -100.6);
  assert.deepEqual(circuit.loadsOn, [{ activePowerW: 60, since: 799 }]);
  assert.deepEqual({ ...rest, circuit: evidence.circuit }, evidence);
});

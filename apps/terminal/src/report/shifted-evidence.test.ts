import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shiftedEvidence } from './shifted-evidence.ts';

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

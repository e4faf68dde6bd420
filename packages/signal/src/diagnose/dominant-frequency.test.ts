import assert from 'node:assert/strict';
import { test } from 'node:test';
import { synthesise } from '../../test/synthesise.ts';
import { dominantFrequencyHz } from './dominant-frequency.ts';

test('the strongest tone is found within a tenth of a bin, whatever the dc', () => {
  for (const frequencyHz of [16.7, 50, 59.93, 400]) {
    const components = [
      { order: 1, rms: 10 },
      { order: 3, rms: 4 },
    ];
    const values = synthesise({ sampleRateHz: 6400, frames: 8192, frequencyHz, components, dc: 100 });
    assert.ok(Math.abs(dominantFrequencyHz(values, 6400) - frequencyHz) < (0.1 * 6400) / 8192);
  }
});

test('a constant, too few samples and NaN have no frequency', () => {
  assert.ok(Number.isNaN(dominantFrequencyHz(new Float64Array(1000).fill(5), 6400)));
  assert.ok(Number.isNaN(dominantFrequencyHz(new Float64Array(10), 6400)));
  assert.ok(Number.isNaN(dominantFrequencyHz(new Float64Array(1000).fill(NaN), 6400)));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms } from '../../test/measure.ts';
import { RandomStream } from '../random/random-stream.ts';
import { renderSwitching } from './render-switching.ts';
import { sampleTurns } from './sample-turns.ts';

test('turns are in order, do not overlap and end in time', () => {
  for (let seed = 0; seed < 100; seed++) {
    let endMs = 500;
    for (const { atMs, toDeg, withinMs } of sampleTurns(new RandomStream(seed, 'turns'), 500, 8000)) {
      assert.ok(atMs >= endMs && toDeg >= 15 && toDeg <= 145);
      endMs = atMs + withinMs;
    }
    assert.ok(endMs <= 8000);
  }
  assert.deepEqual(sampleTurns(new RandomStream(1, 'turns'), 0, 50), []);
});

test('a dimmer in the background that is turned moves the current without a switching', () => {
  const turns = sampleTurns(new RandomStream(3, 'turns'), 200, 2000);
  assert.ok(turns.length > 0);
  const { currentA } = renderSwitching({
    target: { id: 'lamp', kind: 'dimmer', powerW: 500, firingAngleDeg: 80, turns },
    durationMs: 2000,
    seed: 3,
  });
  const cycles = Array.from({ length: 100 }, (_, n) => rms(currentA.subarray(128 * n, 128 * (n + 1))));
  assert.ok(Math.max(...cycles) - Math.min(...cycles) > 0.3, 'the current moves');
  const steps = cycles.slice(1).map((a, n) => Math.abs(a - (cycles[n] ?? NaN)));
  assert.ok(Math.max(...steps) < 0.6 * (Math.max(...cycles) - Math.min(...cycles)), 'and not at once');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectSwitches, matchDetections } from './detect-switches.ts';

test('the detection nearest within two cycles is the hit, all others are false', () => {
  const at = (...cycles: number[]) => cycles.map((cycle) => ({ cycle }));
  assert.deepEqual(matchDetections(at(5, 19, 21, 30), 20), { hit: { cycle: 19 }, falseOnes: at(5, 21, 30) });
  assert.deepEqual(matchDetections(at(18), 20), { hit: { cycle: 18 }, falseOnes: [] });
  assert.deepEqual(matchDetections(at(17, 23), 20), { hit: undefined, falseOnes: at(17, 23) });
  assert.deepEqual(matchDetections([], 20), { hit: undefined, falseOnes: [] });
});

test('a resistor switched on in cycle 20 of a clip is found there, whatever phase the clip starts at', () => {
  for (const shift of [0, 17, 100]) {
    const cycles = Array.from({ length: 40 }, (_, cycle) => {
      const voltageV = Float64Array.from({ length: 128 }, (_point, n) => {
        return 325 * Math.sin((2 * Math.PI * (n + shift)) / 128);
      });
      return { voltageV, currentA: voltageV.map((v) => v * (cycle < 20 ? 1 / 500 : 1 / 100)) };
    });
    const detected = detectSwitches({ cycles, mainsHz: 50 });
    assert.equal(detected.length, 1);
    assert.equal(detected[0]?.event.kind, 'on');
    assert.ok(Math.abs((detected[0]?.cycle ?? NaN) - 20) <= 1, String(detected[0]?.cycle));
  }
});

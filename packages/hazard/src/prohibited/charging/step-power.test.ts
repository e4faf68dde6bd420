import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOneRectifier } from './step-power.ts';
import { DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** A step of so many watts that moves the third harmonic by so many VA. */
function stepOf(powerW: number, thirdVa: number): CircuitStep {
  const before = new Float64Array(DIMENSIONS);
  const after = new Float64Array(DIMENSIONS);
  after[0] = powerW;
  after[FIRST_HARMONIC] = -thirdVa;
  const times = { startedAt: 1000, endedAt: 5000, settlingS: 0, isSettled: true };
  return { ...times, before, after, lowestBeforeW: 0, lowestAfterW: powerW, quickW: powerW, restlessW: 1 };
}

test('a telephone’s step that has the power of its pulses hides no edge of a compressor', () => {
  // 53 W with 69 VA of harmonics: 1.3. Without an edge of 33 W it would be 86 W, a charger’s.
  assert.ok(isOneRectifier(stepOf(53, 69), stepOf(86, 69)));
});

test('a charger that came on as a drum stopped has less power than its pulses: there was another load', () => {
  assert.ok(!isOneRectifier(stepOf(90, 250), stepOf(190, 250)));
  assert.ok(!isOneRectifier(stepOf(-20, 250), stepOf(190, 250)));
  // A corrected supply has no power that its harmonics tell.
  assert.ok(!isOneRectifier(stepOf(300, 12), stepOf(200, 12)));
});

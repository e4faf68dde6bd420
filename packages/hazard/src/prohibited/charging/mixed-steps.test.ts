import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMixedSteps } from './mixed-steps.ts';
import { DIMENSIONS } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

const level = (activePowerW: number): Float64Array => {
  const values = new Float64Array(DIMENSIONS);
  values[0] = activePowerW;
  return values;
};

const stepOf = (beforeW: number, afterW: number, endedAt: number, isSettled = true): CircuitStep => ({
  startedAt: endedAt - 4000,
  endedAt,
  settlingS: 0,
  isSettled,
  before: level(beforeW),
  after: level(afterW),
  lowestBeforeW: beforeW,
  lowestAfterW: afterW,
  quickW: afterW - beforeW,
  restlessW: 1,
});

test('a charger of 400 W that came on as a drum of 200 W stopped is parted when the drum comes on again', () => {
  const mixed = createMixedSteps();
  mixed.add(stepOf(250, 450, 10_000), [], 'e1');
  mixed.shift(level(200));
  const parted = mixed.part(5000, level(-200));
  assert.equal(parted?.candidateId, 'e1');
  assert.equal((parted?.step.after[0] ?? NaN) - (parted?.step.before[0] ?? NaN), 400);
  // Everything else: 250 W before, the drum among it, off and on again since.
  assert.equal(parted?.offset[0], 250);
});

test('nothing is parted when several steps may have hidden the edge, or the step never held still', () => {
  const mixed = createMixedSteps();
  mixed.add(stepOf(250, 450, 10_000), [], null);
  mixed.add(stepOf(450, 480, 20_000), [], null);
  assert.equal(mixed.part(5000, level(-200)), undefined);
  const restless = createMixedSteps();
  restless.add(stepOf(250, 450, 10_000, false), [], null);
  assert.equal(restless.part(5000, level(-200)), undefined);
});

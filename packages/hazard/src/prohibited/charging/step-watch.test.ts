import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStepWatch, DIMENSIONS } from './step-watch.ts';

/** Differences of the steps of a circuit whose power is told second by second. */
function stepsOf(powersW: readonly number[]): readonly number[] {
  const watch = createStepWatch(0);
  const found: number[] = [];
  powersW.forEach((powerW, second) => {
    const x = new Float64Array(DIMENSIONS);
    x[0] = powerW;
    const step = watch.push(second * 1000, x);
    if (step !== undefined) found.push((step.after[0] as number) - (step.before[0] as number));
  });
  return found;
}

const held = (powerW: number, seconds: number): readonly number[] => Array.from({ length: seconds }, () => powerW);

test('a step that follows the settled one before it at once is measured whole', () => {
  // The second level holds for five seconds: four to settle in, one more.
  assert.deepEqual(stepsOf([...held(50, 20), ...held(250, 5), ...held(400, 20)]), [200, 150]);
});

test('a load that goes on and off every six seconds moves by the same there and back', () => {
  const powersW = Array.from({ length: 10 }, (_, k) => held(k % 2 === 0 ? 30 : 230, 6)).flat();
  assert.deepEqual(stepsOf([...held(30, 14), ...powersW]), [200, -200, 200, -200, 200, -200, 200, -200, 200]);
});

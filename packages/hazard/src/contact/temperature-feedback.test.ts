import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COPPER_PER_K, growthPerK, nextFeedback, noFeedback } from './temperature-feedback.ts';

/** Minutes of a contact whose κ is κ0·(1 + β·x) at a predicted rise of x. */
function contact(beta: number, minutes: number, noiseK = 0): ReturnType<typeof growthPerK> {
  let state = noFeedback;
  for (let k = 0; k < minutes; k++) {
    const lagA2 = 20 + 80 * ((k * 7) % 11);
    const predicted = 0.05 * lagA2;
    const noise = noiseK * Math.sin(k * 2.4);
    state = nextFeedback(state, 0.05 * (1 + beta * predicted) * lagA2 + noise, lagA2, predicted);
  }
  return growthPerK(state, 3.09);
}

test('growth of the resistance with temperature is found from the curvature of rise over load', () => {
  const { estimate, proved } = contact(0.03, 5_000, 0.2);
  assert.ok(Math.abs(estimate - 0.03) < 1e-3, `${estimate}`);
  assert.ok(proved > 0.02 && proved < estimate);
});

test('a metal contact has the coefficient of copper and nothing is proved beyond it', () => {
  assert.equal(contact(0.001, 5_000).estimate, COPPER_PER_K);
  assert.deepEqual(contact(-0.01, 5_000, 0.5), { estimate: COPPER_PER_K, proved: COPPER_PER_K });
});

test('before a day of minutes under load nothing is said', () => {
  assert.deepEqual(contact(0.05, 1_000), { estimate: COPPER_PER_K, proved: COPPER_PER_K });
  assert.equal(nextFeedback(noFeedback, 1, 0, 0), noFeedback, 'no load, no information');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isImpossible } from './candidate-presence.ts';
import type { ChargingCandidate } from './charging-candidate.ts';
import { createChargingRecogniser } from './charging-recogniser.ts';
import { DIMENSIONS } from './step-watch.ts';
import { rectifierLoad, secondsOf } from './test-circuit.ts';

/** A rectifier of 122 W, followed for five minutes, whose filter then lets 28 % of another load through. */
function leakedInto(): ChargingCandidate {
  const recogniser = createChargingRecogniser();
  for (const reading of secondsOf([{ load: rectifierLoad(122), onS: 100 }], 0, 400)) recogniser.read(reading);
  const candidate = recogniser.state().candidates[0];
  assert.ok(candidate);
  const level = candidate.course.minutes.at(-1)?.value ?? NaN;
  candidate.course.minutes.push({ at: 400_000, value: 1.28 * level });
  return candidate;
}

function drawing(activePowerW: number): Float64Array {
  const x = new Float64Array(DIMENSIONS);
  x[0] = activePowerW;
  return x;
}

test('a charge alone on its circuit again goes on, whatever a drum beside it added to what its filter saw', () => {
  assert.equal(isImpossible(leakedInto(), drawing(122)), false);
});

test('a circuit that draws less than the step of a candidate holds it no more', () => {
  assert.equal(isImpossible(leakedInto(), drawing(60)), true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState } from './load-state.ts';
import { repeatsEarlier, REPETITION_REACH } from './repetition.ts';

const POINTS = 64;

type Shape = {
  /** Of a heater beside a supply's pulse of 2 A, A. */
  readonly heaterA?: number;
  /** Point up to which the heater draws nothing. */
  readonly heatsFrom?: number;
  /** Of an arc in the heater's line, as a current, A. */
  readonly dropA?: number;
};
const USUAL: Shape = {};
const OFF: Shape = { heaterA: 0 };

/** Converter noise of 3 mA upon it, never the same. */
function halfCycle({ heaterA = 1, heatsFrom = 0, dropA = 0 }: Shape, index: number): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, n) => {
    const sine = Math.sin((Math.PI * (n - 8)) / POINTS);
    const heater = n < heatsFrom ? 0 : heaterA * sine;
    const pulse = 2 * Math.max(0, Math.sin((Math.PI * (n - 28)) / 24)) * (n >= 28 && n <= 52 ? 1 : 0);
    const noise = 0.003 * Math.sin(7 * n * (index + 1));
    return pulse + heater - Math.sign(heater) * Math.min(Math.abs(heater), dropA) + noise;
  });
}

/** Which of the half-cycles that follow on the usual ones are one before them over again. */
function repetitions(
  shapes: readonly Shape[],
  about: Partial<ReturnType<typeof learnState>> = {},
  isUnusual = (shape: Shape) => shape !== USUAL,
): readonly boolean[] {
  const history = createHalfCycleHistory(POINTS);
  let count = 0;
  const add = (shape: Shape): void => {
    const polarity = count % 2 === 0 ? 1 : -1;
    history.add(
      halfCycle(shape, count++).map((valueA) => polarity * valueA),
      polarity,
    );
  };
  for (let half = 0; half < 16; half++) add(USUAL);
  const state = { ...learnState(history, 16, 311, 8), ...about };
  let unusual = 0;
  return shapes.map((shape) => {
    add(shape);
    const repeats = repeatsEarlier(history, state, { ...emptyFeatures(), distance: 0.15 }, unusual);
    unusual = (unusual << 1) | (isUnusual(shape) ? 1 : 0);
    return repeats;
  });
}

/** A relay that opens for five half-cycles, closes for five, and opens again. */
const click = (partsAt: number, closesAt: number): readonly Shape[] => [
  { heaterA: 0.4, heatsFrom: partsAt },
  OFF,
  OFF,
  OFF,
  { heatsFrom: closesAt },
];
const closed = Array.from({ length: 5 }, () => USUAL);
const clicks = [...click(20, 30), ...closed, ...click(40, 50)];

test('a relay that clicks again leaves the half-cycles that it left before', () => {
  const told = repetitions(clicks);
  assert.deepEqual(told.slice(0, 3), [false, false, false], 'the first time');
  assert.equal(told[3], true, 'two of one polarity in a row');
  assert.deepEqual(told.slice(11, 14), [true, true, true], 'the second time');
  assert.equal(told[10], false, 'it parts at another instant');
  assert.equal(told[14], false, 'and closes at another');
});

test('an arc that comes again is drawn anew', () => {
  const burst = (dropsA: readonly number[]): readonly Shape[] =>
    dropsA.map((dropA, n) => ({ dropA, heatsFrom: 9 + ((7 * n) % 5) }));
  const bursts = [...burst([0.1, 0.13, 0.08, 0.11, 0.15]), ...closed, ...burst([0.12, 0.09, 0.14, 0.16, 0.1])];
  // By chance one is near to another; of the second click all three within it are.
  assert.ok(repetitions(bursts).filter((repeats) => repeats).length <= 1);
});

test('what was usual is no measure, nor what is longer ago than is kept', () => {
  assert.ok(repetitions(clicks, {}, () => false).every((repeats) => !repeats));
  const wait = (count: number) => repetitions([OFF, OFF, ...Array.from({ length: count }, () => USUAL), OFF]).at(-1);
  assert.equal(wait(REPETITION_REACH - 2), true);
  assert.equal(wait(REPETITION_REACH), false);
});

test('where an arc may repeat itself, or the load hides whether it does, nothing is said', () => {
  const ohmic = { restPoints: 2, stepRatio: 0.06, noiseRatio: 0, isShifted: false };
  const brushes = { noiseRatio: 0.02, surprise: 0.02, stepRatio: 0.06 };
  const dimmer = { stepRatio: 0.5 };
  for (const about of [ohmic, brushes, dimmer]) {
    assert.ok(repetitions(clicks, about).every((repeats) => !repeats));
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArcCounter, type ArcCounter } from './arc-counter.ts';
import { createChargeBalance } from './charge-balance.ts';
import { emptyFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState, type LoadState } from './load-state.ts';
import { createDropRecord } from './drop-record.ts';
import { createRepeatRecord } from './repeat-record.ts';
import { isErratic, isSeriesArc, type ArcRun } from './series-arc.ts';
import { createWindowCount, type WindowCount } from './window-count.ts';

/** A counter that was told of one half-cycle per letter: e an erratic arcing one, r a repeated one, - none. */
function told(halfCycles: string): ArcCounter {
  const counter = createArcCounter(100);
  [...halfCycles].forEach((letter, index) => {
    counter.tell(index + 1, letter !== '-', letter === 'e');
  });
  return counter;
}

/** So many half-cycles of the last second that give a voltage. */
function giving(count: number): WindowCount {
  const window = createWindowCount(100);
  for (let n = 0; n < count; n++) window.add(true);
  return window;
}

/** Half-cycles as `told` takes them, and so many that give a voltage. */
const run = (halfCycles: string, givingCount = 0): ArcRun => ({
  counter: told(halfCycles),
  giving: giving(givingCount),
  drops: createDropRecord(),
  repeated: createRepeatRecord(),
  charge: createChargeBalance(),
});

/** A load of this rms, its current so many of 64 points behind the voltage. */
function loads(currentA: number, lagPoints = 0): LoadState {
  const history = createHalfCycleHistory(64);
  for (let half = 0; half < 8; half++) {
    const polarity = half % 2 === 0 ? 1 : -1;
    const peakA = polarity * currentA * Math.SQRT2;
    const wave = Float64Array.from({ length: 64 }, (_, n) => peakA * Math.sin((Math.PI * (n - 8 - lagPoints)) / 64));
    history.add(wave, polarity);
  }
  return learnState(history, 8, 311, 8);
}

test('nine arcing half-cycles in a second confirm nothing at any current, dense or sparse', () => {
  for (const currentA of [2.5, 16, 63]) {
    assert.equal(isSeriesArc(run('e'.repeat(9)), 50, loads(currentA)), false);
    assert.equal(isSeriesArc(run('e---------'.repeat(9)), 50, loads(currentA)), false);
  }
});

test('fourteen erratic half-cycles in a second confirm at any current', () => {
  for (const currentA of [2.5, 16, 63]) assert.equal(isSeriesArc(run('e------'.repeat(14)), 50, loads(currentA)), true);
});

test('ten erratic half-cycles confirm; beside a small shifted current fourteen are waited for', () => {
  assert.equal(isSeriesArc(run('e'.repeat(10)), 50, loads(2.5)), true);
  assert.equal(isSeriesArc(run('e'.repeat(10)), 50, loads(10, 12)), true);
  assert.equal(isSeriesArc(run('e'.repeat(13)), 50, loads(2.5, 12)), false);
  assert.equal(isSeriesArc(run('e'.repeat(14)), 50, loads(2.5, 12)), true);
});

test('half-cycles older than a second do not count', () => {
  assert.equal(isSeriesArc(run(`${'e'.repeat(8)}${'-'.repeat(95)}${'e'.repeat(8)}`), 50, loads(5)), false);
});

test('a load that repeats itself is not an arc, however long', () => {
  assert.equal(isSeriesArc(run(`eee${'r'.repeat(97)}`), 50, loads(5)), false);
  assert.equal(isSeriesArc(run(`eee${'r'.repeat(97)}`), 50, loads(32)), false);
});

test('at 16 A and more ten in 150 ms confirm although several resemble each other, below they do not', () => {
  const dense = run('erererrerer');
  assert.equal(isSeriesArc(dense, 50, loads(16)), true);
  assert.equal(isSeriesArc(dense, 50, loads(10)), false);
  // The same ten spread over 0.3 s.
  assert.equal(isSeriesArc(run('e--r--e--r--e--r--r--e--r--e--r'), 50, loads(16)), false);
});

test('a half-cycle is erratic when a tenth of its distance is new, or less but far above what the load does', () => {
  const seen = { ...emptyFeatures(), distance: 0.2 };
  const restless: LoadState = { ...loads(5), surprise: 0.01 };
  const quiet: LoadState = { ...loads(5), surprise: 0.001 };
  assert.equal(isErratic({ ...seen, surprise: 0.03 }, restless), true);
  assert.equal(isErratic({ ...seen, surprise: 0.012 }, restless), false);
  assert.equal(isErratic({ ...seen, surprise: 0.012 }, quiet), true);
  assert.equal(isErratic({ ...seen, surprise: 0.004 }, quiet), false);
});

test('half-cycles that give a voltage as often as others take one are no arc', () => {
  const halfCycles = 'e'.repeat(12);
  assert.equal(isSeriesArc(run(halfCycles, 12), 50, loads(5)), false);
  assert.equal(isSeriesArc(run(halfCycles, 11), 50, loads(5)), true);
});

test('a resistance that loses a part of its current was switched, however often; beside a load that lags, too', () => {
  const seen = { ...emptyFeatures(), distance: 0.3, surprise: 0.3, dropV: 28, gainDrop: 0.17 };
  assert.equal(isErratic({ ...seen, gainDrop: 0.25 }, loads(10)), false);
  assert.equal(isErratic(seen, loads(10)), true);
  assert.equal(isErratic({ ...seen, isVoltageSigned: true }, loads(10, 12)), false);
  // By the sign of a current that lags, a loss of gain is the power factor's.
  assert.equal(isErratic(seen, loads(10, 12)), true);
  assert.equal(isErratic({ ...seen, gainDrop: -0.03 }, loads(10)), true);
});

test('half-cycles that repeat themselves confirm nothing beside a shifted current', () => {
  const repeating = run('e'.repeat(14));
  for (let count = 0; count < 14; count++) {
    repeating.repeated.add({ ...emptyFeatures(), levelRatio: 0.8, distance: 0.2, startDelayPoints: 3 });
  }
  assert.equal(isSeriesArc(repeating, 50, loads(10, 12)), false);
  assert.equal(isSeriesArc(repeating, 50, loads(10)), true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState, type LoadState } from './load-state.ts';
import { beganBefore, isPartDrop } from './part-drop.ts';

const PEAK_A = 7;
const PEAK_V = 311;
const OHM = PEAK_V / PEAK_A;
const ZERO = 8;

const volts = (n: number): number => PEAK_V * Math.sin((Math.PI * (n - ZERO)) / 64);

/** A resistance's half-cycle, with `change` of its current at a point. */
const wave = (change: (n: number, currentA: number) => number = (_, currentA) => currentA): Float64Array =>
  Float64Array.from({ length: 64 }, (_, n) => change(n, volts(n) / OHM));

function resistance(): LoadState {
  const history = createHalfCycleHistory(64);
  for (let half = 0; half < 8; half++) {
    const polarity = half % 2 === 0 ? 1 : -1;
    history.add(
      wave((_, currentA) => polarity * currentA),
      polarity,
    );
  }
  return learnState(history, 8, PEAK_V, ZERO);
}

/** Contacts that part at a point: from there on the arc takes `dropV` away. */
const parting = (at: number, dropV: number): Float64Array =>
  wave((n, currentA) => (n < at ? currentA : currentA - dropV / OHM));

test('contacts that part within a half-cycle leave it as it was and take a voltage away from there on', () => {
  const state = resistance();
  for (const at of [20, 40, 52]) {
    for (const dropV of [20, 28, 45]) {
      assert.equal(isPartDrop(state, 0, parting(at, dropV)), true, `${dropV} V from point ${at}`);
    }
  }
});

test('a load switched off within a half-cycle takes a share of the current away, and is no arc', () => {
  const state = resistance();
  for (const at of [20, 40, 52]) {
    for (const share of [0.1, 0.3, 0.6]) {
      const switched = wave((n, currentA) => (n < at ? currentA : (1 - share) * currentA));
      assert.equal(isPartDrop(state, 0, switched), false, `${share} from point ${at}`);
    }
  }
});

test('less than 1.25 ms under an arc, or a change from the first point on, is not the parting of contacts', () => {
  const state = resistance();
  assert.equal(isPartDrop(state, 0, parting(58, 28)), false);
  assert.equal(isPartDrop(state, 0, parting(0, 28)), false);
  assert.equal(isPartDrop({ ...state, isShifted: true }, 0, parting(40, 28)), false);
});

test('an arc that struck in the end of the half-cycle before shows before the zero of the voltage', () => {
  const state = resistance();
  // Negative before its zero: the arc's voltage has the other sign there.
  const tail = wave((n, currentA) => (n < ZERO ? Math.min(0, currentA + 25 / OHM) : currentA));
  assert.equal(beganBefore(state, 0, tail, ZERO), true);
  assert.equal(beganBefore(state, 0, wave(), ZERO), false);
  // A rest after the zero alone: the contacts parted there.
  const rest = wave((n, currentA) => (n >= ZERO && n < ZERO + 10 ? 0 : currentA));
  assert.equal(beganBefore(state, 0, rest, ZERO), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { isRectifier } from './load-class.ts';
import { learnState, type LoadState } from './load-state.ts';
import { isMisfire } from './misfire.ts';

const ZERO = 8;
/** Point at which the triac fires: 62 degrees after the zero. */
const FIRES_AT = 30;

const sine = (n: number): number => Math.sin((Math.PI * (n - ZERO)) / 64);
/** Lamps of 3 A peak behind a triac that conducts until the zero of the voltage, which lies eight points in. */
const lamps = (n: number, firesAt = FIRES_AT): number => (n < ZERO || n >= firesAt ? 3 * sine(n) : 0);
const heater = (n: number): number => 4 * sine(n);
const pulse = (n: number): number => 30 * Math.max(0, sine(n) - 0.9);

const half = (currentA: (n: number) => number): Float64Array =>
  Float64Array.from({ length: 64 }, (_, n) => currentA(n));

function loads(currentA: (n: number) => number): LoadState {
  const history = createHalfCycleHistory(64);
  for (let count = 0; count < 8; count++) {
    const polarity = count % 2 === 0 ? 1 : -1;
    history.add(
      half((n) => polarity * currentA(n)),
      polarity,
    );
  }
  return learnState(history, 8, 311, ZERO);
}

/** What is said of a half-cycle that lacks this much and surprises with this part of it. */
const lacking = (loss: number, newPart = 1) => ({
  ...emptyFeatures(),
  levelRatio: 1 - loss,
  distance: loss,
  surprise: newPart * loss,
});

test('lamps that a triac fails to feed, or feeds late or weakly, are a misfire beside a heater', () => {
  const beside = loads((n) => lamps(n) + heater(n));
  assert.equal(isMisfire(lacking(0.3), beside, 0, half(heater)), true);
  const late = half((n) => lamps(n, FIRES_AT + 5) + heater(n));
  assert.equal(isMisfire(lacking(0.1), beside, 0, late), true);
  const weak = half((n) => 0.8 * lamps(n) + heater(n));
  assert.equal(isMisfire(lacking(0.08), beside, 0, weak), true);
});

test('a load switched or pulsing beside the lamps leaves their edge as it was, and is no misfire', () => {
  const beside = loads((n) => lamps(n) + heater(n));
  assert.equal(isMisfire(lacking(0.5), beside, 0, half(lamps)), false);
  assert.equal(
    isMisfire(
      lacking(0.25),
      beside,
      0,
      half((n) => lamps(n) + heater(n) / 2),
    ),
    false,
  );
});

test('lamps that stay lower, and half-cycles without any current, are no misfire', () => {
  const alone = loads(lamps);
  assert.equal(
    isMisfire(
      lacking(0.3, 0.1),
      alone,
      0,
      half((n) => 0.7 * lamps(n)),
    ),
    false,
  );
  assert.equal(
    isMisfire(
      lacking(0.97),
      alone,
      0,
      half(() => 0),
    ),
    false,
  );
});

test('where no triac fires there is no misfire', () => {
  assert.equal(
    isMisfire(
      lacking(0.5),
      loads(heater),
      0,
      half((n) => heater(n) / 2),
    ),
    false,
  );
});

test('supplies are rectifiers alone, and no longer when lamps on a triac conduct beside them until the zero', () => {
  assert.equal(isRectifier(loads(pulse)), true);
  assert.equal(isRectifier(loads((n) => pulse(n) + lamps(n))), false);
});

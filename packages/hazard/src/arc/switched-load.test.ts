import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDropRecord, type DropRecord } from './drop-record.ts';
import { emptyFeatures, type HalfCycleFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { isCommutator, learnState, type LoadState } from './load-state.ts';
import { isSwitchedLoad } from './switched-load.ts';

/** A sine of 2.5 A. */
function load(): LoadState {
  const history = createHalfCycleHistory(64);
  for (let half = 0; half < 8; half++) {
    const polarity = half % 2 === 0 ? 1 : -1;
    const wave = Float64Array.from({ length: 64 }, (_, n) => polarity * 3.5 * Math.sin((Math.PI * (n - 8)) / 64));
    history.add(wave, polarity);
  }
  return learnState(history, 8, 311, 8);
}

function record(state: LoadState, halfCycles: readonly Partial<HalfCycleFeatures>[]): DropRecord {
  const drops = createDropRecord();
  for (const one of halfCycles) drops.add({ ...emptyFeatures(), ...one }, state, 0);
  return drops;
}

const STILL = [13.8, 14.1, 12.9, 13.6, 13.2, 14.1, 13.4, 13, 14.2, 13];
const MOVING = [23, 26, 20, 24, 29, 22, 25, 19, 23, 27];

test('beside something that fires, a drop that stands still is a load that was switched off, one that moves an arc', () => {
  const dimmer: LoadState = { ...load(), stepRatio: 0.6, dropSpreadV: 0.5 };
  const drops = (dropsV: readonly number[], startDelayPoints: number) =>
    record(
      dimmer,
      dropsV.map((dropV) => ({ dropV, startDelayPoints })),
    );
  assert.equal(isSwitchedLoad(dimmer, drops(STILL, 20)), true);
  assert.equal(isSwitchedLoad(dimmer, drops(MOVING, 20)), false);
  // In its own line the arc takes nothing away before the firing.
  assert.equal(isSwitchedLoad(dimmer, drops(STILL, 0)), false);
  assert.equal(isSwitchedLoad(load(), drops(STILL, 20)), false);
});

test('beside a commutator, drops that surprise no more than its noise and return at one point are a switched load', () => {
  const motor: LoadState = { ...load(), noiseRatio: 0.016, surprise: 0.016 };
  assert.ok(isCommutator(motor));
  const drops = (surprise: number, delays: readonly number[], distance = 0.14) =>
    record(
      motor,
      delays.map((startDelayPoints, index) => ({
        dropV: MOVING[index % 10] as number,
        startDelayPoints,
        surprise,
        distance,
      })),
    );
  const still = Array.from({ length: 12 }, () => 3);
  const striking = [3, 5, 2, 4, 7, 3, 4, 2, 5, 3, 6, 4];
  assert.equal(isSwitchedLoad(motor, drops(0.017, still)), true);
  assert.equal(isSwitchedLoad(motor, drops(0.017, striking)), false);
  assert.equal(isSwitchedLoad(motor, drops(0.03, still)), false);
  // Where the noise is a quarter of the change, it hides whether the rest of it moves.
  assert.equal(isSwitchedLoad(motor, drops(0.017, still, 0.06)), false);
});

test('beside a commutator, a trigger that has come to rest is no arc, and what stood still first may be one', () => {
  const motor: LoadState = { ...load(), noiseRatio: 0.016, surprise: 0.016 };
  const turned = [2, 3, 4, 5, 6].map((startDelayPoints) => ({ startDelayPoints, surprise: 0.05, distance: 0.14 }));
  const resting = Array.from({ length: 8 }, () => ({ startDelayPoints: 6, surprise: 0.014, distance: 0.14 }));
  assert.equal(isSwitchedLoad(motor, record(motor, turned)), false);
  assert.equal(isSwitchedLoad(motor, record(motor, [...turned, ...resting])), true);
  assert.equal(isSwitchedLoad(motor, record(motor, [...resting, ...turned])), false);
});

test('beside brushes or supplies, one drop that comes back at one point is a switched load, whatever else is restless', () => {
  const supply: LoadState = { ...load(), restPoints: 14 };
  const motor: LoadState = { ...load(), noiseRatio: 0.016, surprise: 0.009 };
  const same = [14.2, 14.9, 13.9, 14.8, 14.8, 14.4, 14.3, 14.3];
  const drops = (dropsV: readonly number[], delays: (index: number) => number) =>
    record(
      motor,
      dropsV.map((dropV, index) => ({ dropV, startDelayPoints: delays(index), surprise: 0.013, distance: 0.13 })),
    );
  for (const state of [supply, motor]) {
    assert.equal(
      isSwitchedLoad(
        state,
        drops(same, () => 14),
      ),
      true,
    );
    assert.equal(
      isSwitchedLoad(
        state,
        drops(MOVING, () => 14),
      ),
      false,
    );
    assert.equal(
      isSwitchedLoad(
        state,
        drops(same, (index) => 12 + (index % 3)),
      ),
      false,
    );
  }
});

test('a current that comes back sooner bears no arc, unless a drop explains nearly all of the change', () => {
  const smooth = load();
  const drops = (startDelayPoints: number, explained: number, count = 6) =>
    record(
      smooth,
      Array.from({ length: count }, (_, n) => ({ dropV: MOVING[n] ?? 20, startDelayPoints, explained })),
    );
  assert.equal(isSwitchedLoad(smooth, drops(-1, 0.65)), true);
  assert.equal(isSwitchedLoad(smooth, drops(-1, 0.95)), false);
  assert.equal(isSwitchedLoad(smooth, drops(1, 0.65)), false);
  assert.equal(isSwitchedLoad(smooth, drops(-1, 0.65, 4)), false);
});

test('without a state nothing is said', () => {
  assert.equal(isSwitchedLoad(undefined, createDropRecord()), false);
});

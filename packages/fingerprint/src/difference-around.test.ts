import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceAround } from './difference-around.ts';
import type { CycleWaves } from './background/aligned-cycle.ts';

type Wave = (thetaRad: number) => number;
const POINTS = 128;
const points = (wave: Wave): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, point) => wave((2 * Math.PI * point) / POINTS));

/** Cycles whose current is the sum of what `loads` draw in each; every cycle starts `turnRad` late. */
function recording(
  count: number,
  current: (cycle: number) => Wave,
  turnRad: (cycle: number) => number = () => 0,
): CycleWaves[] {
  return Array.from({ length: count }, (_, cycle) => {
    const turn = turnRad(cycle);
    return {
      voltageV: points((theta) => 311 * Math.sin(theta + turn)),
      currentA: points((theta) => current(cycle)(theta + turn)),
    };
  });
}

const target: Wave = (theta) => 2 * Math.sin(theta - 0.6) + 0.5 * Math.sin(3 * theta);
const hob: Wave = (theta) => 9 * Math.sin(theta + 0.1) + 0.8 * Math.sin(3 * theta);
const nothing: Wave = () => 0;
const sum =
  (...waves: Wave[]): Wave =>
  (theta) =>
    waves.reduce((total, wave) => total + wave(theta), 0);

function assertDifference(actual: Float64Array | undefined, expected: Wave, tolerance: number): void {
  points(expected).forEach((value, point) => {
    const found = actual?.[point] ?? NaN;
    assert.ok(Math.abs(found - value) <= tolerance, `point ${point}: ${found}, expected ${value}`);
  });
}

test('the difference of two steady states is the current of the load that was switched', () => {
  const states = differenceAround(
    recording(30, (cycle) => sum(hob, cycle >= 15 ? target : nothing)),
    15,
  );
  assert.equal(states.kind, 'on');
  assertDifference(states.differenceCurrentA, target, 1e-9);
});

test('cycles that start late are turned to their voltage first', () => {
  const cycles = recording(
    30,
    (cycle) => sum(hob, cycle < 15 ? target : nothing),
    (cycle) => 0.3 * Math.sin(cycle),
  );
  const states = differenceAround(cycles, 15);
  assert.equal(states.kind, 'off');
  assertDifference(states.differenceCurrentA, (theta) => -target(theta), 1e-9);
});

test('behind a load that pulses, levels of the same background are compared', () => {
  for (const phase of [0, 2, 5, 8]) {
    const pulses = (cycle: number): Wave => ((cycle + phase) % 10 < 5 ? hob : nothing);
    const states = differenceAround(
      recording(40, (cycle) => sum(pulses(cycle), cycle >= 20 ? target : nothing)),
      20,
    );
    assert.equal(states.kind, 'on');
    assertDifference(states.differenceCurrentA, target, 1e-9);
  }
});

test('a level that was left right after the switching still counts, by its one whole cycle', () => {
  // The hob rests until one cycle after the switching and then runs to the end; cycle 21 is half and half.
  const behind = (cycle: number): Wave => {
    if (cycle < 21) return nothing;
    return cycle > 21 ? hob : (theta) => (theta < Math.PI ? 0 : hob(theta));
  };
  const cycles = recording(40, (cycle) => sum(behind(cycle), cycle >= 20 ? target : nothing));
  assertDifference(differenceAround(cycles, 20).differenceCurrentA, target, 1e-9);
});

/** Largest error of the difference over the target's peak. */
function relativeError(actual: Float64Array | undefined): number {
  const expected = points(target);
  const errors = expected.map((value, point) => Math.abs((actual?.[point] ?? NaN) - value));
  return Math.max(...errors) / Math.max(...expected.map(Math.abs));
}

const scaled =
  (wave: Wave, factor: number): Wave =>
  (theta) =>
    factor * wave(theta);

test('a load that ramps up slowly and falls at once hides the switching no more than one that jumps', () => {
  // Ten cycles at rest, ten of rising, then a fall: the switching at any place of it.
  for (const phase of [0, 3, 6, 9, 12, 15, 18]) {
    const strength = (cycle: number): number => Math.max(0, ((cycle + phase) % 20) - 9) / 10;
    const states = differenceAround(
      recording(44, (cycle) => sum(scaled(hob, strength(cycle)), cycle >= 22 ? target : nothing)),
      22,
    );
    assert.equal(states.kind, 'on');
    assert.ok(relativeError(states.differenceCurrentA) < 0.05, `phase ${phase}`);
  }
});

test('a load that is less steady while it is on still has two levels', () => {
  // Strength while on: a fixed irregular row of ±3 %.
  const restless = [1, 0.97, 1.02, 1.03, 0.98, 1.01, 0.99, 1.03, 0.97, 1];
  for (const phase of [0, 4, 9, 13]) {
    const strength = (cycle: number): number => ((cycle + phase) % 18 < 10 ? (restless[cycle % 10] ?? 1) : 0);
    const states = differenceAround(
      recording(44, (cycle) => sum(scaled(hob, strength(cycle)), cycle >= 22 ? target : nothing)),
      22,
    );
    assert.equal(states.kind, 'on');
    // The hob's rms is 4.5 times the target's: 3 % of it are 13 % of the target in a single cycle.
    assert.ok(relativeError(states.differenceCurrentA) < 0.08, `phase ${phase}`);
  }
});

test('the standard error of white noise falls with the cycles averaged', () => {
  let state = 1;
  const random = (): number => {
    // Sum of 12 uniform numbers less 6: variance 1 (Irwin–Hall), from the minimal standard generator.
    let total = -6;
    for (let draw = 0; draw < 12; draw++) total += (state = (state * 48271) % 2147483647) / 2147483647;
    return total;
  };
  const cycles = recording(40, (cycle) => (cycle >= 20 ? target : nothing)).map(({ voltageV, currentA }) => ({
    voltageV,
    currentA: currentA.map((value) => value + 0.02 * random()),
  }));
  const states = differenceAround(cycles, 20, { reach: 16 });
  const expected = 0.02 * Math.sqrt(2 / 16);
  const found = states.differenceErrorA?.[0] ?? NaN;
  assert.ok(found > 0.8 * expected && found < 1.25 * expected, `${found}, expected about ${expected}`);
});

test('too few cycles on a side are refused', () => {
  assert.throws(
    () =>
      differenceAround(
        recording(10, () => target),
        1,
      ),
    /1 cycles before and 9 after cycle 1/,
  );
});

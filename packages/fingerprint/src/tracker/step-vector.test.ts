import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observedSwitchOf } from './observed-switch.ts';
import { extendHistory, startHistory } from './power-history.ts';
import { matchSteps, shapeLikeness, stepVectorOf } from './step-vector.ts';

const POINTS = 128;

/** √2·(2·sin θ + 0.5·sin(3θ + 30°) − 0.2·cos 5θ): known phasors. */
const wave = Float64Array.from({ length: POINTS }, (_, point) => {
  const angle = (2 * Math.PI * point) / POINTS;
  return Math.SQRT2 * (2 * Math.sin(angle) + 0.5 * Math.sin(3 * angle + Math.PI / 6) - 0.2 * Math.cos(5 * angle));
});

test('the phasors of a switch event are those of its waveform, and an off-event is turned round', () => {
  const on = observedSwitchOf(
    { kind: 'on', deltaActivePowerW: 460, deltaReactivePowerVar: 10, differenceCurrentA: wave },
    5,
  );
  const of = (order: number): readonly number[] => {
    const found = on.harmonics.find((harmonic) => harmonic.order === order);
    return [found?.inPhaseA ?? NaN, found?.quadratureA ?? NaN];
  };
  const near = (actual: readonly number[], expected: readonly number[]): void =>
    actual.forEach((value, k) => assert.ok(Math.abs(value - (expected[k] ?? NaN)) < 1e-12, `${value}`));
  near(of(3), [0.5 * Math.cos(Math.PI / 6), 0.5 * Math.sin(Math.PI / 6)]);
  near(of(5), [0, -0.2]);
  near(of(2), [0, 0]);
  const off = observedSwitchOf(
    { kind: 'off', deltaActivePowerW: -460, deltaReactivePowerVar: -10, differenceCurrentA: wave.map((i) => -i) },
    5,
  );
  assert.deepEqual({ ...off, kind: 'on' }, on);
});

test('a waveform that is not finite leaves the harmonics unknown', () => {
  const broken = Float64Array.from(wave);
  broken[7] = NaN;
  const event = { kind: 'on' as const, deltaActivePowerW: 1, deltaReactivePowerVar: 2, differenceCurrentA: broken };
  assert.deepEqual(observedSwitchOf(event, 0).harmonics, []);
});

test('the scale of a match is free within its spread and what cannot be scaled away deviates', () => {
  const a = [300, -60, 90, 40];
  const scaled = matchSteps(
    a,
    a.map((value) => 0.8 * value),
    1e3,
  );
  assert.ok(Math.abs(scaled.scale - 0.8) < 1e-6);
  assert.ok(scaled.deviation < 1e-6);
  assert.ok(matchSteps(a, [300, 60, -90, 40], 0.03).deviation > 50);
  // A scale that should be 1 ± 0.001 but is 0.8 costs (0.2/0.001)² per four components, unless the power does.
  assert.ok(
    matchSteps(
      a,
      a.map((value) => 0.8 * value),
      0.001,
    ).deviation > 9,
  );
});

test('components that one side does not know are left out', () => {
  assert.equal(matchSteps([300, NaN, 5], [300, 20], 0.03).components, 1);
  assert.equal(matchSteps([NaN], [NaN], 0.03).deviation, Infinity);
  assert.ok(Math.abs(shapeLikeness([3, 4, NaN], [6, 8, 1]) - 1) < 1e-12);
  assert.deepEqual(stepVectorOf({ activePowerW: 1, reactivePowerVar: 2, harmonics: [] }), [1, 2]);
});

test('a history of weeks keeps at most 64 means and their average', () => {
  const history = startHistory(0);
  for (let minute = 1; minute <= 10_000; minute++)
    extendHistory(history, minute * 60_000, 60_000, minute % 2 === 0 ? 90 : 110);
  assert.ok(history.meanW.length < 64);
  // A power of two of minutes, so that intervals were only ever doubled.
  assert.equal(Math.log2(history.intervalMs / 60_000) % 1, 0);
  for (const mean of history.meanW) assert.ok(mean !== null && Math.abs(mean - 100) < 1e-9);
});

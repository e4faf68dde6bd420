import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitDrop, type DropFit } from './voltage-drop-fit.ts';

const points = 64;
const peakA = 10;
const mean = Float32Array.from({ length: points }, (_, n) => peakA * Math.sin((Math.PI * (n - 8)) / points));
const spread = new Float32Array(points).fill(0.01);
const empty = (): DropFit => ({ gainDrop: 0, shift: 0, drop: 0, explained: 0, distance: 0 });

function fitOf(currentA: Float64Array): DropFit {
  const fit = empty();
  fitDrop(currentA, 0, mean, spread, 0, points, peakA, undefined, fit);
  return fit;
}

test('a constant drop in series with a resistance is found as such', () => {
  // 9 % of the peak: 28 V of 311 V.
  const fit = fitOf(Float64Array.from(mean, (value) => value - 0.09 * peakA * Math.sign(value)));
  assert.ok(Math.abs(fit.drop - 0.09) < 0.005, `${fit.drop}`);
  assert.ok(Math.abs(fit.gainDrop) < 0.01 && Math.abs(fit.shift) < 0.01);
  assert.ok(fit.explained > 0.97);
});

test('less voltage is a gain and no drop', () => {
  const fit = fitOf(Float64Array.from(mean, (value) => 0.8 * value));
  assert.ok(Math.abs(fit.gainDrop - 0.2) < 1e-6 && Math.abs(fit.drop) < 1e-6);
  assert.ok(Math.abs(fit.distance - 0.2) < 1e-9);
});

test('a changed phase is a shift and no drop', () => {
  const later = Float64Array.from({ length: points }, (_, n) => peakA * Math.sin((Math.PI * (n - 8.4)) / points));
  const fit = fitOf(later);
  assert.ok(Math.abs(fit.drop) < 0.003, `${fit.drop}`);
  assert.ok(Math.abs(fit.shift) > 0.02);
  assert.ok(fit.explained > 0.95);
});

test('the sign of the voltage finds an arc beside a load whose current lags', () => {
  const lagging = Float64Array.from({ length: points }, (_, n) => peakA * Math.sin((Math.PI * (n - 24)) / points));
  const arcing = lagging.map((value, n) => value - 0.06 * peakA * (n < 8 ? -1 : 1));
  const laggingMean = Float32Array.from(lagging);
  const byCurrent = empty();
  const byVoltage = empty();
  fitDrop(arcing, 0, laggingMean, spread, 0, points, peakA, undefined, byCurrent);
  fitDrop(arcing, 0, laggingMean, spread, 0, points, peakA, 8, byVoltage);
  assert.ok(Math.abs(byVoltage.drop - 0.06) < 0.005, `${byVoltage.drop}`);
  assert.ok(byVoltage.explained > 0.95 && byCurrent.explained < byVoltage.explained);
});

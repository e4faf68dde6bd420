import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalAt, smoothNoiseAt, uniformAt } from './noise-at.ts';

test('uniform noise fills its range evenly and neighbours are uncorrelated', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => uniformAt(42, 1.7e12 + i));
  assert.ok(values.every((v) => v >= 0 && v < 1));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(Math.abs(mean - 0.5) < 0.01, `mean is ${mean}`);
  let product = 0;
  for (let i = 1; i < values.length; i++) product += ((values[i] ?? 0) - 0.5) * ((values[i - 1] ?? 0) - 0.5);
  const correlation = product / values.length / (1 / 12);
  assert.ok(Math.abs(correlation) < 0.03, `correlation is ${correlation}`);
});

test('normal noise has mean 0 and variance 1', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => normalAt(7, i));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `mean ${mean}, variance ${variance}`);
});

test('smooth noise stays within ±1 and has no jumps', () => {
  let last = smoothNoiseAt(5, 0, 1000);
  for (let atMs = 1; atMs < 50_000; atMs++) {
    const value = smoothNoiseAt(5, atMs, 1000);
    assert.ok(Math.abs(value) <= 1);
    // The steepest cubic between −1 and 1 rises by 3 per period.
    assert.ok(Math.abs(value - last) <= 3.01e-3, `jump at ${atMs}`);
    last = value;
  }
});

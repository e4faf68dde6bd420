import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besselI0, kaiser } from './kaiser.ts';

test('I0 has the tabulated values (Abramowitz and Stegun, table 9.8; 1e-13 relative)', () => {
  for (const [x, expected] of [
    [0, 1],
    [1, 1.2660658777520083],
    [5, 27.239871823604442],
    [10, 2815.716628466254],
    [20, 43558282.5595535],
  ] as const) {
    assert.ok(Math.abs(besselI0(x) / expected - 1) < 1e-13, `I0(${x}) = ${besselI0(x)}`);
  }
});

test('the window is 1 at its centre, even, 1/I0(beta) at its edge and 0 outside', () => {
  assert.equal(kaiser(0, 9), 1);
  assert.equal(kaiser(-0.3, 9), kaiser(0.3, 9));
  assert.ok(Math.abs(kaiser(1, 10) - 1 / 2815.716628466254) < 1e-16);
  assert.equal(kaiser(1.0001, 9), 0);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../test/property-settings.ts';
import { crestFactor } from './crest-factor.ts';
import { mean } from './mean.ts';
import { peak } from './peak.ts';
import { rms } from './rms.ts';
import { trajectory } from './trajectory.ts';

const sine = Float64Array.from({ length: 1280 }, (_, n) => 325 * Math.sin((2 * Math.PI * n) / 128));

test('a sine over whole cycles has rms peak/sqrt(2), mean 0 and crest factor sqrt(2) (1e-12)', () => {
  assert.ok(Math.abs(rms(sine) / (325 / Math.SQRT2) - 1) < 1e-12);
  assert.ok(Math.abs(mean(sine)) < 1e-10);
  assert.equal(peak(sine), 325);
  assert.ok(Math.abs(crestFactor(sine) / Math.SQRT2 - 1) < 1e-12);
});

test('a slice counts only its own samples', () => {
  const values = Float64Array.of(100, 3, -4, 100);
  assert.equal(rms(values, 1, 3), Math.sqrt(12.5));
  assert.equal(mean(values, 1, 3), -0.5);
  assert.equal(peak(values, 1, 3), 4);
  assert.equal(crestFactor(values, 1, 3), 4 / Math.sqrt(12.5));
});

test('a NaN in the slice is never passed over, and an empty slice has no value', () => {
  const values = Float64Array.of(5, NaN, 1);
  for (const value of [rms, mean, peak, crestFactor]) {
    assert.ok(Number.isNaN(value(values)));
    assert.ok(Number.isNaN(value(values, 2, 2)));
    assert.ok(!Number.isNaN(value(values, 2, 3)));
  }
});

test('an all-zero block has rms 0 and no crest factor', () => {
  assert.equal(rms(new Float64Array(128)), 0);
  assert.ok(Number.isNaN(crestFactor(new Float64Array(128))));
});

test('a slice outside the array is refused with its bounds', () => {
  for (const value of [rms, mean, peak]) {
    assert.throws(() => value(sine, 0, 1281), /slice \[0, 1281\) is not inside 0\.\.1280/);
    assert.throws(() => value(sine, 5, 4), /slice \[5, 4\)/);
    assert.throws(() => value(sine, 0.5, 4), /slice \[0\.5, 4\)/);
  }
});

test('for any samples: |mean| <= rms <= peak, the crest factor is at least 1 and does not depend on scale', () => {
  const samples = fc.float64Array({ minLength: 1, maxLength: 200, min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(samples, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, scale) => {
      fc.pre(peak(values) > 1e-100);
      assert.ok(Math.abs(mean(values)) <= rms(values) * (1 + 1e-12));
      assert.ok(rms(values) <= peak(values) * (1 + 1e-12));
      const factor = crestFactor(values);
      assert.ok(factor >= 1 - 1e-12);
      assert.ok(Math.abs(crestFactor(values.map((value) => value * scale)) / factor - 1) < 1e-9);
    }),
    propertySettings(200),
  );
});

test('a trajectory lies within -1..1, touches its bounds and keeps the factors back', () => {
  const current = sine.map((value) => -value / 40);
  const path = trajectory(sine, current);
  assert.equal(path.voltagePeakV, 325);
  assert.equal(path.currentPeakA, 325 / 40);
  assert.equal(peak(path.voltage), 1);
  path.current.forEach((value, n) => assert.ok(Math.abs(value + (path.voltage[n] ?? NaN)) < 1e-15));
});

test('a trajectory without current stays at zero current; unequal lengths are refused', () => {
  const path = trajectory(sine, new Float64Array(1280));
  assert.equal(path.currentPeakA, 0);
  assert.ok(path.current.every((value) => value === 0));
  assert.throws(() => trajectory(sine, new Float64Array(3)), /1280 voltage samples and 3 current samples/);
});

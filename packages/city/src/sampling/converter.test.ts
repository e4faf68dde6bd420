import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../random/random-stream.ts';
import { Converter } from './converter.ts';

test('codes are whole multiples of the last bit and the noise has the size asked for', () => {
  const lsb = 100 / 2047;
  const converter = new Converter({ kind: 'quantised', bits: 12, noiseLsb: 2 }, 100, new RandomStream(1, 'adc'));
  const errors = Array.from({ length: 20_000 }, (_, i) => {
    const value = 30 * Math.sin(i * 0.37);
    const code = converter.convert(value) / lsb;
    assert.ok(Math.abs(code - Math.round(code)) < 1e-9);
    return code - value / lsb;
  });
  const deviation = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
  // Noise and rounding add as variances: 2² + 1/12.
  assert.ok(Math.abs(deviation - Math.sqrt(4 + 1 / 12)) < 0.05, `deviation is ${deviation} LSB`);
});

test('values beyond full scale are clipped', () => {
  const converter = new Converter({ kind: 'quantised' }, 10, new RandomStream(1, 'adc'));
  assert.ok(Math.abs(converter.convert(25) - 10) < 1e-9);
  assert.ok(Math.abs(converter.convert(-25) + 10) < 1e-9);
});

test('a converter of 7 bits is refused', () => {
  assert.throws(
    () => new Converter({ kind: 'quantised', bits: 7 }, 10, new RandomStream(1, 'adc')),
    /bits is 7, expected an integer from 8 to 24/,
  );
});

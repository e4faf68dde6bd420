import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { directDft } from '../test/direct-dft.ts';
import { propertySettings } from '../test/property-settings.ts';
import { createRandom } from '../test/random.ts';
import { createFft } from './fft.ts';

function forward(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const out = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  createFft(re.length).forward(re, im, out.re, out.im);
  return out;
}

function noise(size: number, seed: number): { re: Float64Array; im: Float64Array } {
  const random = createRandom(seed);
  const draw = (): Float64Array => Float64Array.from({ length: size }, () => 2 * random() - 1);
  return { re: draw(), im: draw() };
}

function energy(signal: { re: Float64Array; im: Float64Array }): number {
  return signal.re.reduce((sum, value, k) => sum + value * value + (signal.im[k] ?? NaN) ** 2, 0);
}

function largestDifference(
  a: { re: Float64Array; im: Float64Array },
  b: { re: Float64Array; im: Float64Array },
): number {
  return a.re.reduce(
    (most, value, k) => Math.max(most, Math.hypot(value - (b.re[k] ?? NaN), (a.im[k] ?? NaN) - (b.im[k] ?? NaN))),
    0,
  );
}

for (const size of [2, 4, 8, 16, 32, 64, 128, 256, 1024, 2048]) {
  test(`the spectrum of ${size} random points agrees with the direct sum to 250 dB`, () => {
    const input = noise(size, size);
    const expected = directDft(input.re, input.im);
    const actual = forward(input.re, input.im);
    const error = {
      re: actual.re.map((value, k) => value - (expected.re[k] ?? NaN)),
      im: actual.im.map((value, k) => value - (expected.im[k] ?? NaN)),
    };
    const snrDb = 10 * Math.log10(energy(expected) / energy(error));
    assert.ok(snrDb >= 250, `SNR ${snrDb.toFixed(1)} dB`);
  });
}

const sizes = fc.constantFrom(8, 64, 128, 256);
const seeds = fc.nat(2 ** 31);

test('energy is kept: the spectrum holds N times the energy of the signal (Parseval, 1e-12)', () => {
  fc.assert(
    fc.property(sizes, seeds, (size, seed) => {
      const input = noise(size, seed);
      assert.ok(Math.abs(energy(forward(input.re, input.im)) / (size * energy(input)) - 1) < 1e-12);
    }),
    propertySettings(50),
  );
});

test('the transform of a weighted sum is the weighted sum of the transforms (1e-10)', () => {
  fc.assert(
    fc.property(sizes, seeds, fc.double({ min: -10, max: 10, noNaN: true }), (size, seed, weight) => {
      const a = noise(size, seed);
      const b = noise(size, seed + 1);
      const sum = (x: Float64Array, y: Float64Array): Float64Array =>
        x.map((value, k) => value + weight * (y[k] ?? NaN));
      const [ofA, ofB] = [forward(a.re, a.im), forward(b.re, b.im)];
      const ofSum = forward(sum(a.re, b.re), sum(a.im, b.im));
      assert.ok(largestDifference(ofSum, { re: sum(ofA.re, ofB.re), im: sum(ofA.im, ofB.im) }) < 1e-10);
    }),
    propertySettings(50),
  );
});

test('a circular shift by s turns bin k by -2π·k·s/N and changes no magnitude (1e-10)', () => {
  fc.assert(
    fc.property(sizes, seeds, fc.nat(255), (size, seed, shift) => {
      const input = noise(size, seed);
      const shifted = (values: Float64Array): Float64Array =>
        values.map((_, n) => values[(n + size - (shift % size)) % size] ?? NaN);
      const plain = forward(input.re, input.im);
      const turned = {
        re: plain.re.map(
          (value, k) =>
            value * Math.cos((2 * Math.PI * k * shift) / size) +
            (plain.im[k] ?? NaN) * Math.sin((2 * Math.PI * k * shift) / size),
        ),
        im: plain.im.map(
          (value, k) =>
            value * Math.cos((2 * Math.PI * k * shift) / size) -
            (plain.re[k] ?? NaN) * Math.sin((2 * Math.PI * k * shift) / size),
        ),
      };
      assert.ok(largestDifference(forward(shifted(input.re), shifted(input.im)), turned) < 1e-10);
    }),
    propertySettings(50),
  );
});

test('one complex tone fills its own bin with N and no other (1e-12 of N)', () => {
  const size = 128;
  for (const bin of [0, 1, 40, 64, 127]) {
    const re = Float64Array.from({ length: size }, (_, n) => Math.cos((2 * Math.PI * ((bin * n) % size)) / size));
    const im = Float64Array.from({ length: size }, (_, n) => Math.sin((2 * Math.PI * ((bin * n) % size)) / size));
    const expected = { re: new Float64Array(size), im: new Float64Array(size) };
    expected.re[bin] = size;
    assert.ok(largestDifference(forward(re, im), expected) < 1e-12 * size);
  }
});

test('a NaN sample makes every bin NaN', () => {
  const { re, im } = noise(64, 1);
  re[5] = NaN;
  const spectrum = forward(re, im);
  assert.ok(spectrum.re.every(Number.isNaN));
});

test('sizes that are no power of two, wrong lengths and shared arrays are refused with their value', () => {
  assert.throws(() => createFft(100), /size is 100; expected a power of two/);
  assert.throws(() => createFft(1), /size is 1;/);
  assert.throws(() => createFft(NaN), /size is NaN;/);
  const of = (length: number): Float64Array => new Float64Array(length);
  const fft = createFft(8);
  assert.throws(() => fft.forward(of(8), of(8), of(8), of(7)), /8, 8, 8, 7; expected 8 each/);
  const shared = of(8);
  assert.throws(() => fft.forward(shared, of(8), shared, of(8)), /used twice/);
  assert.throws(() => fft.forward(of(8), of(8), shared, shared), /used twice/);
});

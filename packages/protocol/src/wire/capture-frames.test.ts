import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFrames, encodeFrames } from './capture-frames.ts';

test('frames are int16 little-endian, channels interleaved, value = code · scale + offset', () => {
  const channels = [
    { point: 'c1.voltageV', unit: 'V', scale: 0.02, offset: 0 },
    { point: 'c1.currentA', unit: 'A', scale: 0.001, offset: 0.5 },
  ];
  const bytes = Uint8Array.from([0x9c, 0xff, 0xc8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00, 0x38, 0xff]);
  const [voltageV, currentA] = decodeFrames({ channels }, bytes);
  assert.deepEqual(voltageV, Float64Array.of(-2, 0, 2));
  assert.deepEqual(currentA, Float64Array.of(0.7, 0.5, 0.3));
  assert.equal(decodeFrames({ channels }, bytes.subarray(0, 11))[0]?.length, 2, 'a cut frame is left out');
});

test('every value comes back within half a step of its channel', () => {
  const values = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(values, (numbers) => {
      const sampled = Float64Array.from(numbers);
      const { channels, frameBytes } = encodeFrames([{ point: 'p', unit: 'A', values: sampled }]);
      const [decoded] = decodeFrames({ channels }, frameBytes);
      const largest = Math.max(...numbers.map(Math.abs));
      // Half a step of range / 65,534, and the rounding of float64 at this magnitude.
      const bound =
        (Math.max(...numbers) / 65_534 - Math.min(...numbers) / 65_534) * 0.5 + largest * 1e-15 + Number.MIN_VALUE;
      sampled.forEach((value, i) => {
        const error = Math.abs((decoded?.[i] as number) / 2 - value / 2) * 2;
        assert.ok(error <= bound, `${value} came back as ${decoded?.[i]}, bound ${bound}`);
      });
    }),
  );
});

test('a constant channel comes back exactly', () => {
  const { channels, frameBytes } = encodeFrames([{ point: 'p', unit: 'V', values: new Float64Array(3).fill(-0.3) }]);
  assert.deepEqual(decodeFrames({ channels }, frameBytes), [new Float64Array(3).fill(-0.3)]);
});

test('a sine keeps its rms within 0.001 %', () => {
  const values = Float64Array.from({ length: 1280 }, (_, i) => 325 * Math.sin((2 * Math.PI * i) / 128));
  const { channels, frameBytes } = encodeFrames([{ point: 'p', unit: 'V', values }]);
  const [decoded = new Float64Array(0)] = decodeFrames({ channels }, frameBytes);
  const rms = Math.sqrt(decoded.reduce((sum, value) => sum + value * value, 0) / decoded.length);
  assert.ok(Math.abs(rms / (325 / Math.SQRT2) - 1) < 1e-5, `${rms}`);
});

test('missing samples, unequal lengths and no channel are refused by name', () => {
  const channel = (point: string, ...values: number[]) => ({ point, unit: '', values: Float64Array.from(values) });
  assert.throws(() => encodeFrames([]), /0 channels/);
  const long = { point: 'a', unit: '', values: new Float64Array(524_289) };
  assert.throws(() => encodeFrames(Array<typeof long>(64).fill(long)), /at most 67108864 bytes/);
  assert.throws(() => encodeFrames([channel('a', 2e300)]), /a is 2e\+300 at frame 0/);
  assert.throws(() => encodeFrames([channel('a', 1, NaN)]), /a is NaN at frame 1/);
  assert.throws(() => encodeFrames([channel('a', Infinity)]), /a is Infinity at frame 0/);
  assert.throws(() => encodeFrames([channel('a', 1), channel('b', 1, 2)]), /b has 2 samples, 1 expected/);
});

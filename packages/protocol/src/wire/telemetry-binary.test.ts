import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeTelemetry } from './telemetry.ts';
import { encodeBinaryTelemetry } from './telemetry-binary.ts';
import type { TelemetryMessage } from './telemetry-message.ts';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));

// Packed with another implementation (Python struct, zero padding by hand).
const vectors: { name: string; message: TelemetryMessage & { precision: 'float32' | 'float64' }; hex: string }[] = [
  {
    name: 'two float32 rows, the second unknown',
    message: {
      epoch: 'b7',
      seq: 812,
      at0: 1763718000123,
      periodMs: 1000,
      points: ['c1.currentA'],
      rows: [[4.5], [NaN]],
      precision: 'float32',
    },
    hex:
      '01 03 02 00 01 00 02 00 2c 03 00 00 00 00 00 00 00 b0 df 8e 5c aa 79 42 e8 03 00 00 ' +
      '62 37 0b 63 31 2e 63 75 72 72 65 6e 74 41 00 00 90 40 00 00 c0 7f',
  },
  {
    name: 'one float64 row without seq, time and epoch',
    message: { points: ['a', 'b'], rows: [[0.1, -2.5]], precision: 'float64' },
    hex:
      '01 04 00 00 02 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ' +
      '01 61 01 62 9a 99 99 99 99 99 b9 3f 00 00 00 00 00 00 04 c0',
  },
  {
    name: 'the largest seq and nothing else',
    message: { seq: 2 ** 53 - 1, points: [], rows: [], precision: 'float32' },
    hex: '01 01 00 00 00 00 00 00 ff ff ff ff ff ff 1f 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
];

for (const { name, message, hex } of vectors) {
  test(`encodes byte by byte: ${name}`, () => {
    assert.deepEqual(encodeBinaryTelemetry(message), bytesOf(hex));
  });

  test(`decodes: ${name}`, () => {
    const { epoch = '', seq, at0, periodMs = 0, points, rows } = message;
    assert.deepEqual(decodeTelemetry(bytesOf(hex)), {
      kind: 'telemetry',
      epoch,
      ...(seq === undefined ? {} : { seq }),
      points,
      rows: rows.map((row, i) => ({
        ...(at0 === undefined ? {} : { at: at0 + i * periodMs }),
        values: Float64Array.from(row),
      })),
      rejected: [],
      rejectedCount: 0,
      flags: at0 === undefined ? ['atMissing'] : [],
    });
  });

  test(`every cut of it is discarded: ${name}`, () => {
    const bytes = bytesOf(hex);
    for (let length = 0; length < bytes.length; length += 1) {
      assert.equal(decodeTelemetry(bytes.subarray(0, length)).kind, 'discarded', `${length} bytes`);
    }
    const longer = decodeTelemetry(Uint8Array.of(...bytes, 0));
    assert.equal(longer.kind === 'discarded' && longer.reason, 'trailingBytes');
  });
}

test('a version, bit or reserved byte of the future is discarded, not guessed', () => {
  for (const [index, value] of [
    [0, 2],
    [1, 8],
    [3, 1],
  ] as const) {
    const bytes = bytesOf(vectors[0]?.hex ?? '');
    bytes[index] = value;
    assert.equal(decodeTelemetry(bytes).kind, 'discarded');
  }
});

test('a seq above 2⁵³−1 is discarded', () => {
  const bytes = bytesOf(vectors[2]?.hex ?? '');
  bytes[14] = 0x20;
  const outcome = decodeTelemetry(bytes);
  assert.ok(outcome.kind === 'discarded' && outcome.reason === 'invalidField');
});

test('counts that claim more than the limits are discarded before anything is allocated', () => {
  const bytes = bytesOf(vectors[2]?.hex ?? '');
  bytes.set([0xff, 0xff, 0xff, 0xff], 4);
  const outcome = decodeTelemetry(bytes);
  assert.ok(outcome.kind === 'discarded' && outcome.reason === 'limitExceeded');
});

test('an infinite value is rejected and the others are kept', () => {
  const message = { at0: 1, periodMs: 1, points: ['a', 'b'], rows: [[1, Infinity]], precision: 'float32' } as const;
  const decoded = decodeTelemetry(encodeBinaryTelemetry(message));
  assert.ok(decoded.kind === 'telemetry');
  assert.deepEqual(decoded.rows[0]?.values, Float64Array.of(1, NaN));
  assert.deepEqual(decoded.rejected, [{ point: 'b', reason: 'notFinite', value: 'Infinity', row: 0 }]);
});

test('a name that is no UTF-8 rejects its column alone', () => {
  const bytes = bytesOf(vectors[1]?.hex ?? '');
  bytes[29] = 0xff;
  const decoded = decodeTelemetry(bytes);
  assert.ok(decoded.kind === 'telemetry');
  assert.deepEqual(decoded.points, ['b']);
  assert.deepEqual(decoded.rows[0]?.values, Float64Array.of(-2.5));
  assert.deepEqual(decoded.rejected, [{ point: '#0', reason: 'invalidPointName', value: 'absent' }]);
});

test('what does not fit the layout is refused by the encoder with the value', () => {
  const encode = (change: Partial<TelemetryMessage>) => () =>
    encodeBinaryTelemetry({ points: ['a'], rows: [[1]], precision: 'float32', ...change });
  assert.throws(encode({ seq: -1 }), /seq is -1/);
  assert.throws(encode({ seq: 0.5 }), /seq is 0.5/);
  assert.throws(encode({ epoch: 'x'.repeat(17) }), /epoch/);
  assert.throws(encode({ at0: NaN }), /at0 is NaN/);
  assert.throws(encode({ periodMs: 2 ** 32 }), /periodMs is 4294967296/);
  assert.throws(encode({ points: [''] }), /name of 0 bytes/);
  assert.throws(encode({ points: ['x'.repeat(256)] }), /name of 256 bytes/);
  assert.throws(encode({ rows: [[1, 2]] }), /row 0 has 2 values, 1 expected/);
});

test('decoding an encoded batch gives the batch back in both precisions', () => {
  const batch = fc.uniqueArray(fc.stringMatching(/^[a-z][A-Za-z0-9.]{0,20}$/), { maxLength: 6 }).chain((points) =>
    fc.record({
      points: fc.constant(points),
      rows: fc.array(
        fc.array(fc.float({ noDefaultInfinity: true }), { minLength: points.length, maxLength: points.length }),
      ),
      epoch: fc.stringMatching(/^[a-z]{0,16}$/),
      seq: fc.maxSafeNat(),
      at0: fc.integer({ min: 0, max: 4e12 }),
      periodMs: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    }),
  );
  fc.assert(
    fc.property(batch, fc.constantFrom('float32' as const, 'float64' as const), (message, precision) => {
      const { epoch, seq, at0, periodMs, points } = message;
      const rows = message.rows.map((row, i) => ({ at: at0 + i * periodMs, values: Float64Array.from(row) }));
      const expected = { kind: 'telemetry', epoch, seq, points, rows, rejected: [], rejectedCount: 0, flags: [] };
      assert.deepEqual(decodeTelemetry(encodeBinaryTelemetry({ ...message, precision })), expected);
    }),
  );
});

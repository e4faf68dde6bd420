import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../hex.ts';
import { decodeGbFrame } from '../frame/decode-frame.ts';
import { encodeGbFrame } from '../frame/encode-frame.ts';
import type { GbFrame } from '../frame/frame.ts';
import { gbFrameFromJson } from '../json/from-json.ts';
import { gbFrameToJson } from '../json/to-json.ts';
import { decodeGbUnit } from './decode-unit.ts';
import { encodeGbUnit } from './encode-unit.ts';

/** [type, bytes of an object, most objects] by Table 3 and its figures. */
const fixed: readonly (readonly [number, number, number])[] = [
  ...([
    [1, 10, 102],
    [2, 46, 22],
    [3, 16, 63],
    [4, 10, 102],
    [5, 4, 1],
    [7, 38, 26],
    [8, 8, 1],
  ] as const),
  ...([
    [21, 7, 1],
    [24, 8, 127],
    [25, 2, 1],
    [28, 6, 1],
  ] as const),
  ...([
    [61, 2, 102],
    [62, 6, 22],
    [63, 6, 63],
    [64, 9, 1],
    [65, 2, 1],
    [66, 2, 3],
    [67, 6, 26],
    [68, 2, 1],
  ] as const),
  ...([
    [81, 1, 1],
    [84, 7, 1],
    [85, 1, 1],
    [86, 1, 1],
    [88, 1, 1],
    [89, 1, 1],
    [90, 6, 1],
    [91, 1, 1],
  ] as const),
];

// Half of the bytes are ASCII, GB 18030 leads, NUL or small numbers, so that texts and times are hit.
const byte = fc.oneof(fc.nat(255), fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 0x20, 0x81, 0xc8, 0xfd, 0x30));
const bytes = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .chain((random) =>
      fc.array(byte, { minLength: length, maxLength: length }).map((own) => random.map((_, i) => own[i] ?? 0)),
    );
const fixedUnit = fc
  .constantFrom(...fixed)
  .chain(([type, size, most]) =>
    fc
      .integer({ min: 1, max: Math.min(most, 6) })
      .chain((count) => bytes(count * size).map((body) => Uint8Array.of(type, count, ...body))),
  );
const countedText = fc
  .oneof(fc.nat(20), fc.constant(255))
  .chain((length) => bytes(length).map((text) => [length, ...text]));
const countedUnit = fc.oneof(
  countedText.map((text) => Uint8Array.of(26, 1, ...text)),
  fc
    .array(fc.tuple(byte, byte, countedText), { minLength: 1, maxLength: 3 })
    .map((rows) =>
      Uint8Array.of(6, rows.length, ...rows.flatMap(([system, address, text]) => [system, address, ...text])),
    ),
);
const standardUnit = fc.oneof(fixedUnit, countedUnit);
const anyUnit = fc.oneof(standardUnit, fc.uint8Array({ maxLength: 1024 }));

test('every unit the standard allows becomes objects and gives its bytes back', () => {
  fc.assert(
    fc.property(standardUnit, (data) => {
      const unit = decodeGbUnit(data);
      assert.equal(unit.kind, 'objects');
      assert.equal(toHex(encodeGbUnit(unit)), toHex(data));
    }),
    { numRuns: 600 },
  );
});

test('any unit gives its bytes back, as a frame and through JSON', () => {
  const head: Omit<GbFrame, 'unit'> = {
    serial: 7,
    version: { major: 1, user: 3 },
    source: '0102030405ff',
    destination: '000000000000',
    command: 2,
  };
  fc.assert(
    fc.property(anyUnit, (data) => {
      const frame = { ...head, unit: decodeGbUnit(data) };
      const sent = encodeGbFrame(frame);
      assert.equal(toHex(sent.subarray(27, -3)), toHex(data));
      const decoded = decodeGbFrame(sent);
      assert.ok(decoded.kind === 'frame');
      const back = gbFrameFromJson(JSON.parse(JSON.stringify(gbFrameToJson(decoded.frame))));
      assert.ok(back.kind === 'frame', JSON.stringify(back));
      assert.equal(toHex(encodeGbFrame(back.frame)), toHex(sent));
    }),
    { numRuns: 600 },
  );
});

test('any head gives its bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 22, maxLength: 22 }), fc.nat(255), (head, command) => {
      const sum = [...head, command].reduce((total, one) => total + one, 0) & 0xff;
      const frame = Uint8Array.of(0x40, 0x40, ...head, 0, 0, command, sum, 0x23, 0x23);
      const decoded = decodeGbFrame(frame);
      assert.ok(decoded.kind === 'frame');
      assert.equal(toHex(encodeGbFrame(decoded.frame)), toHex(frame));
      const back = gbFrameFromJson(JSON.parse(JSON.stringify(gbFrameToJson(decoded.frame))));
      assert.ok(back.kind === 'frame');
      assert.equal(toHex(encodeGbFrame(back.frame)), toHex(frame));
    }),
  );
});

test('a unit that fits nothing is given back raw with the reason', () => {
  const reasons: readonly (readonly [readonly number[], string])[] = [
    [[0x16], 'countMissing'],
    [[1, 0], 'countZero'],
    [[5, 2, 1, 1, 1, 0, 1, 1, 1, 0], 'countAboveMax'],
    [[1, 1, 1, 1, 3, 0], 'lengthMismatch'],
    [[25, 1, 1, 2, 3], 'lengthMismatch'],
    [[26, 1, 3, 0x41], 'textTruncated'],
    [[26, 1], 'textTruncated'],
    [[6, 2, 1, 1, 1, 0x41, 1], 'textTruncated'],
    [[26, 1, 1, 0x41, 0x42], 'trailingBytes'],
  ];
  for (const [data, reason] of reasons) {
    const unit = decodeGbUnit(Uint8Array.from(data));
    assert.ok(unit.kind === 'unreadable', data.join(' '));
    assert.equal(unit.reason, reason, unit.detail);
    assert.deepEqual([...unit.data], data);
  }
});

test('reserved and user-defined types keep their bytes', () => {
  const kindOf = (type: number) => {
    const unit = decodeGbUnit(Uint8Array.of(type, 0, 9));
    return unit.kind;
  };
  for (const type of [0, 9, 20, 22, 23, 27, 29, 40, 41, 60, 69, 80, 82, 83, 87, 92, 127, 255]) {
    assert.equal(kindOf(type), 'reserved', `type ${type}`);
  }
  for (const type of [128, 200, 254]) assert.equal(kindOf(type), 'userDefined', `type ${type}`);
  assert.deepEqual(decodeGbUnit(Uint8Array.of(130, 2, 7, 8)), {
    kind: 'userDefined',
    type: 130,
    count: 2,
    body: Uint8Array.of(7, 8),
  });
});

test('configurations of different length are walked', () => {
  const unit = decodeGbUnit(Uint8Array.of(6, 2, 1, 1, 2, 0x41, 0x42, 1, 2, 1, 0x43));
  assert.deepEqual(unit, {
    kind: 'objects',
    type: 6,
    by: 'standard',
    objects: [
      { systemType: 1, systemAddress: 1, text: 'AB' },
      { systemType: 1, systemAddress: 2, text: 'C' },
    ],
  });
});

test('bytes behind the NUL of a description survive', () => {
  const field = Uint8Array.from({ length: 31 }, (_, i) => [0x41, 0, 0x42][i] ?? 0);
  const data = Uint8Array.of(7, 1, 1, 1, 17, 3, 0, 12, 0, ...field);
  const unit = decodeGbUnit(data);
  assert.ok(unit.kind === 'objects');
  assert.deepEqual(unit.objects[0], {
    systemType: 1,
    systemAddress: 1,
    partType: 17,
    partAddress: '03000c00',
    description: 'A',
    descriptionHex: toHex(field),
  });
});

test('an object that cannot be written is refused with field, value and expectation', () => {
  const write = (object: object) => () => encodeGbUnit({ kind: 'objects', type: 1, by: 'standard', objects: [object] });
  assert.throws(write({ systemType: 256, systemAddress: 1, status: 0 }), {
    name: 'RangeError',
    message: 'objects[0].systemType is 256, an integer 0…255 expected',
  });
  assert.throws(
    write({ systemType: 1, systemAddress: 1 }),
    /objects\[0\]\.status is undefined, an integer 0…65535 expected/,
  );
  assert.throws(
    () => encodeGbUnit({ kind: 'objects', type: 9, by: 'standard', objects: [{}] }),
    /type 9 has no layout in the standard/,
  );
  assert.throws(
    () => encodeGbUnit({ kind: 'objects', type: 91, by: 'standard', objects: [] }),
    /0 objects of type 91, 1…1 expected/,
  );
});

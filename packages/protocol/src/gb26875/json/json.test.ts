import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../hex.ts';
import { decodeGbFrame } from '../frame/decode-frame.ts';
import { encodeGbFrame } from '../frame/encode-frame.ts';
import { decodeGbUnit } from '../unit/decode-unit.ts';
import type { GbFrame } from '../frame/frame.ts';
import { gbFrameFromJson } from './from-json.ts';
import { gbDiscardedToJson, gbFrameToJson } from './to-json.ts';

const head = {
  serial: 1,
  version: { major: 1, user: 0 },
  source: '4d3c2b1a0000',
  destination: '010000000000',
  command: 2,
};
const frameOf = (hex: string): GbFrame => ({
  ...head,
  unit: decodeGbUnit(fromHex(hex.replaceAll(' ', '')) ?? assert.fail(hex)),
});
const messagesOf = (value: unknown) => {
  const read = gbFrameFromJson(value);
  return read.kind === 'problems' ? read.problems.map((problem) => problem.message) : [];
};
const part = { systemType: 1, systemAddress: 1, partType: 17, partAddress: '03000c00' };

test('what cannot be read is not valid, says why, and keeps its bytes', () => {
  assert.deepEqual(gbFrameToJson(frameOf('0101 0105')), {
    valid: false,
    reason: 'lengthMismatch',
    detail: 'unit of 4 bytes with 1 objects of type 1, 12 bytes expected',
    ...head,
    type: 1,
    count: 1,
    data: '01010105',
  });
  assert.deepEqual(gbFrameToJson(frameOf('0901 07')), {
    valid: false,
    reason: 'reservedType',
    detail: 'type 9 is reserved by the standard',
    ...head,
    type: 9,
    count: 1,
    data: '090107',
  });
  assert.deepEqual(gbFrameToJson(frameOf('8001 07')), { valid: true, ...head, type: 128, count: 1, data: '800107' });
  assert.deepEqual(gbFrameToJson(frameOf('16')), {
    valid: false,
    reason: 'countMissing',
    detail: 'unit of 1 byte, a type and a count expected',
    ...head,
    type: 22,
    data: '16',
  });
});

test('bytes that are no frame keep their bytes and reason', () => {
  const discarded = decodeGbFrame(Uint8Array.of(1, 2));
  assert.ok(discarded.kind === 'discarded');
  assert.deepEqual(gbDiscardedToJson(discarded), {
    valid: false,
    reason: 'noStart',
    detail: 'starts with 01 02, 40 40 expected',
    bytes: '0102',
  });
});

test('an analog value outside its range stays a value and says so', () => {
  const valueOf = (analogType: string, raw: string) => {
    const object = gbFrameToJson(frameOf(`0301 010111 03000C00 ${analogType} ${raw} 000000000000`)).objects?.[0];
    return [object?.['value'], object?.['unit'], object?.['quality']];
  };
  assert.deepEqual(valueOf('06', 'E803'), [100, '%LEL', undefined]);
  assert.deepEqual(valueOf('06', 'E903'), [100.1, '%LEL', 'overRange']);
  assert.deepEqual(valueOf('03', '55F5'), [-273.1, '°C', 'underRange']);
  assert.deepEqual(valueOf('02', 'FF7F'), [327.67, 'm', 'overRange']);
  assert.deepEqual(valueOf('0B', '0100'), [0.1, 'm³/min', undefined]);
  assert.deepEqual(valueOf('00', '0100'), [1, undefined, undefined]);
  assert.deepEqual(valueOf('80', 'FFFF'), [-1, undefined, undefined]);
});

test('every raw count of every analog type comes back from its value', () => {
  for (let analogType = 0; analogType <= 13; analogType += 1) {
    for (let raw = -32768; raw <= 32767; raw += 131) {
      const object = { ...part, analogType, raw };
      const frame: GbFrame = { ...head, unit: { kind: 'objects', type: 3, by: 'standard', objects: [object] } };
      assert.deepEqual(gbFrameFromJson(gbFrameToJson(frame)), { kind: 'frame', frame });
    }
  }
});

test('a time that is none is kept as hex, a zero one is absent', () => {
  const json = gbFrameToJson(frameOf('1C01 3D0000010119')).objects;
  assert.deepEqual(json, [{ atHex: '3d0000010119' }]);
  assert.deepEqual(gbFrameToJson(frameOf('1C01 000000000000')).objects, [{}]);
});

test('every problem of a value is told with field, value and expectation', () => {
  const value = {
    serial: 70000,
    version: { major: 1, user: '1' },
    source: '4d3c',
    destination: 5,
    command: 2,
    type: 2,
    sentAt: '2026-02-30T00:00:00+08:00',
    colour: 'red',
    objects: [{ ...part, partAddress: 'xy', status: -1, description: '三'.repeat(16), at: 7, zone: 3 }],
  };
  const known = 'systemType, systemAddress, partType, partAddress, status, description, descriptionHex, at, atHex';
  assert.deepEqual(messagesOf(value), [
    'colour is "red", no such field; one of valid, reason, detail, serial, version, sentAt, sentAtHex, source, destination, command, type, count, profile, objects, data expected',
    'serial is 70000, an integer 0…65535 expected',
    'version.user is "1", an integer 0…255 expected',
    'source is "4d3c", 12 hex digits expected',
    'destination is 5, 12 hex digits expected',
    'sentAt is "2026-02-30T00:00:00+08:00", an ISO 8601 instant with offset in 2000…2099 (UTC+8) expected',
    'objects[0].partAddress is "xy", 8 hex digits expected',
    'objects[0].status is -1, an integer 0…65535 expected',
    `objects[0].description is ${JSON.stringify('三'.repeat(16))}, 32 bytes of GB 18030, at most 31 expected`,
    'objects[0].at is 7, an ISO 8601 instant with offset in 2000…2099 (UTC+8) expected',
    `objects[0].zone is 3, no such field; one of ${known}, flags, unit, quality expected`,
  ]);
});

test('units that contradict themselves are refused', () => {
  assert.deepEqual(messagesOf({ ...head, type: 9, objects: [{}] }), [
    'type is 9, a type of the standard or of the profile, or else its bytes in `data`, expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, type: 91, count: 2, objects: [{ answerWithinMin: 5 }] }), [
    'count is 2, 1, the objects given, expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, type: 91, objects: [] }), [
    'objects is array of 0, an array of 1…1 objects expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, type: 1, data: '800107' }), [
    'type is 1, 128, the first byte of data, expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, type: 3, objects: [{ ...part, analogType: 3, value: 1.23 }] }), [
    'objects[0].value is 1.23, a multiple of 0.1, -32768…32767 times, expected',
  ]);
  assert.deepEqual(messagesOf([1]), ['the value is array of 1, an object expected']);
  assert.deepEqual(messagesOf({ ...head, count: 1 }), ['type is absent, the type of 1 objects expected']);
});

test('a short JSON frame gets the version of the standard and an empty unit', () => {
  const read = gbFrameFromJson({ serial: 0, source: '4D3C2B1A0000', destination: '010000000000', command: 3 });
  assert.ok(read.kind === 'frame');
  assert.equal(
    toHex(encodeGbFrame(read.frame)),
    '4040000001000000000000004d3c2b1a00000100000000000000' + '03' + 'd3' + '2323',
  );
});

test('no JSON value throws, and what is accepted can be sent', () => {
  const names = 'serial version sentAt sentAtHex source destination command type count profile objects data'.split(' ');
  const objectNames =
    'systemType systemAddress partType partAddress status analogType value operation operator major minor text textHex description descriptionHex at atHex fromAt recordCount reserved extra __proto__'.split(
      ' ',
    );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      '2026-03-05T14:07:10+08:00',
      '010203040506',
      '03000c00',
      'ff',
      '三',
      '\0',
      '\ud800',
      1e999,
      -0,
    ),
    fc.nat(300),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const loose = (keys: readonly string[], value: fc.Arbitrary<unknown>) =>
    fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: keys.length });
  const object = loose(objectNames, leaf);
  const value = fc
    .tuple(
      loose(names, leaf),
      fc.boolean(),
      fc.constantFrom(1, 3, 6, 7, 26, 28, 81, 91),
      fc.array(object, { maxLength: 3 }),
    )
    .map(([own, isNear, type, objects]) => (isNear ? { ...head, type, objects, ...(own['sentAt'] ? own : {}) } : own));
  fc.assert(
    fc.property(value, (json) => {
      const read = gbFrameFromJson(json);
      if (read.kind === 'frame') {
        const sent = encodeGbFrame(read.frame);
        assert.equal(decodeGbFrame(sent).kind, 'frame');
      } else assert.ok(read.problems.length > 0);
    }),
    { numRuns: 1000 },
  );
});

test('missing and misplaced parts of a value are told', () => {
  const own = { ...head, type: 26, objects: [{}] };
  assert.deepEqual(messagesOf(own), ['objects[0].text is absent, a text expected']);
  assert.deepEqual(messagesOf({ ...own, objects: [{ textHex: '41'.repeat(256) }] }), [
    `objects[0].textHex is ${JSON.stringify(`${'41'.repeat(38)}4…`)}, at most 510 hex digits expected`,
  ]);
  assert.deepEqual(messagesOf({ ...own, objects: [7] }), ['objects[0] is 7, an object expected']);
  assert.deepEqual(messagesOf({ ...own, version: 1 }).slice(0, 1), [
    'version is 1, an object with major and user expected',
  ]);
  assert.deepEqual(messagesOf({ ...own, profile: 'make-b' }).slice(0, 1), [
    'profile is "make-b", no profile: standard has no type 26, expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, data: '8001', objects: [] }), [
    'objects is array of 0, either objects or data, not both, expected',
  ]);
  assert.deepEqual(messagesOf({ ...head, data: '00'.repeat(1025) }).length, 1);
  assert.deepEqual(messagesOf({ ...head, type: 3, objects: [{ ...part, analogType: 3 }] }), [
    'objects[0].value is absent, a number expected',
  ]);
});

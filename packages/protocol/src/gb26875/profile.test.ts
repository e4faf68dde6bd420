import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gbConditions } from './condition/conditions.ts';
import { decodeGbFrame } from './frame/decode-frame.ts';
import { encodeGbFrame } from './frame/encode-frame.ts';
import { isGbHeartbeat } from './frame/heartbeat.ts';
import { fromHex, toHex } from './hex.ts';
import { gbFrameFromJson } from './json/from-json.ts';
import { gbFrameToJson } from './json/to-json.ts';
import { readGbProfile, standardGbProfile, type GbProfile } from './profile.ts';
import { decodeGbUnit } from './unit/decode-unit.ts';
import { encodeGbUnit } from './unit/encode-unit.ts';

const byte = (name: string) => ({ kind: 'number', name, bytes: 1 });
const part = [
  byte('systemType'),
  byte('systemAddress'),
  byte('partType'),
  { kind: 'hex', name: 'partAddress', bytes: 4 },
];

/** Deviations as they were seen in the field, in one make: 16-byte objects, a private type, high byte first, no time. */
const make = profileOf({
  id: 'make-a',
  name: 'Make A',
  serialOrder: 'highFirst',
  versionOrder: 'userFirst',
  textPad: 'space',
  version: { major: 2, user: 0 },
  heartbeats: [
    { command: 2, form: 'data', dataHex: '16' },
    { command: 2, form: 'type', type: 21 },
  ],
  units: [
    {
      type: 2,
      fields: [
        ...part,
        { kind: 'number', name: 'status', bytes: 2, isHighFirst: true },
        { kind: 'time', name: 'at' },
        byte('reserved'),
      ],
    },
    {
      type: 0x87,
      bitsOf: 2,
      fields: [
        ...part,
        { kind: 'number', name: 'status', bytes: 2 },
        { kind: 'extraNumber', name: 'signalDbm', bytes: 1, isSigned: true },
        { kind: 'extraHex', name: 'tag', bytes: 2 },
      ],
    },
    { type: 21, fields: [byte('status')] },
  ],
  analogTypes: [{ code: 128, en: 'residual current', unit: 'mA', step: 0.5, min: 0, max: 1000 }],
});

function profileOf(value: unknown): GbProfile {
  const read = readGbProfile(value);
  assert.ok(read.kind === 'profile', JSON.stringify(read));
  return read.profile;
}

const bytes = (hex: string) => fromHex(hex.replaceAll(' ', '')) ?? assert.fail(hex);

test("a make's object size, byte order and private fields are read, written and put into JSON and back", () => {
  const data = bytes('8702 010112 03000100 0200 C4 BEEF 010112 03000200 0100 05 0000');
  const unit = decodeGbUnit(data, make);
  assert.deepEqual(unit, {
    kind: 'objects',
    type: 0x87,
    by: 'profile',
    objects: [
      {
        systemType: 1,
        systemAddress: 1,
        partType: 18,
        partAddress: '03000100',
        status: 2,
        extra: { signalDbm: -60, tag: 'beef' },
      },
      {
        systemType: 1,
        systemAddress: 1,
        partType: 18,
        partAddress: '03000200',
        status: 1,
        extra: { signalDbm: 5, tag: '0000' },
      },
    ],
  });
  assert.equal(toHex(encodeGbUnit(unit, make)), toHex(data));
  const frame = {
    serial: 258,
    version: { major: 2, user: 7 },
    source: '010203040506',
    destination: '000000000000',
    command: 2,
    unit,
  };
  const sent = encodeGbFrame(frame, make);
  assert.equal(toHex(sent.subarray(2, 6)), '01020702');
  assert.deepEqual(decodeGbFrame(sent, make), { kind: 'frame', frame });
  const json: unknown = JSON.parse(JSON.stringify(gbFrameToJson(frame, make)));
  assert.deepEqual(gbFrameFromJson(json, make), { kind: 'frame', frame });
});

test('the bits of a private type mean what the profile compares it with, and its fire is a fire', () => {
  const unit = decodeGbUnit(bytes('8701 010112 03000100 0200 C4 BEEF'), make);
  const [first] = gbConditions(unit, make);
  assert.deepEqual(first, {
    systemType: 1,
    systemAddress: 1,
    partType: 18,
    partAddress: '03000100',
    kind: 'fire',
    isActive: true,
  });
  assert.deepEqual(gbConditions(unit), []);
});

test("where the make's layout does not fit the standard's does, and what fits neither stays raw", () => {
  const own = bytes('0201 010111 03000C00 0003 09070E05031A 00');
  const standard = bytes(`0201 010111 03000C00 0300 ${'00'.repeat(31)} 09070E05031A`);
  const ownUnit = decodeGbUnit(own, make);
  const standardUnit = decodeGbUnit(standard, make);
  assert.ok(ownUnit.kind === 'objects' && standardUnit.kind === 'objects');
  assert.equal(ownUnit.by, 'profile');
  assert.equal(standardUnit.by, 'standard');
  assert.equal(ownUnit.objects[0]?.status, 3);
  assert.equal(standardUnit.objects[0]?.status, 3);
  assert.equal(toHex(encodeGbUnit(standardUnit, make)), toHex(standard));
  const neither = decodeGbUnit(own.subarray(0, -2), make);
  assert.ok(neither.kind === 'unreadable');
  assert.equal(neither.reason, 'lengthMismatch');
  assert.equal(toHex(neither.data), toHex(own.subarray(0, -2)));
});

test('a description padded with blanks needs no bytes kept beside it when the profile says so', () => {
  const data = bytes(`0701 010111 03000C00 C8FD ${'20'.repeat(29)}`);
  const unit = decodeGbUnit(data, make);
  assert.ok(unit.kind === 'objects');
  assert.equal(unit.objects[0]?.description, '三');
  assert.equal(unit.objects[0]?.descriptionHex, undefined);
  assert.equal(toHex(encodeGbUnit(unit, make)), toHex(data));
});

test('a heartbeat has the form of the profile, or is an empty upload', () => {
  const frame = (data: string, command = 2) => ({
    serial: 0,
    version: { major: 1, user: 0 },
    source: '010000000000',
    destination: '000000000000',
    command,
    unit: decodeGbUnit(bytes(data), make),
  });
  assert.equal(isGbHeartbeat(frame('')), true);
  assert.equal(isGbHeartbeat(frame('', 3)), false);
  assert.equal(isGbHeartbeat(frame('16')), false);
  assert.equal(isGbHeartbeat(frame('16'), make), true);
  assert.equal(isGbHeartbeat(frame('15 01 01'), make), true);
  assert.equal(isGbHeartbeat(frame(''), make), false);
});

test("a make's analog type has its unit and its step", () => {
  const unit = decodeGbUnit(bytes('0301 010111 03000C00 80 0900 000000000000'), make);
  const frame = {
    serial: 0,
    version: { major: 1, user: 0 },
    source: '010000000000',
    destination: '000000000000',
    command: 2,
    unit,
  };
  const [object] = gbFrameToJson(frame, make).objects ?? [];
  assert.deepEqual(object, {
    systemType: 1,
    systemAddress: 1,
    partType: 17,
    partAddress: '03000c00',
    analogType: 128,
    value: 4.5,
    unit: 'mA',
  });
  assert.equal(gbFrameToJson(frame).objects?.[0]?.['value'], 9);
});

test('a profile that is none is refused with every reason', () => {
  const read = readGbProfile({ ...make, serialOrder: 'sideways', units: [{ type: 300, fields: [] }] });
  assert.ok(read.kind === 'problems');
  assert.ok(
    read.problems.some((problem) => problem.startsWith('/serialOrder ')),
    read.problems.join('\n'),
  );
  assert.ok(
    read.problems.some((problem) => problem.startsWith('/units/0/type ')),
    read.problems.join('\n'),
  );
  assert.ok(
    read.problems.some((problem) => problem.startsWith('/units/0/fields ')),
    read.problems.join('\n'),
  );
  assert.deepEqual(
    readGbProfile({ id: 'b', name: 'B', units: [{ type: 130, fields: [byte('status'), byte('status')] }] }),
    { kind: 'problems', problems: ['/units/0/fields has the name status more than once'] },
  );
  assert.equal(readGbProfile(null).kind, 'problems');
  assert.deepEqual(readGbProfile(standardGbProfile), { kind: 'profile', profile: standardGbProfile });
});

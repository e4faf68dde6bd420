import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, defaultClassification } from '@fengsui/alarm';
import { fromHex } from '../hex.ts';
import { standardGbProfile } from '../profile.ts';
import { decodeGbUnit } from '../unit/decode-unit.ts';
import { gbClassification, gbConditionKinds } from './condition-kinds.ts';
import { gbConditions } from './conditions.ts';
import { gbResets } from './resets.ts';

const unitOf = (hex: string) => decodeGbUnit(fromHex(hex.replaceAll(' ', '')) ?? assert.fail(hex));
const activeOf = (hex: string) =>
  gbConditions(unitOf(hex))
    .filter((condition) => condition.isActive)
    .map((condition) => condition.kind);
const kindsOf = (hex: string) => gbConditions(unitOf(hex)).map((condition) => condition.kind);

const time = '09070E05031A';
const at = Date.parse('2026-03-05T14:07:09+08:00');
const system = (status: string) => `0101 0105 ${status} ${time}`;
const part = (status: string) => `0201 010111 03000C00 ${status} ${'00'.repeat(31)} ${time}`;
const device = (status: string) => `1501 ${status} ${time}`;

test('each bit of the three status words is the condition of its figure', () => {
  // Figures 6, 7 and 13; low byte first.
  assert.deepEqual(activeOf(system('0100')), []);
  assert.deepEqual(activeOf(system('0200')), ['fire']);
  assert.deepEqual(activeOf(system('0400')), ['fault']);
  assert.deepEqual(activeOf(system('0800')), ['shielded']);
  assert.deepEqual(activeOf(system('1000')), ['supervisory']);
  assert.deepEqual(activeOf(system('E000')), []);
  assert.deepEqual(activeOf(system('0001')), ['mainsFault']);
  assert.deepEqual(activeOf(system('0002')), ['backupFault']);
  assert.deepEqual(activeOf(system('0004')), ['busFault']);
  assert.deepEqual(activeOf(system('00F8')), []);
  assert.deepEqual(activeOf(part('0300')), ['fire']);
  assert.deepEqual(activeOf(part('1C01')), ['fault', 'shielded', 'supervisory', 'powerFault']);
  assert.deepEqual(activeOf(part('00FE')), []);
  assert.deepEqual(activeOf(device('7F')), ['fire', 'fault', 'mainsFault', 'backupFault', 'channelFault', 'lineFault']);
  assert.deepEqual(activeOf(device('81')), []);
});

test('what a status word does not set is told as inactive, so that it clears', () => {
  assert.deepEqual(kindsOf(part('0100')), ['fire', 'fault', 'shielded', 'supervisory', 'powerFault']);
  assert.deepEqual(gbConditions(unitOf(device('04'))), [
    { kind: 'fire', isActive: false, at },
    { kind: 'fault', isActive: true, at },
    { kind: 'mainsFault', isActive: false, at },
    { kind: 'backupFault', isActive: false, at },
    { kind: 'channelFault', isActive: false, at },
    { kind: 'lineFault', isActive: false, at },
  ]);
});

test('a condition carries the place and the time of its object', () => {
  const [fire] = gbConditions(unitOf(part('0300')));
  assert.deepEqual(fire, {
    systemType: 1,
    systemAddress: 1,
    partType: 17,
    partAddress: '03000c00',
    kind: 'fire',
    isActive: true,
    at,
  });
  const [undated] = gbConditions(unitOf('0101 0105 0300 000000000000'));
  assert.deepEqual(undated, { systemType: 1, systemAddress: 5, kind: 'fire', isActive: true });
});

test('a fire of the last object stands before the states of the first', () => {
  const unit = unitOf(`0102 0105 0400 ${time} 0106 0200 ${time}`);
  const [first] = gbConditions(unit);
  assert.equal(first?.kind, 'fire');
  assert.equal(first.systemAddress, 6);
});

test('a fire with bit 0 clear is a fire; a test only where the profile trusts the bit', () => {
  const unit = unitOf(system('0200'));
  assert.equal(gbConditions(unit)[0]?.isTest, undefined);
  assert.equal(gbConditions(unit, { ...standardGbProfile, isTestBitReliable: true })[0]?.isTest, true);
  const running = unitOf(system('0300'));
  assert.equal(gbConditions(running, { ...standardGbProfile, isTestBitReliable: true })[0]?.isTest, undefined);
});

test('a manual alarm of an operation record is active and never told as inactive', () => {
  assert.deepEqual(gbConditions(unitOf(`0401 0105 04 07 ${time}`)), [
    { systemType: 1, systemAddress: 5, kind: 'manualAlarm', isActive: true, at },
  ]);
  assert.deepEqual(gbConditions(unitOf(`0401 0105 02 07 ${time}`)), []);
  assert.deepEqual(gbConditions(unitOf(`1801 04 07 ${time}`)), [{ kind: 'manualAlarm', isActive: true, at }]);
  assert.deepEqual(gbConditions(unitOf(`1801 20 07 ${time}`)), []);
});

test('resets come from bit 13 of a system and from operation records', () => {
  const place = { systemType: 1, systemAddress: 5, at };
  assert.deepEqual(gbResets(unitOf(system('0120'))), [{ ...place, of: 'everything' }]);
  assert.deepEqual(gbResets(unitOf(system('0100'))), []);
  assert.deepEqual(gbResets(unitOf(`0401 0105 01 07 ${time}`)), [{ ...place, of: 'everything' }]);
  assert.deepEqual(gbResets(unitOf(`0401 0105 08 07 ${time}`)), [{ ...place, of: 'alarms' }]);
  assert.deepEqual(gbResets(unitOf(`1801 01 07 ${time}`)), [{ at, of: 'everything' }]);
  // Bit 13 is reserved in the status word of a component.
  assert.deepEqual(gbResets(unitOf(part('0020'))), []);
});

test('units without status tell nothing', () => {
  assert.deepEqual(gbConditions(unitOf('')), []);
  assert.deepEqual(gbConditions(unitOf('80010203')), []);
  assert.deepEqual(gbConditions(unitOf('0501010101 00')), []);
});

test('every kind has a classification, and fire and manual alarm are fires of the first priority', () => {
  const table = { ...defaultClassification, ...gbClassification };
  for (const kind of gbConditionKinds) {
    const { classification, unmapped } = classify(kind, 'alarm', table);
    assert.equal(unmapped, undefined);
    const isFire = kind === 'fire' || kind === 'manualAlarm';
    assert.equal(classification.category === 'fire', isFire, kind);
    assert.equal(classification.priority === 'P1', isFire, kind);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gbAddressText, gbPartAddressParts } from './address.ts';
import { gbAnalogTypes } from './analog-types.ts';
import { gbDeviceStatusBits, gbFacilityOperationBits, gbPartStatusBits, gbSystemStatusBits } from './bits.ts';
import { gbPartTypeWord, gbSystemTypeWord } from './code-word.ts';
import { gbCommandRange } from './commands.ts';
import { gbPartTypes } from './part-types.ts';
import { gbSystemTypes } from './system-types.ts';

test('every code and every bit is named once, in Chinese and in English', () => {
  for (const table of [gbSystemTypes, gbPartTypes, gbAnalogTypes]) {
    assert.equal(new Set(table.map((row) => row.code)).size, table.length);
    for (const row of table) assert.ok(row.zh !== '' && row.en !== '' && row.code >= 0 && row.code <= 127);
  }
  for (const bits of [gbSystemStatusBits, gbPartStatusBits, gbDeviceStatusBits, gbFacilityOperationBits]) {
    assert.equal(new Set(bits.map((row) => row.bit)).size, bits.length);
    assert.equal(new Set(bits.map((row) => row.name)).size, bits.length);
  }
});

test('the tables have as many codes as the standard', () => {
  // Tables 4, 5 and 6, counted apart from the code.
  assert.equal(gbSystemTypes.length, 2 + 15);
  assert.equal(
    gbPartTypes.length,
    2 + 4 + 3 + 5 + 4 + 4 + 2 + 3 + 4 + 3 + 1 + 2 + 8 + 2 + 5 + 1 + 3 + 2 + 2 + 3 + 2 + 1,
  );
  assert.equal(gbAnalogTypes.length, 13);
});

test('a code no table names has its range, and the name a profile gives it', () => {
  assert.deepEqual(gbSystemTypeWord(23), { code: 23, zh: '消防电源', en: 'fire power supply' });
  assert.deepEqual(gbSystemTypeWord(25), { code: 25, range: 'reserved' });
  assert.deepEqual(gbPartTypeWord(200), { code: 200, range: 'userDefined' });
  const arc = { code: 130, zh: '故障电弧探测器', en: 'arc-fault detector' };
  assert.deepEqual(gbPartTypeWord(130, { id: 'a', name: 'A', partTypes: [arc] }), arc);
  assert.deepEqual([0, 1, 6, 7, 127, 128, 255].map(gbCommandRange), [
    'reserved',
    undefined,
    undefined,
    'reserved',
    'reserved',
    'userDefined',
    'userDefined',
  ]);
});

test('an address reads as a number, as digits or as address and port', () => {
  assert.equal(gbAddressText('4d3c2b1a0000'), String(0x1a2b3c4d));
  assert.equal(gbAddressText('ffffffffffff'), '281474976710655');
  assert.equal(gbAddressText('000000012345', 'digits'), '000000012345');
  assert.equal(gbAddressText('c0a801325014', 'ipv4Port'), '192.168.1.50:5200');
  assert.equal(gbAddressText('nonsense'), 'nonsense');
});

test('a component address is zone and point, a number, or nothing more than itself', () => {
  assert.deepEqual(gbPartAddressParts('0a000200'), { zone: 10, point: 2 });
  assert.deepEqual(gbPartAddressParts('0a000200', 'number'), { number: 0x0002000a });
  assert.equal(gbPartAddressParts('0a000200', 'opaque'), undefined);
});

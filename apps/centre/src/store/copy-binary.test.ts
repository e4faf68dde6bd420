import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCopyBinary } from './copy-binary.ts';
import { isStoreError } from './store-error.ts';
import type { CopyType, CopyValue } from './store.ts';

/**
 * Written by PostgreSQL 15.18: psql -c "COPY (SELECT …) TO STDOUT (FORMAT binary)", as hex, without the 19 bytes of
 * the header. postgres-store.test.ts compares with the server that runs the tests.
 */
const GOLDEN: readonly {
  readonly select: string;
  readonly types: readonly CopyType[];
  readonly row: readonly CopyValue[];
  readonly hex: string;
}[] = [
  {
    select: `'a烽'::text, ''::text, NULL::text`,
    types: ['text', 'text', 'text'],
    row: ['a烽', '', null],
    hex: '00030000000461e783bd00000000ffffffffffff',
  },
  {
    select: '(-32768)::int2, 2147483647::int4, (-2147483648)::int4, ±9007199254740991::int8, (-1)::int8',
    types: ['int2', 'int4', 'int4', 'int8', 'int8', 'int8'],
    row: [-32768, 2147483647, -2147483648, 9007199254740991, -9007199254740991, -1],
    hex:
      '0006000000028000000000047fffffff000000048000000000000008001fffffffffffff' +
      '00000008ffe000000000000100000008ffffffffffffffffffff',
  },
  {
    select: `1.5::float8, '-0'::float8, 'NaN'::float8, '-Infinity'::float8`,
    types: ['float8', 'float8', 'float8', 'float8'],
    row: [1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY],
    hex: '0004000000083ff8000000000000000000088000000000000000000000087ff800000000000000000008fff0000000000000ffff',
  },
  { select: 'true, false', types: ['bool', 'bool'], row: [true, false], hex: '000200000001010000000100ffff' },
  {
    select: `'\\x00ff'::bytea, ''::bytea`,
    types: ['bytea', 'bytea'],
    row: [Uint8Array.of(0, 255), new Uint8Array(0)],
    hex: '00020000000200ff00000000ffff',
  },
  {
    select: `'{"a": [1, null]}'::jsonb`,
    types: ['jsonb'],
    row: ['{"a": [1, null]}'],
    hex: '000100000011017b2261223a205b312c206e756c6c5d7dffff',
  },
  {
    select: `ARRAY[1.5, NULL]::float8[], '{}'::float8[], ARRAY[2]::float8[]`,
    types: ['float8[]', 'float8[]', 'float8[]'],
    row: [[1.5, null], [], Float64Array.of(2)],
    hex:
      '0003000000240000000100000001000002bd0000000200000001000000083ff8000000000000ffffffff' +
      '0000000c0000000000000000000002bd000000200000000100000000000002bd0000000100000001000000084000000000000000ffff',
  },
  {
    select: `ARRAY[1, NULL, -2]::int4[], '{}'::int4[]`,
    types: ['int4[]', 'int4[]'],
    row: [[1, null, -2], []],
    hex:
      '000200000028000000010000000100000017000000030000000100000004' +
      '00000001ffffffff00000004fffffffe0000000c000000000000000000000017ffff',
  },
  {
    select: `ARRAY['a', '']::text[], '{}'::text[]`,
    types: ['text[]', 'text[]'],
    row: [['a', ''], []],
    hex: '00020000001d00000001000000000000001900000002000000010000000161000000000000000c000000000000000000000019ffff',
  },
];
const HEADER_HEX = '5047434f50590aff0d0a000000000000000000';

const columnsOf = (types: readonly CopyType[]): (readonly [string, CopyType])[] =>
  types.map((type, index) => [`c${index}`, type]);
const encode = (types: readonly CopyType[], rows: readonly (readonly CopyValue[])[]): Uint8Array =>
  encodeCopyBinary({ kind: 'copy', table: 't', columns: columnsOf(types), rows });
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

for (const { select, types, row, hex } of GOLDEN) {
  test(`the bytes of ${select} are those that PostgreSQL writes`, () => {
    assert.equal(hexOf(encode(types, [row])), HEADER_HEX + hex);
  });
}

test('no rows are header and trailer', () => {
  assert.equal(hexOf(encode(['int4'], [])), `${HEADER_HEX}ffff`);
});

test('every row is whole when the buffer had to grow many times', () => {
  const long = '烽'.repeat(50_000);
  const rows = Array.from({ length: 40 }, (_, i): CopyValue[] => [i, long, Array.from({ length: 3000 }, () => 0.5)]);
  const bytes = Buffer.from(encode(['int4', 'text', 'float8[]'], rows));
  const rowBytes = 2 + 8 + (4 + 150_000) + (4 + 20 + 12 * 3000);
  assert.equal(bytes.length, 19 + 40 * rowBytes + 2);
  for (let i = 0; i < 40; i++) assert.equal(bytes.readInt32BE(19 + i * rowBytes + 6), i);
});

const REFUSED: readonly { readonly type: CopyType; readonly value: unknown; readonly says: RegExp }[] = [
  { type: 'int2', value: 32768, says: /integer of 16 bits, got number 32768/ },
  { type: 'int4', value: 1.5, says: /integer of 32 bits, got number 1.5/ },
  { type: 'int4', value: Number.NaN, says: /got number NaN/ },
  { type: 'int8', value: 2 ** 53, says: /±\(2\^53-1\), got number 9007199254740992/ },
  { type: 'int8', value: 1n, says: /got bigint 1/ },
  { type: 'float8', value: '1', says: /a number, got "1"/ },
  { type: 'text', value: 'a\0', says: /NUL character at position 1/ },
  { type: 'text', value: 7, says: /got number 7/ },
  { type: 'bool', value: 1, says: /a boolean/ },
  { type: 'bytea', value: [1], says: /a Uint8Array/ },
  { type: 'jsonb', value: { a: 1 }, says: /JSON as a string without U\+0000, got Object/ },
  { type: 'int4[]', value: [1, 1.5], says: /integers of 32 bits and nulls, got an array with number 1.5/ },
  { type: 'float8[]', value: [1, '2'], says: /array of numbers and nulls, got an array with "2"/ },
  { type: 'float8[]', value: [1, undefined], says: /an array with undefined/ },
  { type: 'float8[]', value: Float32Array.of(1), says: /got Float32Array/ },
  { type: 'text[]', value: ['a', null], says: /an array with null/ },
  { type: 'text[]', value: ['a\0'], says: /without U\+0000/ },
  { type: 'text', value: undefined, says: /got undefined/ },
];

for (const { type, value, says } of REFUSED) {
  test(`${type} refuses what is not its own, with row and column: ${says.source}`, () => {
    const place = /copy into t, row 1, column c0/;
    assert.throws(
      () => encode([type], [[null], [value as CopyValue]]),
      (error: unknown) => isStoreError(error, 'input') && place.test(error.message) && says.test(error.message),
    );
  });
}

test('a row of another length than the columns is refused', () => {
  assert.throws(() => encode(['int4', 'int4'], [[1]]), /row 0: 1 values for 2 columns/);
});

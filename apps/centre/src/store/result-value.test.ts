import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parserOf } from './result-value.ts';

const TEXT_ARRAY = 1009;
const FLOAT8_ARRAY = 1022;
const INT8 = 20;

test('array text is read as the manual writes it: quotes, escapes, NULL, nesting, lower bounds', () => {
  const read = parserOf(TEXT_ARRAY);
  assert.deepStrictEqual(read('{}'), []);
  assert.deepStrictEqual(read('{a,"b,c","d\\"e\\\\f",NULL,"NULL",""}'), ['a', 'b,c', 'd"e\\f', null, 'NULL', '']);
  assert.deepStrictEqual(read('{{a,b},{c,NULL}}'), [
    ['a', 'b'],
    ['c', null],
  ]);
  assert.deepStrictEqual(read('[0:1]={a,b}'), ['a', 'b']);
});

test('number arrays are read the same: empty, with NULL and NaN, nested, with lower bounds', () => {
  const read = parserOf(FLOAT8_ARRAY);
  assert.deepStrictEqual(read('{}'), []);
  assert.deepStrictEqual(read('{1.5,NaN,-Infinity,NULL,-0}'), [1.5, Number.NaN, -Infinity, null, -0]);
  assert.deepStrictEqual(read('{{1,2},{NULL,4}}'), [
    [1, 2],
    [null, 4],
  ]);
  assert.deepStrictEqual(read('[0:1]={1,2}'), [1, 2]);
});

test('an int8 is a number up to 2^53-1 and an error beyond, both signs', () => {
  const read = parserOf(INT8);
  assert.equal(read('-9007199254740991'), -9007199254740991);
  assert.throws(() => read('9007199254740992'), { code: 'range' });
  assert.throws(() => read('-9223372036854775808'), { code: 'range' });
});

test('a type without a parser keeps its text', () => {
  assert.equal(parserOf(1184)('1970-01-01 00:00:00+00'), '1970-01-01 00:00:00+00');
});

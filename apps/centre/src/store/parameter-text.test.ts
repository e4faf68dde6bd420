import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterText, parameterTexts } from './parameter-text.ts';
import { isStoreError } from './store-error.ts';
import type { SqlValue } from './store.ts';

/** Text forms as the PostgreSQL manual gives them: 8.15.6 (arrays), 8.4.1 (bytea hex), 8.1.3 (NaN, Infinity). */
const FORMS: readonly (readonly [SqlValue, string | null])[] = [
  [null, null],
  ['a"b\\', 'a"b\\'],
  [1.5, '1.5'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [1e21, '1e+21'],
  [true, 'true'],
  [Uint8Array.of(0, 171), '\\x00ab'],
  [[], '{}'],
  [[1, null, -0], '{1,NULL,-0}'],
  [['a', 'NULL', 'b"c\\', '{,}'], '{"a","NULL","b\\"c\\\\","{,}"}'],
];

test('each kind of value has the text form of the manual', () => {
  assert.deepStrictEqual(
    FORMS.map(([value]) => parameterText(value, 'here')),
    FORMS.map(([, text]) => text),
  );
});

test('bytes are taken from the view, not from the whole buffer under it', () => {
  assert.equal(parameterText(Uint8Array.of(1, 2, 3, 4).subarray(1, 3), 'here'), '\\x0203');
});

test('a value of another kind is refused with statement and number', () => {
  const foreign: readonly unknown[] = [undefined, 1n, new Date(0), Float64Array.of(1), [undefined], [{}]];
  for (const value of foreign) {
    assert.throws(
      () => parameterTexts([1, value as SqlValue], 'SELECT $2'),
      (error: unknown) => isStoreError(error, 'input') && error.message.startsWith('SELECT $2, parameter $2: '),
    );
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inspectJson, parseJsonObject } from './json-object.ts';
import { encodeUtf8 } from './utf8.ts';

const reasonOf = (bytes: Uint8Array) => {
  const parsed = parseJsonObject(bytes);
  return parsed.kind === 'discarded' ? parsed.reason : parsed.kind;
};

test('payloads that are no JSON object are discarded with their reason', () => {
  const rows: [string | Uint8Array, string][] = [
    ['', 'empty'],
    ['hello', 'notJson'],
    ['{"a":NaN}', 'notJson'],
    ['{"a":1', 'notJson'],
    ["{'a':1}", 'notJson'],
    ['[1]', 'notObject'],
    ['null', 'notObject'],
    ['3', 'notObject'],
    ['['.repeat(200_000), 'notJson'],
    [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 'notUtf8'],
    [Uint8Array.of(0xed, 0xa0, 0x80), 'notUtf8'],
    [new Uint8Array(256 * 1024 + 1).fill(0x20), 'tooLarge'],
  ];
  for (const [payload, reason] of rows) {
    assert.equal(reasonOf(typeof payload === 'string' ? encodeUtf8(payload) : payload), reason);
  }
});

test('white space and a byte order mark before the object are allowed', () => {
  assert.equal(reasonOf(encodeUtf8('\uFEFF{"a":1}')), 'object');
  assert.equal(reasonOf(encodeUtf8(' \r\n\t{"a":1}\n')), 'object');
});

test('the detail of a discarded payload holds no control character', () => {
  const parsed = parseJsonObject(Uint8Array.of(0x00, 0x1b, 0x5b, 0x41));
  assert.equal(parsed.kind, 'discarded');
  if (parsed.kind === 'discarded') assert.doesNotMatch(parsed.detail, /[\u0000-\u001f\u007f-\u009f]/);
});

test('a key written twice is noticed at any depth, colons in strings are not keys', () => {
  const hasDuplicate = (text: string) => {
    const parsed = parseJsonObject(encodeUtf8(text));
    return parsed.kind === 'object' && parsed.hasDuplicateKeys;
  };
  assert.ok(hasDuplicate('{"a":1,"a":2}'));
  assert.ok(hasDuplicate('{"a":[{"b":{"c":1,"c":1}}]}'));
  assert.ok(hasDuplicate('{"a":1,"\\u0061":2}'));
  assert.ok(!hasDuplicate('{"a":":","b:":"\\":\\\\","c":["x:y"]}'));
});

test('what JSON.stringify wrote never has duplicate keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
      const parsed = parseJsonObject(encodeUtf8(JSON.stringify(object)));
      assert.equal(parsed.kind === 'object' && !parsed.hasDuplicateKeys, true);
    }),
  );
});

test('__proto__ is a key like any other and changes no prototype', () => {
  const parsed = parseJsonObject(encodeUtf8('{"__proto__":{"polluted":1}}'));
  assert.ok(parsed.kind === 'object');
  assert.deepEqual(Object.keys(parsed.object), ['__proto__']);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('inspection counts members and depth and finds text that a database cannot store', () => {
  assert.deepEqual(inspectJson({ a: 1, b: [{ c: 'x' }] }), { members: 3, depth: 3, isStorable: true });
  assert.deepEqual(inspectJson(5), { members: 0, depth: 0, isStorable: true });
  assert.equal(inspectJson({ a: ['x\u0000'] }).isStorable, false);
  assert.equal(inspectJson({ 'k\u0000': 1 }).isStorable, false);
  assert.equal(inspectJson(['\ud800']).isStorable, false);
});

test('nesting of 100,000 levels is measured, not recursed into', () => {
  const parsed = parseJsonObject(encodeUtf8(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`));
  assert.ok(parsed.kind === 'object');
  assert.equal(inspectJson(parsed.object).depth, 100_001);
});

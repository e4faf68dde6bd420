import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { crc32 } from './crc32.ts';
import { encodeUtf8 } from './utf8.ts';

test('the check value of the standard is met', () => {
  assert.equal(crc32(encodeUtf8('123456789')).toString(16), 'cbf43926');
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test('any bytes give what zlib gives', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => assert.equal(crc32(bytes), zlibCrc32(bytes))));
});

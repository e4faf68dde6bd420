import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256Hex } from './sha256.ts';

const oracle = (text: string) => createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex');

test('the hash is that of node:crypto for every length around the block borders', () => {
  for (let length = 0; length <= 130; length++) {
    const text = 'x'.repeat(length);
    assert.equal(sha256Hex(text), oracle(text), `length ${length}`);
  }
});

test('the hash is that of node:crypto for any text, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => assert.equal(sha256Hex(text), oracle(text))),
    { numRuns: 500 },
  );
  assert.equal(sha256Hex('\ud800'), oracle('\ud800'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from './partition.ts';

// The first three: test vectors of the hash's authors (isthe.com/chongo/tech/comp/fnv), their lowest byte. The others
// were computed by another program.
for (const [venueId, partition] of [
  ['', 0xc5],
  ['a', 0x2c],
  ['foobar', 0x68],
  ['venue-0001', 96],
  ['场所一', 19],
  ['V1-楼', 82],
] as const) {
  test(`the venue "${venueId}" is of partition ${partition}, for ever`, () => {
    assert.equal(partitionOf(venueId), partition);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../hex.ts';
import { readdressGbFrame } from './readdress-frame.ts';

/** A confirm of docs/reference/gb26875.md: serial 2, checksum by hand. */
const CONFIRM = '4040020101010a070e05031a0100000000004d3c2b1a0000000003182323';
const confirm = fromHex(CONFIRM, CONFIRM.length / 2) ?? new Uint8Array();

test('a frame under its own serial and addresses is the same, byte for byte', () => {
  assert.equal(toHex(readdressGbFrame(confirm, {})), CONFIRM);
});

test('another serial and source change their bytes and the checksum by the difference, nothing else', () => {
  const again = readdressGbFrame(confirm, { serial: 0x0304, source: 'aa0000000000' });
  // Serial 0x0102 → 0x0304: + 2 + 2; source 01 → aa: + 0xa9; 0x18 + 4 + 0xa9 = 0xc5.
  const expected = CONFIRM.replace('40400201', '40400403')
    .replace('01000000000', 'aa000000000')
    .replace('182323', 'c52323');
  assert.equal(toHex(again), expected);
  assert.equal(toHex(confirm), CONFIRM, 'the given frame stays');
});

test('an address that is none is refused with its name', () => {
  assert.throws(
    () => readdressGbFrame(confirm, { destination: 'xyz' }),
    /destination is "xyz", 12 hex digits expected/,
  );
});

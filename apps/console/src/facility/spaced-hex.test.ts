import assert from 'node:assert/strict';
import test from 'node:test';
import { payloadText, spacedHex } from './spaced-hex.ts';

const base64 = (bytes: readonly number[]): string => btoa(String.fromCharCode(...bytes));

test('text is shown as text, Chinese too, and anything else as bytes', () => {
  assert.equal(payloadText(base64([...new TextEncoder().encode('{"名":1}\n')])), '{"名":1}\n');
  assert.equal(payloadText(base64([0x40, 0x40, 0x02, 0x00])), '40 40 02 00');
  assert.equal(payloadText(base64([0xff, 0xfe])), 'ff fe');
  assert.equal(payloadText(''), '');
});

test('a dump is read in pairs', () => {
  assert.equal(spacedHex('4040ff'), '40 40 ff');
});

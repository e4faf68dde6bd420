import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSigned, readTimestamp } from './signature.ts';

/** By `printf '%s' '1795222800.{"a":1}' | openssl dgst -sha256 -hmac s3cret`. */
const SIGNATURE = '762f8b85cc2e5a9a968ac25023100d78b00809236de6d3d3407aa9975ad726bf';
const body = Buffer.from('{"a":1}');

test('the signature of another implementation is accepted, in either case of its digits', () => {
  assert.equal(isSigned('s3cret', '1795222800', body, `sha256=${SIGNATURE}`), true);
  assert.equal(isSigned('s3cret', '1795222800', body, `sha256=${SIGNATURE.toUpperCase()}`), true);
});

test('another body, time, secret or form of signature is not', () => {
  assert.equal(isSigned('s3cret', '1795222800', Buffer.from('{"a":2}'), `sha256=${SIGNATURE}`), false);
  assert.equal(isSigned('s3cret', '1795222801', body, `sha256=${SIGNATURE}`), false);
  assert.equal(isSigned('secret', '1795222800', body, `sha256=${SIGNATURE}`), false);
  for (const given of ['', SIGNATURE, `sha256=${SIGNATURE}0`, `sha256=${SIGNATURE.slice(2)}`, `sha1=${SIGNATURE}`])
    assert.equal(isSigned('s3cret', '1795222800', body, given), false, given);
});

test('a timestamp is whole seconds in digits', () => {
  assert.equal(readTimestamp('1795222800'), 1_795_222_800_000);
  for (const text of ['', '-1', '1.5', '1e9', ' 1795222800', '1795222800000', '2026-11-21'])
    assert.equal(readTimestamp(text), undefined, text);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTime, encodeTime } from './time.ts';
import { encodeUtf8 } from './utf8.ts';

test('the centre tells its clock in epoch ms', () => {
  assert.equal(new TextDecoder().decode(encodeTime(1763718000123)), '{"at":1763718000123}');
  assert.deepEqual(decodeTime(encodeTime(1763718000123)), { kind: 'time', at: 1763718000123 });
});

test('a time that is no number is discarded', () => {
  for (const payload of ['{}', '{"at":"now"}', '{"at":1e999}', 'x', '']) {
    assert.equal(decodeTime(encodeUtf8(payload)).kind, 'discarded', payload);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentFrames } from './recent-frames.ts';

test('of each device the newest twenty frames are kept, the newest first', () => {
  const recent = new RecentFrames();
  for (let i = 0; i < 25; i++) recent.note('U1', i, Uint8Array.of(i));
  assert.deepEqual(
    recent.of('U1').map(({ receivedAt, bytes }) => [receivedAt, bytes[0]]),
    Array.from({ length: 20 }, (_, i) => [24 - i, 24 - i]),
  );
  assert.deepEqual(recent.of('U2'), []);
});

test('of two thousand devices, and no more; those heard longest ago make room', () => {
  const recent = new RecentFrames();
  for (let i = 0; i < 2_000; i++) recent.note(`U${i}`, i, Uint8Array.of(1));
  recent.note('U0', 3_000, Uint8Array.of(2));
  recent.note('new', 3_001, Uint8Array.of(3));
  assert.equal(recent.of('U1').length, 0);
  assert.equal(recent.of('U0').length, 2);
  assert.equal(recent.of('new').length, 1);
});

test('a buffer that is written over later does not change what was kept', () => {
  const recent = new RecentFrames();
  const buffer = Uint8Array.of(1, 2);
  recent.note('U1', 0, buffer);
  buffer.fill(9);
  assert.deepEqual([...(recent.of('U1')[0]?.bytes ?? [])], [1, 2]);
});

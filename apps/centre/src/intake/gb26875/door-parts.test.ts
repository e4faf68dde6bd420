import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressListOf, isLoopbackAddress, plainAddress, splitAddresses } from './address-list.ts';
import { Strangers } from './strangers.ts';
import { TakeOvers } from './take-overs.ts';
import { TokenBucket } from './token-bucket.ts';

test('an address list knows addresses and networks of both kinds, and an IPv4 peer on an IPv6 socket', () => {
  const list = addressListOf(splitAddresses('10.1.0.0/16, 192.0.2.7;2001:db8::/32'));
  const cases: readonly (readonly [string, boolean])[] = [
    ['10.1.255.255', true],
    ['10.2.0.0', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:10.1.0.9', true],
    ['2001:db8:1::1', true],
    ['2001:db9::1', false],
    ['nonsense', false],
  ];
  for (const [address, allowed] of cases) assert.equal(list.allows(address), allowed, address);
  assert.equal(plainAddress('::FFFF:127.0.0.1'), '127.0.0.1');
  assert.ok(isLoopbackAddress('127.9.9.9') && isLoopbackAddress('::1') && !isLoopbackAddress('128.0.0.1'));
});

test('an entry that is no address is refused with its text', () => {
  for (const entry of ['10.0.0', '10.0.0.0/33', 'host.example', '10.0.0.0/-1', '2001:db8::/129', '10.0.0.0/x']) {
    assert.throws(
      () => addressListOf([entry]),
      new RegExp(`"${entry.replaceAll('.', '\\.')}": expected an IP address`),
    );
  }
});

test('a device that comes back is no clash; one that goes back and forth, or flaps while it speaks, is', () => {
  const once = new TakeOvers();
  assert.equal(once.note('10.0.0.1', '10.0.0.2', 1_000, 2_000), false);
  assert.equal(once.note('10.0.0.2', '10.0.0.1', 3_000, 4_000), true);
  const flapping = new TakeOvers();
  const verdicts = [1, 2, 3, 4].map((n) => flapping.note('10.0.0.1', '10.0.0.1', n * 1_000, n * 1_000 + 1));
  assert.deepEqual(verdicts, [false, false, false, true]);
  const slow = new TakeOvers();
  for (let n = 1; n <= 9; n++) assert.equal(slow.note('10.0.0.1', '10.0.0.1', n * 200_000, n * 200_000 + 1), false);
  const dead = new TakeOvers();
  for (let n = 1; n <= 9; n++) assert.equal(dead.note('a', 'b', 0, n * 61_000), false);
});

test('a bucket lets a burst pass, then so many a second', () => {
  const bucket = new TokenBucket(100, 10, 0);
  assert.equal(bucket.take(100, 0), 0);
  assert.equal(bucket.take(10, 0), 1_000);
  assert.equal(bucket.take(0, 1_000), 0);
  assert.equal(bucket.take(100, 100_000), 0);
  assert.equal(bucket.take(1, 100_000), 100);
});

test('a stranger is told at once, then once a minute with how many came, and all together ten times a minute', () => {
  const strangers = new Strangers();
  assert.equal(strangers.note('x', 0), 1);
  for (let now = 1; now <= 500; now++) assert.equal(strangers.note('x', now), undefined);
  assert.equal(strangers.note('x', 60_000), 501);
  const told = Array.from({ length: 5_000 }, (_, n) => strangers.note(`s${n}`, 61_000)).filter((n) => n !== undefined);
  assert.equal(told.length, 9);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallerRate, networkOf } from './caller-rate.ts';

const settings = { readsPerMinute: 60, writesPerMinute: 30, exportsPerMinute: 2, strangersPerMinute: 0 };

function counted(kept?: number) {
  const time = { ms: 0 };
  return { time, rate: new CallerRate(settings, () => time.ms, kept) };
}

test('a minute of requests may come at once; then one comes as often as they fill up', () => {
  const { rate, time } = counted();
  for (let n = 0; n < 60; n++) assert.equal(rate.retryAfterS('read', 'zhou'), undefined);
  assert.equal(rate.retryAfterS('read', 'zhou'), 1);
  time.ms = 999;
  assert.equal(rate.retryAfterS('read', 'zhou'), 1);
  time.ms = 1_000;
  assert.equal(rate.retryAfterS('read', 'zhou'), undefined);
  assert.equal(rate.retryAfterS('read', 'zhou'), 1);
  assert.equal(rate.refused.get('read'), 3);
});

test('what is refused puts nothing off: who goes on asking is let in at the same time', () => {
  const { rate, time } = counted();
  for (let n = 0; n < 2; n++) rate.retryAfterS('export', 'zhou');
  for (; time.ms < 29_950; time.ms += 100) assert.notEqual(rate.retryAfterS('export', 'zhou'), undefined, `${time.ms}`);
  time.ms = 30_001;
  assert.equal(rate.retryAfterS('export', 'zhou'), undefined);
});

test('what is saved up is a minute at most', () => {
  const { rate, time } = counted();
  rate.retryAfterS('export', 'zhou');
  time.ms = 3_600_000;
  for (let n = 0; n < 2; n++) assert.equal(rate.retryAfterS('export', 'zhou'), undefined);
  assert.equal(rate.retryAfterS('export', 'zhou'), 30);
});

test('callers and kinds do not hurt each other', () => {
  const { rate } = counted();
  for (let n = 0; n < 100; n++) rate.retryAfterS('read', 'script');
  assert.equal(rate.retryAfterS('write', 'script'), undefined);
  assert.equal(rate.retryAfterS('read', 'zhou'), undefined);
});

test('0 is no limit', () => {
  const { rate } = counted();
  for (let n = 0; n < 10_000; n++) assert.equal(rate.retryAfterS('stranger', '192.0.2.1'), undefined);
});

test('of more callers than are kept, the one who asked longest ago is forgotten', () => {
  const { rate } = counted(2);
  const isRefused = (who: string): boolean => rate.retryAfterS('export', who) !== undefined;
  for (const who of ['a', 'a', 'b', 'b', 'a']) isRefused(who);
  assert.equal(isRefused('b'), true);
  // Takes the place of a, who asked before b.
  isRefused('c');
  assert.equal(isRefused('b'), true);
  assert.equal(isRefused('a'), false);
});

test('an address of IPv6 counts as its network of 64 bits, one of IPv4 as itself', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('::ffff:192.0.2.7'), '::ffff:192.0.2.7');
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.equal(networkOf('2001:db8:1:2::6'), '2001:db8:1:2::/64');
  assert.equal(networkOf('2001:db8::6'), '2001:db8:0:0::/64');
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
});

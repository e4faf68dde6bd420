import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MALFORMED_PER_MINUTE, MalformedRate } from './malformed-rate.ts';

const T0 = 1_763_700_000_000;

test('up to 20 unreadable messages a minute are read at full speed, what follows is slowed', () => {
  assert.equal(MALFORMED_PER_MINUTE, 20);
  const rate = new MalformedRate();
  for (let i = 0; i < 20; i++) assert.deepEqual(rate.admit('D1', true, T0 + i), { holdMs: 0, close: false });
  const slowed = rate.admit('D1', true, T0 + 20);
  assert.ok(slowed.holdMs > 0);
  assert.equal(slowed.close, false);
  assert.equal(rate.admit('D1', false, T0 + 21).holdMs, 0, 'what can be read is not held back');
  assert.equal(rate.admit('D2', true, T0 + 21).holdMs, 0, 'nor is a neighbour');
});

test('above 1,000 a minute with nothing valid among them the connection is closed', () => {
  const rate = new MalformedRate();
  for (let i = 0; i < 1_000; i++) assert.equal(rate.admit('D1', true, T0 + i).close, false);
  assert.equal(rate.admit('D1', true, T0 + 1_000).close, true);
});

test('one valid report in the minute keeps the connection open', () => {
  for (const validAt of [0, 500]) {
    const rate = new MalformedRate();
    for (let i = 0; i < 2_000; i++) assert.equal(rate.admit('D1', i !== validAt, T0 + i).close, false);
  }
});

test('every minute counts anew', () => {
  const rate = new MalformedRate();
  for (let i = 0; i < 1_000; i++) rate.admit('D1', true, T0);
  assert.deepEqual(rate.admit('D1', true, T0 + 60_000), { holdMs: 0, close: false });
});

test('a session that ends takes its count along', () => {
  const rate = new MalformedRate();
  for (let i = 0; i < 30; i++) rate.admit('D1', true, T0);
  rate.forget('D1');
  assert.equal(rate.admit('D1', true, T0).holdMs, 0);
});

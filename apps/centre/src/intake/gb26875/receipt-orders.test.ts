import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockedOrders, ORDER_SLOTS } from './receipt-orders.ts';

const AT = Date.UTC(2049, 11, 31);

test('orders of several doors rise with the clock, never meet, and are safe integers up to 2050', () => {
  const [one, other] = [new ClockedOrders(() => AT, 1), new ClockedOrders(() => AT, 2)];
  const drawn = Array.from({ length: 100 }, () => [one.next(), other.next()]).flat();
  assert.equal(new Set(drawn).size, drawn.length);
  assert.ok(drawn.every(Number.isSafeInteger));
  const later = new ClockedOrders(() => AT + 100, 1).next();
  assert.ok(drawn.every((order) => order < later));
});

test('a door whose clock is behind goes on from what it heard; of two in one slot one moves away', () => {
  const [ahead, behind] = [new ClockedOrders(() => AT + 5_000, 7), new ClockedOrders(() => AT, 7 + ORDER_SLOTS)];
  const heard = ahead.next();
  behind.hear(heard, false);
  assert.ok(behind.next() > heard);
  assert.notEqual(behind.slot, ahead.slot);
  ahead.hear(behind.highest, true);
  assert.equal(ahead.slot, 7);
});

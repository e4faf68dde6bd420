import assert from 'node:assert/strict';
import test from 'node:test';
import { sampleOrder } from './sample-order.ts';
import { groupWorkOrders, isMine } from './work-groups.ts';

const numbersOf = (orders: Parameters<typeof groupWorkOrders>[0], view: Parameters<typeof groupWorkOrders>[1]) =>
  groupWorkOrders(orders, view, 'tech').map(({ name, orders: found }) => [name, ...found.map(({ number }) => number)]);

test('orders stand by who has to act next, the one due first on top; closed ones have a view of their own', () => {
  const orders = [
    sampleOrder({ number: 1, state: 'repaired' }),
    sampleOrder({ number: 2, state: 'open', dueAt: '2026-11-22T12:00:00Z' }),
    sampleOrder({ number: 3, state: 'open', dueAt: '2026-11-22T11:00:00Z' }),
    sampleOrder({ number: 4, state: 'onSite' }),
    sampleOrder({ number: 5, state: 'failedVerification' }),
    sampleOrder({ number: 6, state: 'verified', closedAt: '2026-11-22T01:00:00Z' }),
    sampleOrder({ number: 7, state: 'cancelled', closedAt: '2026-11-22T02:00:00Z' }),
    sampleOrder({ number: 8, state: 'onTheWay' }),
  ];
  assert.deepEqual(numbersOf(orders, 'open'), [
    ['failedVerification', 5],
    ['open', 3, 2],
    ['moving', 4, 8],
    ['repaired', 1],
  ]);
  assert.deepEqual(numbersOf(orders, 'unassigned'), [['open', 3, 2]]);
  assert.deepEqual(numbersOf(orders, 'closed'), [['closed', 7, 6]]);
});

test('mine is what was given to me or what I set out for, not what an organisation of my name has', () => {
  assert.equal(isMine(sampleOrder({ assignee: { kind: 'person', id: 'tech' } }), 'tech'), true);
  assert.equal(isMine(sampleOrder({ assignee: { kind: 'organisation', id: 'tech' } }), 'tech'), false);
  assert.equal(isMine(sampleOrder({ assignee: { kind: 'organisation', id: 'M1' }, workedBy: 'tech' }), 'tech'), true);
  assert.equal(isMine(sampleOrder({}), undefined), false);
});

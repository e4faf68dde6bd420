import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GbFrame, GbUnit } from '@fengsui/protocol';
import { readRunState, syncClock } from './link-care.ts';
import { GbTransactions, type GbResult } from './transactions.ts';

type Sent = { readonly serial: number; readonly command: number; readonly at: number };

function line(isThere = () => true) {
  const sent: Sent[] = [];
  const transactions = new GbTransactions((serial, command, _unit, at) => {
    if (!isThere()) return false;
    sent.push({ serial, command, at });
    return true;
  }, 10_000);
  return { sent, transactions };
}

const frame = (serial: number, command: number, unit: GbUnit = { kind: 'empty' }): GbFrame => ({
  serial,
  version: { major: 1, user: 0 },
  source: '010203040506',
  destination: '010000000000',
  command,
  unit,
});
const objects = (type: number): GbUnit => ({ kind: 'objects', type, by: 'standard', objects: [{ status: 1 }] });

test('a control that nobody confirms is sent four times, ten seconds apart, and has failed then', async () => {
  const { sent, transactions } = line();
  const ended = transactions.ask(syncClock, 0);
  for (let now = 1_000; now <= 60_000; now += 1_000) transactions.tick(now);
  const { outcome, transmissions, startedAt } = await ended;
  assert.deepEqual({ outcome, transmissions, startedAt }, { outcome: 'noAnswer', transmissions: 4, startedAt: 0 });
  assert.deepEqual(
    sent,
    [0, 10_000, 20_000, 30_000].map((at) => ({ serial: 0, command: 1, at })),
  );
});

test('one transaction is under way at a time, each new one under the next serial', async () => {
  const { sent, transactions } = line();
  const first = transactions.ask(syncClock, 0);
  const second = transactions.ask(readRunState, 1);
  assert.equal(sent.length, 1);
  transactions.confirmed(0, 2);
  assert.equal((await first).outcome, 'confirmed');
  const answer = frame(1, 5, objects(21));
  assert.equal(transactions.expects(answer, 3), true);
  transactions.answered(answer, 3);
  assert.deepEqual([(await second).outcome, sent[1]?.serial], ['answered', 1]);
});

test('a confirm under another serial, or of a query, ends nothing', () => {
  const { transactions } = line();
  void transactions.ask(readRunState, 0);
  transactions.confirmed(0, 1);
  transactions.confirmed(7, 1);
  assert.equal(transactions.isIdle, false);
  assert.equal(transactions.expects(frame(3, 5, objects(21)), 1), false);
});

test('a deny and a wrong answer are answered by a resend, and after three of them by failure with the last reason', async () => {
  const { sent, transactions } = line();
  const ended = transactions.ask(readRunState, 0);
  transactions.denied(0, 1);
  assert.equal(transactions.expects(frame(0, 5, objects(1)), 2), false);
  transactions.denied(0, 3);
  assert.equal(sent.length, 4);
  assert.equal(transactions.expects(frame(0, 5, { kind: 'empty' }), 4), false);
  assert.equal((await ended).outcome, 'wrongAnswer');
});

test('when the way is gone everything under way has failed at once', async () => {
  let isThere = true;
  const { transactions } = line(() => isThere);
  const waiting = [transactions.ask(syncClock, 0), transactions.ask(readRunState, 0)];
  transactions.drop(5);
  isThere = false;
  waiting.push(transactions.ask(syncClock, 6));
  const results: GbResult[] = await Promise.all(waiting);
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['disconnected', 'disconnected', 'disconnected'],
  );
});

test('serials wrap behind 65535', async () => {
  const { sent, transactions } = line();
  for (let i = 0; i <= 0x10000; i++) {
    void transactions.ask(syncClock, i);
    transactions.confirmed(i & 0xffff, i);
  }
  assert.deepEqual(
    sent.slice(-2).map(({ serial }) => serial),
    [65_535, 0],
  );
});

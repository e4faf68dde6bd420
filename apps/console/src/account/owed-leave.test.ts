import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { isLeaveOwed, leaveSeat, payLeave } from './owed-leave.ts';

const kept = new Map<string, string>();
const localStorage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
Object.assign(globalThis, { window: { localStorage } });

test.afterEach(() => {
  mock.restoreAll();
  kept.clear();
});

/** Answers each question in turn; returns what was asked. */
function answers(...statuses: readonly number[]): string[] {
  const asked: string[] = [];
  mock.method(globalThis, 'fetch', async (url: string, init: RequestInit) => {
    asked.push(`${init.method} ${url}`);
    return new Response('{"csrfToken":"t0ken"}', { status: statuses[asked.length - 1] ?? 200 });
  });
  return asked;
}

test('a log-out that the centre did not answer is owed until it is made up for', async () => {
  answers(503);
  assert.equal(await leaveSeat(), false);
  assert.ok(isLeaveOwed());
  mock.restoreAll();
  answers(503);
  await assert.rejects(payLeave());
  assert.ok(isLeaveOwed());
  mock.restoreAll();
  const asked = answers(200, 200);
  await payLeave();
  assert.deepEqual(asked, ['GET /api/v1/session', 'POST /api/v1/logout']);
  assert.ok(!isLeaveOwed());
});

test('one that was answered is not owed, nor is one of a log-in that has ended by itself', async () => {
  answers(200);
  assert.equal(await leaveSeat(), true);
  assert.ok(!isLeaveOwed());
  mock.restoreAll();
  answers(503);
  await leaveSeat();
  mock.restoreAll();
  answers(401);
  await payLeave();
  assert.ok(!isLeaveOwed());
});

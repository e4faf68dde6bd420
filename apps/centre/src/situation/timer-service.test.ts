import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Lane, NewEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import { TimerService } from './timer-service.ts';
import type { Timer } from './timer.ts';

const T0 = 1_763_700_000_000;

/** A journal that only remembers, and a clock that moves with the mocked timers. */
function service(t: TestContext, append?: Journal['append']) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: T0 });
  const appended: { readonly lane: Lane; readonly entry: NewEntry }[] = [];
  const journal = {
    append:
      append ??
      (async (lane: Lane, entries: readonly NewEntry[]) => {
        for (const entry of entries) appended.push({ lane, entry });
        return entries.map(() => appended.length);
      }),
  } as unknown as Journal;
  const timers = new TimerService(journal, { now: () => Date.now() });
  t.after(() => timers.stop());
  return { timers, appended, firedIds: () => appended.map(({ entry }) => (entry.meta as { timerId: string }).timerId) };
}

const timer = (id: string, dueAt: number): Timer => ({
  id,
  venueId: 'V1',
  dueAt,
  purpose: { kind: 'captureIncomplete', captureId: id },
});

test('a due timer becomes one entry of the alarm lane, in the partition of its venue', (t) => {
  const { timers, appended } = service(t);
  timers.update([timer('a', T0 + 1_000)], []);
  timers.start();
  t.mock.timers.tick(999);
  assert.equal(appended.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(appended, [
    {
      lane: 'alarm',
      entry: {
        kind: 'timerFired',
        partition: partitionOf('V1'),
        appendedAt: T0 + 1_000,
        meta: { timerId: 'a', firedAt: T0 + 1_000, purpose: { kind: 'captureIncomplete', captureId: 'a' } },
      },
    },
  ]);
  t.mock.timers.tick(3_600_000);
  assert.equal(appended.length, 1, 'not again while its entry is not applied');
});

test('timers fire in the order in which they are due, and ended ones not at all', (t) => {
  const { timers, firedIds } = service(t);
  timers.update([timer('late', T0 + 3_000), timer('soon', T0 + 1_000), timer('never', T0 + 2_000)], []);
  timers.start();
  t.mock.timers.tick(1_500);
  timers.update([], ['never']);
  t.mock.timers.tick(5_000);
  assert.deepEqual(firedIds(), ['soon', 'late']);
});

test('what was due while the centre was down fires at the start', (t) => {
  const { timers, firedIds } = service(t);
  timers.update([timer('old', T0 - 86_400_000)], []);
  t.mock.timers.tick(10_000);
  assert.deepEqual(firedIds(), [], 'not before the start');
  timers.start();
  t.mock.timers.tick(0);
  assert.deepEqual(firedIds(), ['old']);
});

test('a timer set anew fires at its new time, and again when set anew after firing', (t) => {
  const { timers, firedIds } = service(t);
  timers.start();
  timers.update([timer('a', T0 + 1_000)], []);
  timers.update([timer('a', T0 + 2_000)], []);
  t.mock.timers.tick(1_500);
  assert.deepEqual(firedIds(), []);
  t.mock.timers.tick(500);
  assert.deepEqual(firedIds(), ['a']);
  timers.update([timer('a', T0 + 7_000)], []);
  t.mock.timers.tick(5_000);
  assert.deepEqual(firedIds(), ['a', 'a']);
});

test('a timer further away than setTimeout can count fires in time', (t) => {
  const { timers, firedIds } = service(t);
  const farAt = T0 + 2 ** 31 + 5_000;
  timers.update([timer('far', farAt)], []);
  timers.start();
  t.mock.timers.tick(farAt - T0 - 1);
  assert.deepEqual(firedIds(), []);
  t.mock.timers.tick(1);
  assert.deepEqual(firedIds(), ['far']);
});

test('a stopped service fires nothing', (t) => {
  const { timers, firedIds } = service(t);
  timers.update([timer('a', T0 + 1_000)], []);
  timers.start();
  timers.stop();
  timers.update([timer('b', T0 + 1_000)], []);
  t.mock.timers.tick(10_000);
  assert.deepEqual(firedIds(), []);
});

test('a journal that is closing refuses, and the timer is still there for the next start', async (t) => {
  let calls = 0;
  const { timers } = service(t, () => {
    calls++;
    return Promise.reject(new Error('journal is closed'));
  });
  timers.update([timer('a', T0)], []);
  timers.start();
  t.mock.timers.tick(0);
  await Promise.resolve();
  timers.stop();
  timers.start();
  t.mock.timers.tick(0);
  assert.equal(calls, 2);
});

test('what the journal could not take fires again by itself, a moment later', async (t) => {
  let refusals = 3;
  const firedIds: string[] = [];
  const { timers } = service(t, (_lane, entries) => {
    if (refusals-- > 0) return Promise.reject(new Error('disk full'));
    for (const { meta } of entries) firedIds.push((meta as { timerId: string }).timerId);
    return Promise.resolve(entries.map(() => 1));
  });
  timers.update([timer('a', T0), timer('b', T0 + 100)], []);
  timers.start();
  for (let step = 0; step < 40; step++) {
    t.mock.timers.tick(100);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(firedIds.toSorted(), ['a', 'b']);
});

test('10,000 timers that are due at once are a few batches of the journal', (t) => {
  const sizes: number[] = [];
  const { timers } = service(t, (_lane, entries) => {
    sizes.push(entries.length);
    return Promise.resolve(entries.map(() => 1));
  });
  timers.update(
    Array.from({ length: 10_000 }, (_, i) => timer(`t${i}`, T0 + (i % 10))),
    [],
  );
  timers.start();
  t.mock.timers.tick(1_000);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    10_000,
  );
  assert.ok(Math.max(...sizes) <= 500);
});

test('when the clock is set, timers that measure a duration move with it, and what people were told stays', (t) => {
  const { timers, firedIds } = service(t);
  const unshelve: Timer = {
    id: 'unshelve/c',
    venueId: 'V1',
    dueAt: T0 + 5_000,
    purpose: { kind: 'unshelve', conditionId: 'c' },
  };
  timers.update([timer('capture', T0 + 2_000), unshelve], []);
  timers.start();
  const HOUR_MS = 3_600_000;
  t.mock.timers.setTime(T0 + HOUR_MS);
  timers.update([], [], HOUR_MS);
  t.mock.timers.tick(0);
  assert.deepEqual(firedIds(), ['unshelve/c']);
  t.mock.timers.tick(1_999);
  assert.deepEqual(firedIds(), ['unshelve/c'], 'two seconds are two seconds');
  t.mock.timers.tick(1);
  assert.deepEqual(firedIds(), ['unshelve/c', 'capture']);
});

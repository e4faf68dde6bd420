import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Timer } from './timer.ts';

const timer = (id: string, dueAt: number): Timer => ({
  id,
  venueId: 'V1',
  dueAt,
  purpose: { kind: 'captureIncomplete', captureId: id },
});

/** The plainest thing that does the same: a list, sorted whenever it is asked. */
class NaiveQueue {
  #timers: Timer[] = [];

  set(set: Timer): void {
    this.#timers = [...this.#timers.filter(({ id }) => id !== set.id), set];
  }

  delete(id: string): void {
    this.#timers = this.#timers.filter((kept) => kept.id !== id);
  }

  sorted(): Timer[] {
    return this.#timers.toSorted((one, other) => one.dueAt - other.dueAt);
  }

  takeDue(now: number): Timer[] {
    const due = this.sorted().filter(({ dueAt }) => dueAt <= now);
    for (const { id } of due) this.delete(id);
    return due;
  }
}

type Act = readonly ['set', string, number] | readonly ['delete', string] | readonly ['takeDue', number];

const acts = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.tuple(fc.constant('set'), fc.constantFrom(...'abcdefgh'), fc.integer({ min: 0, max: 20 })) as fc.Arbitrary<Act>,
    fc.tuple(fc.constant('delete'), fc.constantFrom(...'abcdefgh')) as fc.Arbitrary<Act>,
    fc.tuple(fc.constant('takeDue'), fc.integer({ min: 0, max: 20 })) as fc.Arbitrary<Act>,
  ),
  { maxLength: 200, size: 'max' },
);

test('a queue gives out the same timers in the same order as a sorted list', () => {
  fc.assert(
    fc.property(acts, (sequence) => {
      const queue = new TimerQueue();
      const naive = new NaiveQueue();
      for (const act of sequence) {
        if (act[0] === 'set') for (const each of [queue, naive]) each.set(timer(act[1], act[2]));
        if (act[0] === 'delete') for (const each of [queue, naive]) each.delete(act[1]);
        if (act[0] === 'takeDue') assert.deepEqual(queue.takeDue(act[1]), naive.takeDue(act[1]));
        assert.deepEqual(queue.first, naive.sorted()[0]);
        assert.deepEqual(new Set(queue), new Set(naive.sorted()));
        assert.equal(queue.size, naive.sorted().length);
      }
    }),
    propertySettings(500),
  );
});

test('timers that are set anew for ever do not fill the memory, and none of them is lost', () => {
  const queue = new TimerQueue();
  for (let round = 0; round < 200; round++) {
    for (let id = 0; id < 100; id++) queue.set(timer(`t${id}`, 1_000_000 - round * 100 - ((id * 7) % 100)));
  }
  const due = queue.takeDue(Infinity);
  assert.deepEqual(
    due.map(({ dueAt }) => dueAt),
    Array.from({ length: 100 }, (_, i) => 1_000_000 - 199 * 100 - 99 + i),
  );
  assert.equal(queue.first, undefined);
});

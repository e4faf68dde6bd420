import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../../platform/property-settings.fixture.ts';
import type { Entry } from '../entry.ts';
import { sequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import { ReadAhead, type Fetched } from './read-ahead.ts';

type Asked = { readonly message: number; readonly answer: (fetched: Fetched) => void; readonly refuse: () => void };

const ENTRIES_OF_A_MESSAGE = 3;

const entriesOf = (message: number): readonly Entry[] =>
  Array.from({ length: ENTRIES_OF_A_MESSAGE }, (_, index) => ({
    kind: 'report',
    lane: 'bulk',
    partition: 0,
    appendedAt: 0,
    meta: { message, index },
    sequence: sequenceOf(message, index, ENTRIES_OF_A_MESSAGE),
  }));

const allThrough = (message: number): readonly Entry[] =>
  Array.from({ length: message }, (_, index) => entriesOf(index + 1)).flat();

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A reader in front of a server that answers when it is told to. */
function createReader({ maxBytes = 1_000_000 } = {}) {
  const asked: Asked[] = [];
  let readable = 0;
  const reader = new ReadAhead({
    startAfter: 0,
    tail: 0,
    maxBytes,
    fetch: (message) =>
      new Promise((resolve, reject) => {
        asked.push({ message, answer: resolve, refuse: () => reject(new Error('away')) });
      }),
    onReadable: () => void readable++,
    onTrouble: () => undefined,
    retryMs: 0,
  });
  const answerAll = async (): Promise<void> => {
    for (const { message, answer } of asked.splice(0)) answer(entriesOf(message));
    await turn();
  };
  return { reader, asked, answerAll, readable: () => readable };
}

test('what was forgotten is fetched again after a rewind, from the middle of a message on', async () => {
  const { reader, asked, answerAll, readable } = createReader();
  for (const message of [1, 2, 3]) reader.offer(message, entriesOf(message));
  const all = reader.read(0, 100);
  assert.deepEqual(all, allThrough(3));
  assert.equal(asked.length, 0);
  reader.forget(all[8]?.sequence ?? 0);
  const after = all[4]?.sequence ?? 0;
  reader.rewind(after, wholeMessagesThrough(after));
  assert.deepEqual([reader.waiting(after), reader.read(after, 100)], [0, []]);
  assert.deepEqual(
    asked.map(({ message }) => message),
    [2, 3],
  );
  const before = readable();
  await answerAll();
  assert.ok(readable() > before);
  assert.deepEqual(reader.read(0, 100), all.slice(5));
  await reader.close();
});

test('a fetch that is on its way when the reading is rewound puts nothing in the wrong place', async () => {
  const { reader, asked, answerAll } = createReader();
  for (const message of [1, 2, 3]) reader.offer(message, entriesOf(message));
  reader.learn(5);
  assert.deepEqual(
    asked.map(({ message }) => message),
    [4, 5],
  );
  reader.rewind(0, 0);
  await answerAll();
  assert.deepEqual(reader.read(0, 100), []);
  await answerAll();
  assert.deepEqual(reader.read(0, 100), allThrough(5));
  await reader.close();
});

test('a damage is met behind what could be read, and again only when the reading is rewound to before it', async () => {
  const { reader, asked, answerAll } = createReader();
  reader.learn(3);
  for (const { message, answer } of asked.splice(0)) answer(message === 2 ? 'gone' : entriesOf(message));
  await turn();
  assert.deepEqual(reader.read(0, 100), entriesOf(1));
  const last = sequenceOf(1, ENTRIES_OF_A_MESSAGE - 1, ENTRIES_OF_A_MESSAGE);
  assert.equal(reader.waiting(last), 1);
  assert.throws(() => reader.read(last, 100), /no message 2 of 3/);
  reader.rewind(2 * 4096, 2);
  await answerAll();
  assert.deepEqual(reader.read(2 * 4096, 100), entriesOf(3));
  reader.rewind(last, 1);
  for (const { message, answer } of asked.splice(0)) answer(message === 2 ? 'gone' : entriesOf(message));
  await turn();
  assert.throws(() => reader.read(last, 100), /no message 2 of 3/);
  await reader.close();
});

test('a reader that failed takes nothing more, also not what was on its way', async () => {
  const { reader, answerAll } = createReader();
  reader.offer(1, entriesOf(1));
  reader.learn(2);
  reader.fail(new Error('made anew'));
  await answerAll();
  reader.offer(2, entriesOf(2));
  assert.deepEqual(reader.read(0, 100), entriesOf(1));
  assert.throws(() => reader.read(4096, 100), /made anew/);
  await reader.close();
});

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('append' as const), isHeard: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('late' as const), back: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('learn' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer' as const), at: fc.nat(), isAway: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rewind' as const), to: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
  ),
  { maxLength: 80 },
);

test('however it is told, fetches, forgets and is rewound: behind where it stands each entry comes once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(2_000, 1_000_000), async (todo, maxBytes) => {
      const { reader, asked } = createReader({ maxBytes });
      let newest = 0;
      let all: readonly Entry[] = [];
      /** How many of all the reader has. */
      let at = 0;
      const after = (): number => (at === 0 ? 0 : (all[at - 1]?.sequence ?? 0));
      const readOn = (limit: number): number => {
        const waiting = reader.waiting(after());
        const read = reader.read(after(), limit);
        assert.equal(read.length, Math.min(waiting, limit));
        assert.deepEqual(read, all.slice(at, at + read.length));
        at += read.length;
        return read.length;
      };
      for (const step of todo) {
        if (step.kind === 'append') {
          all = allThrough(++newest);
          if (step.isHeard) reader.offer(newest, entriesOf(newest));
        }
        if (step.kind === 'late' && newest > step.back) reader.offer(newest - step.back, entriesOf(newest - step.back));
        if (step.kind === 'learn') reader.learn(newest);
        if (step.kind === 'answer') {
          const [one] = asked.splice(step.at % Math.max(1, asked.length), 1);
          if (step.isAway) one?.refuse();
          else one?.answer(entriesOf(one.message));
        }
        if (step.kind === 'read') readOn(step.limit);
        if (step.kind === 'forget') reader.forget(after());
        if (step.kind === 'rewind') {
          at = step.to % (at + 1);
          reader.rewind(after(), wholeMessagesThrough(after()));
          readOn(100);
        }
        if (step.kind === 'turn') await turn();
      }
      reader.learn(newest);
      for (let turns = 0; at < all.length; turns++) {
        assert.ok(turns < 10_000, `stands still at ${at} of ${all.length}`);
        for (const { message, answer } of asked.splice(0)) answer(entriesOf(message));
        await turn();
        readOn(100);
        // A reader that is read to its end and never forgets has no room for more.
        reader.forget(after());
      }
      assert.equal(reader.waiting(after()), 0);
      await reader.close();
    }),
    propertySettings(300),
  );
});

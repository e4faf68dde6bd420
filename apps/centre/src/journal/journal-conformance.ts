import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { lanes, type Entry, type Lane, type NewEntry } from './entry.ts';
import type { Journal } from './journal.ts';

export type JournalSettings = {
  readonly startAfter?: Readonly<Record<Lane, number>>;
  readonly maxBacklogEntries?: number;
  readonly onHeld?: (reason: string | undefined) => void;
};

/** Where one journal lives: opened, closed and opened again on the same contents. */
export type JournalPlace = {
  open(settings?: JournalSettings): Promise<Journal>;
  /** For a process that opens it on its own: see append-until-killed.fixture.ts. */
  readonly childArguments: readonly string[];
};

export type JournalEngine = {
  readonly name: string;
  /** An empty place. */
  readonly place: () => Promise<JournalPlace>;
  /** Whether its reading can be rewound. */
  readonly rewinds?: boolean;
};

const WAIT_MS = 60_000;

export const textEntry = (text: string, bytes = 0): NewEntry => ({
  kind: 'report',
  partition: 3,
  appendedAt: 1000,
  meta: { text },
  ...(bytes > 0 && { payload: new Uint8Array(bytes).fill(7) }),
});

export const textOf = (read: Entry): string => (read.meta as { text: string }).text;

export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; !(await holds());) {
    assert.ok(Date.now() < deadline, `not within ${WAIT_MS / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Everything behind `after`, as a worker reads it: what is durable may still be on its way here. */
export async function readAll(journal: Journal, lane: Lane, limit = 1000, after = 0): Promise<Entry[]> {
  const all: Entry[] = [];
  const last = (): number => all.at(-1)?.sequence ?? after;
  await eventually(`the lane ${lane} to be read`, async () => {
    for (;;) {
      const next = await journal.read(lane, last(), limit);
      assert.ok(next.length <= limit);
      all.push(...next);
      if (next.length === 0) return last() >= journal.lastSequence(lane);
    }
  });
  return all;
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] as number));

/** Registers the tests that any journal must pass. */
export function testJournalConformance(engine: JournalEngine): void {
  describe(`journal: ${engine.name}`, () => {
    orderTests(engine);
    boundTests(engine);
    if (engine.rewinds === true) rewindTests(engine);
    killTests(engine);
  });
}

function orderTests({ place }: JournalEngine): void {
  test('entries come back in order and whole, with rising sequences that append has told, each lane by itself', async () => {
    const journal = await (await place()).open();
    const first = await journal.append('bulk', [textEntry('a', 3), textEntry('b')]);
    const alarm = await journal.append('alarm', [textEntry('x')]);
    const second = await journal.append('bulk', [textEntry('c')]);
    const bulk = await readAll(journal, 'bulk');
    assert.deepEqual(bulk.map(textOf), ['a', 'b', 'c']);
    assert.deepEqual(
      bulk.map(({ sequence }) => sequence),
      [...first, ...second],
    );
    assert.ok(isRising([0, ...first, ...second]));
    const { payload, ...rest } = bulk[0] as Entry;
    assert.deepEqual([...(payload ?? [])], [7, 7, 7]);
    const { payload: _none, ...expected } = textEntry('a', 3);
    assert.deepEqual(rest, { ...expected, lane: 'bulk', sequence: first[0] });
    assert.equal((bulk[1] as Entry).payload, undefined);
    assert.deepEqual(
      (await readAll(journal, 'alarm')).map(({ sequence }) => sequence),
      alarm,
    );
    await journal.close();
  });

  test('what was appended is there after closing and opening, in reads of any size, and numbers go on', async () => {
    const here = await place();
    const expected: string[] = [];
    let journal = await here.open();
    for (let i = 0; i < 50; i++) {
      const texts = Array.from({ length: 1 + (i % 4) }, (_, k) => `${i}.${k}`);
      await journal.append(
        'bulk',
        texts.map((text) => textEntry(text, 100)),
      );
      expected.push(...texts);
    }
    const last = journal.lastSequence('bulk');
    await journal.close();
    for (const limit of [1, 7, 1000]) {
      journal = await here.open();
      assert.equal(journal.lastSequence('bulk'), last);
      assert.deepEqual((await readAll(journal, 'bulk', limit)).map(textOf), expected);
      await journal.close();
    }
    journal = await here.open();
    const [next = 0] = await journal.append('bulk', [textEntry('next')]);
    assert.ok(next > last);
    await journal.close();
  });

  test('an append is never forgotten, at whatever moment behind the end of another it comes', async () => {
    const journal = await (await place()).open();
    for (let ticks = 0; ticks < 20; ticks++) {
      await journal.append('alarm', [textEntry(`${ticks}`)]);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    }
    await journal.append('alarm', [textEntry('last')]);
    assert.equal((await readAll(journal, 'alarm')).length, 21);
    await journal.close();
  });

  test('many appends at once keep their order, and each is told its own sequences', async () => {
    const journal = await (await place()).open();
    const appended = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        journal.append(
          'bulk',
          Array.from({ length: 1 + (i % 30) }, (_, k) => textEntry(`${i}.${k}`)),
        ),
      ),
    );
    const read = await readAll(journal, 'bulk', 97);
    assert.deepEqual(
      read.map((entry) => [textOf(entry), entry.sequence]),
      appended.flatMap((sequences, i) => sequences.map((sequence, k) => [`${i}.${k}`, sequence])),
    );
    assert.ok(isRising(read.map(({ sequence }) => sequence)));
    await journal.close();
  });

  test('a reader that stopped anywhere, also between entries that were appended together, goes on behind it', async () => {
    const here = await place();
    let journal = await here.open();
    await journal.append(
      'alarm',
      Array.from({ length: 20 }, (_, i) => textEntry(`e${i}`)),
    );
    const all = await readAll(journal, 'alarm');
    await journal.trim('alarm', (all[6] as Entry).sequence);
    await journal.close();
    journal = await here.open({ startAfter: { alarm: (all[6] as Entry).sequence, bulk: 0 } });
    await eventually('what is left', () => journal.waiting('alarm', (all[6] as Entry).sequence) === 13);
    const rest = await readAll(journal, 'alarm', 5, (all[6] as Entry).sequence);
    assert.deepEqual(
      rest.map((entry) => [textOf(entry), entry.sequence]),
      all.slice(7).map((entry) => [textOf(entry), entry.sequence]),
    );
    await journal.close();
  });

  test('waiting counts what can be read, and whoever listens is told of it', async () => {
    const journal = await (await place()).open();
    const told: Lane[] = [];
    journal.onAppended((lane) => void told.push(lane));
    assert.deepEqual(
      lanes.map((lane) => journal.waiting(lane, 0)),
      [0, 0],
    );
    const [first = 0] = await journal.append('bulk', [textEntry('a'), textEntry('b'), textEntry('c')]);
    await eventually('three to be waiting', () => journal.waiting('bulk', 0) === 3);
    assert.equal(journal.waiting('bulk', first), 2);
    assert.equal(journal.waiting('bulk', journal.lastSequence('bulk')), 0);
    assert.deepEqual([...new Set(told)], ['bulk']);
    await journal.close();
  });

  test('numbers begin behind what the store has applied, also in a journal that was lost, and never come again', async () => {
    const here = await place();
    const startAfter = { alarm: 4_711, bulk: 7 };
    let journal = await here.open({ startAfter });
    const [first = 0] = await journal.append('alarm', [textEntry('a')]);
    assert.ok(first > 4_711);
    assert.deepEqual((await readAll(journal, 'alarm', 10, 4_711)).map(textOf), ['a']);
    await journal.close();
    // The store is where it was: the entry was not applied.
    journal = await here.open({ startAfter });
    assert.deepEqual((await readAll(journal, 'alarm', 10, 4_711)).map(textOf), ['a']);
    await journal.close();
    // A store that is further than the journal: what the journal lacks was applied.
    journal = await here.open({ startAfter: { alarm: 9_000_001, bulk: 7 } });
    assert.equal(journal.waiting('alarm', 9_000_001), 0);
    const [second = 0] = await journal.append('alarm', [textEntry('b')]);
    assert.ok(second > 9_000_001);
    assert.deepEqual((await readAll(journal, 'alarm', 10, 9_000_001)).map(textOf), ['b']);
    await journal.close();
  });
}

function boundTests({ place }: JournalEngine): void {
  test('an entry that is too large is refused, and its neighbours go through', async () => {
    const journal = await (await place()).open();
    const before = journal.append('bulk', [textEntry('before')]);
    const large = journal.append('bulk', [textEntry('large', 5 * 1024 * 1024)]);
    const behind = journal.append('bulk', [textEntry('as large as may be', 4 * 1024 * 1024 - 200)]);
    await assert.rejects(large, RangeError);
    await Promise.all([before, behind]);
    assert.deepEqual((await readAll(journal, 'bulk')).map(textOf), ['before', 'as large as may be']);
    await journal.close();
  });

  test('appending waits while the reader is too far behind and goes on when it has caught up', async () => {
    const journal = await (await place()).open({ maxBacklogEntries: 10 });
    await journal.append(
      'bulk',
      Array.from({ length: 11 }, (_, i) => textEntry(`e${i}`)),
    );
    let isDone = false;
    const held = journal.append('bulk', [textEntry('held')]).then(() => (isDone = true));
    // Another lane is not held up by it; by its answer the first would have come long ago.
    for (let i = 0; i < 5; i++) await journal.append('alarm', [textEntry(`a${i}`)]);
    assert.equal(isDone, false);
    await journal.trim('bulk', journal.lastSequence('bulk'));
    await held;
    assert.deepEqual((await readAll(journal, 'bulk', 100, journal.lastSequence('bulk') - 1)).map(textOf), ['held']);
    await journal.close();
  });

  test('a closed journal refuses, and an append that waited is refused with it', async () => {
    const journal = await (await place()).open({ maxBacklogEntries: 1 });
    await journal.append('bulk', [textEntry('a'), textEntry('b')]);
    const waiting = assert.rejects(journal.append('bulk', [textEntry('c')]), /journal is closed/);
    await journal.close();
    await waiting;
    await assert.rejects(journal.append('bulk', [textEntry('late')]), /journal is closed/);
  });
}

function rewindTests({ place }: JournalEngine): void {
  test('a reader that is rewound reads again, from between entries too, what was trimmed from its memory', async () => {
    const journal = await (await place()).open();
    const append = async (from: number, count: number): Promise<void> => {
      await journal.append(
        'bulk',
        Array.from({ length: count }, (_, i) => textEntry(`e${from + i}`)),
      );
    };
    for (let i = 0; i < 100; i += 10) await append(i, 10);
    const all = await readAll(journal, 'bulk');
    const last = (all.at(-1) as Entry).sequence;
    for (const at of [0, 14, 79, 99]) {
      await journal.trim('bulk', last, 0);
      const after = (all[at] as Entry).sequence;
      journal.rewind?.('bulk', after);
      // What can be read at once, and what comes, is what lies next.
      const early = await journal.read('bulk', after, 1000);
      assert.equal(journal.waiting('bulk', after), early.length);
      assert.deepEqual(early, all.slice(at + 1, at + 1 + early.length));
      assert.deepEqual(await readAll(journal, 'bulk', 7, after), all.slice(at + 1));
      assert.equal(journal.lastSequence('bulk'), last);
    }
    journal.rewind?.('bulk', 0);
    await append(100, 5);
    assert.deepEqual(
      (await readAll(journal, 'bulk')).map(textOf),
      Array.from({ length: 105 }, (_, i) => `e${i}`),
    );
    await journal.close();
  });
}

function killTests({ place }: JournalEngine): void {
  test(
    'every append that a killed process saw acknowledged is in the journal, once, in order',
    {
      timeout: 400_000,
    },
    async () => {
      const fixture = path.join(import.meta.dirname, 'append-until-killed.fixture.ts');
      for (let round = 0; round < 5; round++) {
        const here = await place();
        const child = spawn(process.execPath, [fixture, ...here.childArguments], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const acknowledged: number[] = [];
        let rest = '';
        child.stdout.on('data', (chunk: Buffer) => {
          const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) acknowledged.push(Number(line));
        });
        const ended = new Promise((resolve) => child.once('close', resolve));
        await eventually('enough to be acknowledged', () => acknowledged.length >= 50 + round * 37);
        child.kill('SIGKILL');
        await ended;
        const journal = await here.open();
        const read = await readAll(journal, 'bulk');
        assert.deepEqual(
          read.slice(0, acknowledged.length).map(({ sequence }) => sequence),
          acknowledged,
        );
        // At most the one that was on its way more.
        assert.ok(read.length - acknowledged.length <= 1, `acknowledged ${acknowledged.length}, found ${read.length}`);
        assert.deepEqual(
          read.map(textOf),
          read.map((_, i) => `e${i + 1}`),
        );
        await journal.close();
      }
    },
  );
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Entry, Lane, NewEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import type { Share } from './duty.ts';
import { LiveBus } from './live-bus.ts';
import { Situation } from './situation.ts';
import { TimerService } from './timer-service.ts';
import { Worker } from './worker.ts';

/** What the worker promises its readers: bulk commits are at least this far apart unless a full batch waits; for a part of the shards as much farther, up to 100 ms. */
const PAUSE_MS = 20;
const entry: NewEntry = { kind: 'registryChange', partition: 0, appendedAt: 0, meta: { changes: [] } };

/** A journal in memory: everything appended is durable at once. */
class MemoryJournal implements Journal {
  readonly #entries: Record<Lane, Entry[]> = { alarm: [], bulk: [] };
  readonly #listeners: ((lane: Lane) => void)[] = [];

  async append(lane: Lane, added: readonly NewEntry[]): Promise<readonly number[]> {
    const log = this.#entries[lane];
    const sequences = added.map((one) => log.push({ ...one, lane, sequence: log.length + 1 }));
    for (const listener of this.#listeners) listener(lane);
    return sequences;
  }

  async read(lane: Lane, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#entries[lane].slice(after, after + limit);
  }

  waiting(lane: Lane, after: number): number {
    return this.#entries[lane].length - after;
  }

  onAppended(listener: (lane: Lane) => void): void {
    this.#listeners.push(listener);
  }

  lastSequence(lane: Lane): number {
    return this.#entries[lane].length;
  }

  async trim(): Promise<void> {}
  async close(): Promise<void> {}
}

function startWorker(share?: Share): {
  readonly journal: Journal;
  readonly worker: Worker;
  readonly committed: string[];
} {
  const journal = new MemoryJournal();
  const committed: string[] = [];
  const store: Store = {
    engine: 'pglite',
    query: async () => [],
    commit: async () => {
      committed.push(`${worker.applied.alarm}/${worker.applied.bulk}`);
      return [];
    },
    close: async () => undefined,
  };
  const quiet = (): void => undefined;
  const situation = new Situation(new Registry());
  if (share !== undefined) situation.share = share;
  const worker = new Worker({
    journal,
    store,
    situation,
    timers: new TimerService(journal, { now: () => 0 }),
    bus: new LiveBus(0),
    log: { error: quiet, warn: quiet, info: quiet, debug: quiet },
    applied: { alarm: 0, bulk: 0 },
    onFatal: quiet,
  });
  worker.start();
  return { journal, worker, committed };
}

for (const [shards, pauseMs] of [
  [16, PAUSE_MS],
  [4, 4 * PAUSE_MS],
  [1, 100],
] as const) {
  test(`bulk entries that trickle in share commits, one per ${pauseMs} ms at most for ${shards} of 16 shards`, async () => {
    const share = { shards: new Set(Array.from({ length: shards }, (_, i) => i)), leads: true };
    await commitsOfTrickle(startWorker(share), pauseMs);
  });
}

async function commitsOfTrickle(
  { journal, worker, committed }: ReturnType<typeof startWorker>,
  pauseMs: number,
): Promise<void> {
  const startedAt = performance.now();
  for (let i = 0; i < 200; i++) {
    await journal.append('bulk', [entry]);
    await setTimeout(1);
  }
  await worker.reached('bulk', 200, 60_000);
  const elapsedMs = performance.now() - startedAt;
  await worker.stop();
  assert.ok(committed.length <= 2 + elapsedMs / pauseMs, `${committed.length} commits in ${elapsedMs.toFixed(0)} ms`);
}

test('the first bulk entry after a rest and every alarm are committed without a pause', async () => {
  const { journal, worker } = startWorker();
  for (const lane of ['bulk', 'alarm', 'alarm', 'alarm'] as const) {
    const [sequence = 0] = await journal.append(lane, [entry]);
    // No timer passes in here: only turns of the event loop.
    for (let turn = 0; turn < 50 && worker.applied[lane] < sequence; turn++) await setImmediate();
    assert.equal(worker.applied[lane], sequence, `${lane} entry ${sequence}`);
  }
  await worker.stop();
});

test('a bulk entry in the pause is committed when the pause ends, though nothing more is appended', async () => {
  const { journal, worker } = startWorker();
  await journal.append('bulk', [entry]);
  await worker.reached('bulk', 1, 60_000);
  await journal.append('bulk', [entry]);
  await worker.reached('bulk', 2, 60_000);
  await worker.stop();
  assert.equal(worker.applied.bulk, 2);
});

test('a full batch does not wait for the pause', async () => {
  const { journal, worker, committed } = startWorker();
  await journal.append('bulk', Array<NewEntry>(5_000).fill(entry));
  for (let turn = 0; turn < 500 && worker.applied.bulk < 5_000; turn++) await setImmediate();
  await worker.stop();
  assert.deepEqual(committed, ['0/0', '0/1000', '0/2000', '0/3000', '0/4000']);
});

test('who lags far takes larger batches until he is near again', async () => {
  const { journal, worker, committed } = startWorker();
  await journal.append('bulk', Array<NewEntry>(25_500).fill(entry));
  for (let turn = 0; turn < 500 && worker.applied.bulk < 25_500; turn++) await setImmediate();
  await worker.stop();
  assert.deepEqual(committed.slice(0, 4), ['0/0', '0/4000', '0/8000', '0/9000']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import type { Store } from '../store/store.ts';
import { verifyCaptures } from './apply-capture.ts';
import type { Effects } from './effects.ts';
import { captureChunks, chunkReport, T0, telemetry } from './entries.fixture.ts';
import { SituationFeed } from './situation-feed.fixture.ts';

/** Keeps chunks as the table would. */
class ChunkTable {
  readonly #rows: { capture: string; chunk_index: number; body: Uint8Array }[] = [];

  readonly store: Store = {
    engine: 'pglite',
    query: async (_sql, params = []) => this.#rows.filter(({ capture }) => capture === params[0]),
    commit: () => Promise.reject(new Error('not used')),
    close: async () => undefined,
  };

  keep({ captureChunks: chunks }: Effects): void {
    for (const { capture, index, body } of chunks) {
      assert.ok(!this.#rows.some((row) => row.capture === capture && row.chunk_index === index), 'primary key');
      this.#rows.push({ capture, chunk_index: index, body });
    }
  }
}

async function batch(feed: SituationFeed, table: ChunkTable, ...chunks: readonly Uint8Array[]): Promise<Effects> {
  const effects = feed.bulk(...chunks.map((chunk) => chunkReport('D1', 'k', chunk)));
  await verifyCaptures(feed.situation, effects, table.store);
  for (const id of effects.timersEnded) feed.timers.delete(id);
  table.keep(effects);
  return effects;
}

const state = (feed: SituationFeed) => feed.situation.captures.get('D1:k');

test('a capture is complete when the last chunk is in, in any order, in any batches, with any repetition', async () => {
  const chunks = captureChunks([5, -4, 3, -2, 1, 32_767, -32_768, 0, 9, 10], 5);
  const order = fc.array(fc.nat(4), { maxLength: 12 }).chain((some) =>
    fc.record({
      indexes: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }).map((all) => [...some, ...all]),
      batchSize: fc.integer({ min: 1, max: 6 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(order, async ({ indexes, batchSize }) => {
      const feed = new SituationFeed();
      const table = new ChunkTable();
      const seen = new Set<number>();
      for (let i = 0; i < indexes.length; i += batchSize) {
        const some = indexes.slice(i, i + batchSize);
        for (const index of some) seen.add(index);
        await batch(feed, table, ...some.map((index) => chunks[index] ?? new Uint8Array()));
        assert.equal(state(feed)?.complete, seen.size === 5);
      }
      assert.deepEqual(state(feed)?.damaged, undefined);
      assert.equal(feed.timers.size, 0);
    }),
    propertySettings(150),
  );
});

test('a chunk that contradicts an earlier one is quarantined and does not replace it', async () => {
  const feed = new SituationFeed();
  const table = new ChunkTable();
  const right = captureChunks([1, 2, 3, 4], 2);
  const wrong = captureChunks([1, 2, 3, 5], 2);
  await batch(feed, table, right[1] ?? new Uint8Array());
  const { quarantine, captureChunks: stored } = await batch(feed, table, wrong[1] ?? new Uint8Array());
  assert.deepEqual([quarantine[0]?.[5], stored.length], ['capture/k', 0]);
  assert.match(String(quarantine[0]?.[6]), /^chunkConflict: chunk 1 of 2/);
  const others = await batch(feed, table, captureChunks([1, 2, 3, 4], 4)[3] ?? new Uint8Array());
  assert.equal(others.quarantine.length, 1, 'another number of chunks');
  await batch(feed, table, right[0] ?? new Uint8Array());
  assert.equal(state(feed)?.complete, true);
});

test('the same frames under another header are a contradiction, not a repetition', async () => {
  const feed = new SituationFeed();
  const table = new ChunkTable();
  await batch(feed, table, captureChunks([1, 2], 1)[0] ?? new Uint8Array());
  const { quarantine } = await batch(feed, table, captureChunks([1, 2], 1, { at: T0 + 1 })[0] ?? new Uint8Array());
  assert.equal(quarantine.length, 1);
});

test('incomplete for 10 minutes is marked, and may still complete', async () => {
  const feed = new SituationFeed();
  const table = new ChunkTable();
  const [first = new Uint8Array(), second = new Uint8Array()] = captureChunks([1, 2, 3, 4], 2);
  await batch(feed, table, first);
  assert.equal(feed.timers.get('capture/D1:k')?.dueAt, T0 + 600_000);
  const marked = feed.fire('capture/D1:k');
  assert.equal(marked.captures.get('D1:k')?.incomplete, true);
  await batch(feed, table, second);
  assert.deepEqual([state(feed)?.complete, state(feed)?.incomplete], [true, undefined]);
});

test('frames whose sha256 is another are kept and marked as damaged', async () => {
  const feed = new SituationFeed();
  const table = new ChunkTable();
  await batch(feed, table, ...captureChunks([1, 2, 3], 2, { sha256: '0'.repeat(64) }));
  assert.equal(state(feed)?.complete, false);
  assert.match(state(feed)?.damaged ?? '', /the header says 0{64}/);
});

test('a capture takes one number of the device; one that was used is a counter begun anew', async () => {
  const feed = new SituationFeed();
  const table = new ChunkTable();
  const effects = await batch(feed, table, ...captureChunks([1, 2, 3], 3, { seq: 4 }));
  assert.deepEqual(effects.received.get('D1/cap')?.intervals, [4, 4]);
  assert.equal(feed.bulk(telemetry('D1', { epoch: 'cap', seq: 4, values: { 'c1.currentA': 1 } })).telemetry.length, 1);
  assert.equal(feed.open('sequenceReset').length, 1);
  const other = new SituationFeed();
  other.bulk(telemetry('D1', { epoch: 'cap', seq: 4, values: { 'c1.currentA': 1 } }));
  await batch(other, new ChunkTable(), ...captureChunks([1, 2, 3], 3, { seq: 4 }));
  assert.equal(other.open('sequenceReset').length, 1);
  assert.equal(state(other)?.complete, true, 'it is stored all the same');
});

test('captures of two devices under one name are two', () => {
  const feed = new SituationFeed();
  const [chunk = new Uint8Array()] = captureChunks([1], 1);
  feed.bulk(chunkReport('D1', 'k', chunk), chunkReport('D2', 'k', chunk));
  assert.deepEqual([...feed.situation.captures.keys()], ['D1:k', 'D2:k']);
});

import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { startNatsServer, type NatsServer } from '../../../../../tools/servers/nats-server.ts';
import { lanes, type Lane } from '../entry.ts';
import type { Journal, JournalWriter } from '../journal.ts';
import { eventually, readAll, testJournalConformance, textEntry, textOf } from '../journal-conformance.ts';
import { openGatewayJournal } from './gateway-journal.ts';
import { openJetStreamJournal, type JetStreamJournalOptions } from './jetstream-journal.ts';
import { openNatsLink } from './nats-link.ts';
import { openWorkerJournal, type WorkerJournalOptions } from './worker-journal.ts';

let server: NatsServer;
let count = 0;
before(async () => {
  server = await startNatsServer();
});
after(() => server.stop());

const newPrefix = (): string => `worker${++count}`;
const startAfter = { alarm: 0, bulk: 0 };
const common = { startAfter, onHeld: () => undefined, warn: () => undefined, retryMs: 50 };
const lead = (prefix: string, options: Partial<JetStreamJournalOptions> = {}): Promise<Journal> =>
  openJetStreamJournal({ ...common, url: server.url, prefix, ...options });
const open = (prefix: string, options: Partial<WorkerJournalOptions> = {}): Promise<Journal> =>
  openWorkerJournal({ ...common, url: server.url, prefix, ...options });
/** Closed when the test has ended, however it ended. */
const closing = <Opened extends { close(): Promise<void> }>(t: TestContext, opened: Opened): Opened => {
  t.after(() => opened.close());
  return opened;
};
const seen = async (journal: Journal, lane: Lane): Promise<readonly string[]> =>
  (await readAll(journal, lane)).map((entry) => `${entry.sequence} ${textOf(entry)}`);

testJournalConformance({
  name: 'of a worker on NATS',
  rewinds: true,
  place: async () => {
    const prefix = newPrefix();
    await (await lead(prefix)).close();
    return {
      open: async (settings) => {
        // Streams are made, and begun behind what the store has applied, by the centre that leads.
        await (await lead(prefix, settings)).close();
        return open(prefix, settings);
      },
      childArguments: ['worker', server.url, prefix],
    };
  },
});

test(
  'leader and workers read what all of them and a gateway append, in one order, while NATS hangs and while it is killed; one goes back and reads it again',
  { timeout: 120_000 },
  async (t) => {
    const prefix = newPrefix();
    const leader = closing(t, await lead(prefix));
    const gateway = closing(
      t,
      await openGatewayJournal({ url: server.url, prefix, onHeld: () => undefined, retryMs: 50 }),
    );
    const workers = [closing(t, await open(prefix)), closing(t, await open(prefix))];
    const readers = [leader, ...workers];
    const writers: readonly [string, JournalWriter][] = [
      ['leader', leader],
      ['gateway', gateway],
      ['worker', workers[0] as Journal],
    ];
    const appended = new Map<string, number>();
    const appends: Promise<unknown>[] = [];
    let isStopped = false;
    const writing = (async () => {
      for (let i = 0; !isStopped; i++) {
        for (const [name, writer] of writers) {
          for (const lane of lanes) {
            if (lane === 'alarm' && i % 7 > 0) continue;
            const key = `${name} ${lane}`;
            const number = appended.get(key) ?? 0;
            appended.set(key, number + 1);
            appends.push(writer.append(lane, [textEntry(`${name} ${number}`)]));
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const written = async (more: number): Promise<void> => {
      const from = leader.waiting('alarm', 0);
      await eventually('entries to be read', () =>
        readers.every((reader) => reader.waiting('alarm', 0) >= from + more),
      );
    };
    await written(30);
    server.pause();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    server.resume();
    await written(30);
    await server.kill9();
    await server.restart();
    await written(30);
    // The second worker goes back while it is written, as one whose share grows.
    workers[1]?.rewind?.('bulk', 0);
    await written(30);
    isStopped = true;
    await writing;
    await Promise.all(appends);
    for (const lane of lanes) {
      const total = writers.reduce((sum, [name]) => sum + (appended.get(`${name} ${lane}`) ?? 0), 0);
      const since = performance.now();
      await eventually('all to be read', () => readers.every((reader) => reader.waiting(lane, 0) === total));
      t.diagnostic(`${lane}: ${total} entries, ${(performance.now() - since).toFixed(0)} ms behind the last append`);
      const byLeader = await seen(leader, lane);
      for (const worker of workers) assert.deepEqual(await seen(worker, lane), byLeader);
      for (const [name] of writers) {
        const own = byLeader.map((text) => text.slice(text.indexOf(' ') + 1)).filter((text) => text.startsWith(name));
        assert.deepEqual(
          own,
          Array.from({ length: appended.get(`${name} ${lane}`) ?? 0 }, (_, i) => `${name} ${i}`),
        );
      }
      for (const worker of workers) {
        await worker.trim(lane, worker.lastSequence(lane));
        assert.equal(worker.waiting(lane, 0), 0);
        worker.rewind?.(lane, 0);
        assert.deepEqual(await seen(worker, lane), byLeader, 'a worker trims nothing on the server');
      }
    }
  },
);

test('what one appends the others have without asking the server for it, and its own word makes nobody ask', async (t) => {
  const prefix = newPrefix();
  const never = { lookEveryMs: 3_600_000 };
  const leader = closing(t, await lead(prefix, never));
  const gateway = closing(t, await openGatewayJournal({ url: server.url, prefix, onHeld: () => undefined }));
  const workers = [closing(t, await open(prefix, never)), closing(t, await open(prefix, never))];
  const readers = [leader, ...workers];
  const link = closing(t, await openNatsLink(server.url, { name: 'test', onState: () => undefined }));
  const streams = Object.getPrototypeOf(link.manager.streams) as { getMessage: (...given: unknown[]) => unknown };
  const asked = t.mock.method(streams, 'getMessage');
  let total = 0;
  for (let round = 0; round < 20; round++) {
    for (const writer of [leader, gateway, ...workers]) {
      await writer.append('alarm', [textEntry(`e${total}`), textEntry('beside it')]);
      total += 2;
      await eventually('all to have it', () => readers.every((reader) => reader.waiting('alarm', 0) === total));
    }
  }
  assert.equal(asked.mock.callCount(), 0);
});

test('a worker begins behind what is applied, within a message too, and finds by itself what nobody told', async (t) => {
  const prefix = newPrefix();
  const leader = closing(t, await lead(prefix));
  const first = await leader.append('bulk', [textEntry('a'), textEntry('b'), textEntry('c')]);
  const worker = closing(t, await open(prefix, { startAfter: { alarm: 0, bulk: first[1] ?? 0 }, lookEveryMs: 20 }));
  assert.deepEqual(await seen(worker, 'bulk'), [`${first[2]} c`]);
  const link = closing(t, await openNatsLink(server.url, { name: 'test', onState: () => undefined }));
  const before = worker.lastSequence('bulk');
  const { data } = (await link.manager.streams.getMessage(`${prefix}-journal-bulk`, { seq: 1 })) ?? {};
  await link.jetStream.publish(`${prefix}.journal.bulk.gateway`, data ?? '');
  await eventually('the look', () => worker.lastSequence('bulk') > before);
  assert.deepEqual((await readAll(worker, 'bulk', 1000, before)).map(textOf), ['a', 'b', 'c']);
});

test('a worker waits for streams that nobody has made, and reads none that was made anew under it', async (t) => {
  const prefix = newPrefix();
  await assert.rejects(open(prefix, { openTimeoutMs: 300 }), /a centre with the role worker makes it/);
  const opening = open(prefix, { lookEveryMs: 20 });
  const leader = closing(t, await lead(prefix, { startAfter: { alarm: 4096 * 7, bulk: 4096 * 7 } }));
  const worker = closing(t, await opening);
  const [sequence] = await leader.append('alarm', [textEntry('seven')]);
  await eventually('it to arrive', () => worker.waiting('alarm', 0) === 1);
  assert.deepEqual(await seen(worker, 'alarm'), [`${sequence} seven`]);
  await leader.close();
  const link = closing(t, await openNatsLink(server.url, { name: 'test', onState: () => undefined }));
  for (const lane of lanes) await link.manager.streams.delete(`${prefix}-journal-${lane}`);
  closing(t, await lead(prefix, { startAfter: { alarm: 4096 * 9, bulk: 4096 * 9 } }));
  await assert.rejects(async () => {
    await eventually('the damage', () => worker.waiting('alarm', sequence ?? 0) === 1);
    await worker.read('alarm', sequence ?? 0, 10);
  }, /alarm was made anew/);
  worker.rewind?.('alarm', 0);
  await assert.rejects(worker.read('alarm', sequence ?? 0, 10), /alarm was made anew/);
});

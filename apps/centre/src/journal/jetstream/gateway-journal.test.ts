import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../../../../tools/servers/nats-server.ts';
import { eventually, readAll, textEntry, textOf } from '../journal-conformance.ts';
import { encodeRecord } from '../record-codec.ts';
import { openGatewayJournal, type GatewayJournal, type GatewayJournalOptions } from './gateway-journal.ts';
import { openJetStreamJournal, type JetStreamJournalOptions } from './jetstream-journal.ts';
import { openNatsLink } from './nats-link.ts';

let server: NatsServer;
let count = 0;
before(async () => {
  server = await startNatsServer();
});
after(() => server.stop());

const newPrefix = (): string => `gateway${++count}`;
const common = { onHeld: () => undefined, retryMs: 50 };
const centre = (prefix: string, options: Partial<JetStreamJournalOptions> = {}) =>
  openJetStreamJournal({
    ...common,
    url: server.url,
    prefix,
    startAfter: { alarm: 0, bulk: 0 },
    warn: () => undefined,
    // A gateway says itself what it appended: nobody needs to look.
    lookEveryMs: 3_600_000,
    ...options,
  });
const gateway = (prefix: string, options: Partial<GatewayJournalOptions> = {}): Promise<GatewayJournal> =>
  openGatewayJournal({ ...common, url: server.url, prefix, ...options });

test('the centre reads what gateways and itself append, once, each in its own order, without asking who leads', async () => {
  const prefix = newPrefix();
  let asked = 0;
  const journal = await centre(prefix, { mayAppend: () => Promise.resolve(++asked > 0) });
  const gateways = [await gateway(prefix), await gateway(prefix)];
  const appends: Promise<unknown>[] = [];
  for (let i = 0; i < 200; i++) {
    for (const [g, one] of gateways.entries()) appends.push(one.append('bulk', [textEntry(`g${g}-${i}`)]));
    if (i % 10 === 0) appends.push(journal.append('bulk', [textEntry(`c-${i / 10}`)]));
    if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(appends);
  await eventually("the gateways' words to arrive", () => journal.waiting('bulk', 0) === 420);
  const texts = (await readAll(journal, 'bulk')).map(textOf);
  for (const [sender, expected] of [
    ['g0', 200],
    ['g1', 200],
    ['c', 20],
  ] as const) {
    const own = texts.filter((text) => text.startsWith(`${sender}-`));
    assert.deepEqual(
      own,
      Array.from({ length: expected }, (_, i) => `${sender}-${i}`),
    );
  }
  assert.equal(texts.length, 420);
  assert.equal(asked, 0);
  for (const one of [...gateways, journal]) await one.close();
});

test(
  'a message whose answer was lost while NATS was killed lies in the stream once',
  { timeout: 120_000 },
  async () => {
    const prefix = newPrefix();
    const journal = await centre(prefix, { lookEveryMs: 50 });
    const held: (string | undefined)[] = [];
    const one = await gateway(prefix, { onHeld: (reason) => void held.push(reason) });
    const appended: Promise<unknown>[] = [];
    let isStopped = false;
    const writer = (async () => {
      for (let i = 0; !isStopped; i++) {
        appended.push(one.append('bulk', [textEntry(`e${i}`)]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    for (let round = 0; round < 2; round++) {
      await server.kill9();
      await eventually('the trouble to be said', () => held.at(-1) !== undefined);
      await server.restart();
      await eventually('it to go on', () => held.at(-1) === undefined);
    }
    isStopped = true;
    await writer;
    await Promise.all(appended);
    await one.drained();
    await eventually('all to be read', () => journal.waiting('bulk', 0) === appended.length);
    assert.deepEqual(
      (await readAll(journal, 'bulk')).map(textOf),
      appended.map((_, i) => `e${i}`),
    );
    await one.close();
    await journal.close();
  },
);

test('a gateway holds its devices back when nobody applies, and goes on by what the centre says it has applied', async () => {
  const prefix = newPrefix();
  const journal = await centre(prefix);
  const one = await gateway(prefix, { maxBacklogEntries: 10, retryMs: 3_600_000 });
  let done = 0;
  for (let i = 0; i < 12; i++) {
    await one.append('bulk', [textEntry(`e${i}`)]);
    if (one.backlog > 10) break;
  }
  const late = one.append('bulk', [textEntry('late')]).then(() => done++);
  // Other lanes are not held.
  await one.append('alarm', [textEntry('fire')]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(done, 0);
  await eventually('the first to arrive', () => journal.waiting('bulk', 0) === 11);
  one.release('bulk', (await readAll(journal, 'bulk'))[5]?.sequence ?? 0);
  await late;
  assert.equal(one.backlog, 5 + 1 + 1, 'five of the first, the late one, and the fire');
  await one.close();
  await journal.close();
});

test('trimming with gateways keeps the newest word of the centre, so that a predecessor is still refused', async () => {
  const prefix = newPrefix();
  const journal = await centre(prefix);
  let mayAppend = true;
  const predecessor = await centre(prefix, { mayAppend: () => Promise.resolve(mayAppend) });
  await predecessor.append('alarm', [textEntry('old')]);
  await journal.append('alarm', [textEntry('I lead')]);
  mayAppend = false;
  const one = await gateway(prefix);
  for (let i = 0; i < 20; i++) await one.append('alarm', [textEntry(`e${i}`)]);
  await eventually('all to arrive', () => journal.waiting('alarm', 0) === 22);
  await journal.trim('alarm', journal.lastSequence('alarm'));
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  const stream = `${prefix}-journal-alarm`;
  await eventually('the old word to go', async () => (await link.manager.streams.info(stream)).state.messages === 21);
  await assert.rejects(predecessor.append('alarm', [textEntry('late')]), /journal is closed/);
  await journal.append('alarm', [textEntry('still')]);
  await journal.trim('alarm', journal.lastSequence('alarm'));
  await eventually('all but one to go', async () => (await link.manager.streams.info(stream)).state.messages === 1);
  for (const opened of [one, predecessor, journal]) await opened.close();
  await link.close();
});

test('a gateway tells where the stream ends, and refuses streams that nobody has made for it', async () => {
  const prefix = newPrefix();
  await assert.rejects(gateway(prefix, { openTimeoutMs: 300 }), /a centre with the role worker makes it/);
  const journal = await centre(prefix, { startAfter: { alarm: 0, bulk: 4096 * 7 } });
  const one = await gateway(prefix);
  assert.equal(await one.endOf('bulk'), 4096 * 7);
  const [sequence] = await one.append('bulk', [textEntry('next')]);
  assert.equal(await one.endOf('bulk'), sequence);
  await eventually(
    'it to be read under that number',
    async () => (await readAll(journal, 'bulk'))[0]?.sequence === sequence,
  );
  await one.close();
  await journal.close();
});

test('what was not heard as it passed by is read from the server', async () => {
  const prefix = newPrefix();
  const journal = await centre(prefix);
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  const one = await gateway(prefix);
  await one.append('bulk', [textEntry('first')]);
  // Its id is told, but under that id nothing was heard.
  const body = encodeRecord(textEntry('second'), 0);
  const { seq } = await link.jetStream.publish(`${prefix}.journal.bulk.gateway`, body);
  link.connection.publish(`${prefix}.appended.bulk`, `${seq} unheard`);
  // No number, or one of a message that is not there yet, is nobody's word.
  for (const word of ['', 'x y', '-1 z', '0 z']) link.connection.publish(`${prefix}.appended.bulk`, word);
  await one.append('bulk', [textEntry('third')]);
  await eventually('all to be read', () => journal.waiting('bulk', 0) === 3);
  assert.deepEqual((await readAll(journal, 'bulk')).map(textOf), ['first', 'second', 'third']);
  await one.close();
  await journal.close();
  await link.close();
});

test('a stream that was made before there were gateways takes their messages once a centre has opened it', async () => {
  const prefix = newPrefix();
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  for (const lane of ['alarm', 'bulk']) {
    const description = `journal of Fengsui, lane ${lane}, numbered from 7`;
    const common = { storage: 'file', retention: 'limits', discard: 'new' } as const;
    const subjects = [`${prefix}.journal.${lane}`];
    await link.manager.streams.add({ ...common, name: `${prefix}-journal-${lane}`, subjects, description });
    await link.jetStream.publish(subjects[0] as string, encodeRecord(textEntry(`old ${lane}`), 0));
  }
  await assert.rejects(gateway(prefix, { openTimeoutMs: 300 }), /a centre with the role worker makes it/);
  const journal = await centre(prefix, { startAfter: { alarm: 4096 * 7, bulk: 4096 * 7 } });
  const one = await gateway(prefix);
  await one.append('alarm', [textEntry('of a gateway')]);
  await journal.append('alarm', [textEntry('of the centre')]);
  await eventually('all to be read', () => journal.waiting('alarm', 0) === 3);
  assert.deepEqual((await readAll(journal, 'alarm')).map(textOf), ['old alarm', 'of a gateway', 'of the centre']);
  for (const opened of [one, journal, link]) await opened.close();
});

test('a centre whose own newest word was trimmed away among those of gateways appends on, once', async () => {
  const prefix = newPrefix();
  const journal = await centre(prefix);
  const one = await gateway(prefix);
  await journal.append('bulk', [textEntry('of long ago')]);
  await one.append('bulk', [textEntry('since then')]);
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  await link.manager.streams.purge(`${prefix}-journal-bulk`, { seq: 2 });
  const [sequence = 0] = await journal.append('bulk', [textEntry('now')]);
  await one.append('bulk', [textEntry('after it')]);
  await eventually('all to be read', () => journal.waiting('bulk', 0) === 4);
  const read = await readAll(journal, 'bulk');
  assert.deepEqual(read.map(textOf), ['of long ago', 'since then', 'now', 'after it']);
  assert.equal(read[2]?.sequence, sequence);
  for (const opened of [one, journal, link]) await opened.close();
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsServer, type NatsServer } from '../../../../../tools/servers/nats-server.ts';
import type { Journal } from '../journal.ts';
import { eventually, readAll, testJournalConformance, textEntry, textOf } from '../journal-conformance.ts';
import { openJetStreamJournal, type JetStreamJournalOptions } from './jetstream-journal.ts';
import { natsOptionsOf, openNatsLink } from './nats-link.ts';

type Request = (this: unknown, subject: string, ...rest: unknown[]) => Promise<unknown>;

let server: NatsServer;
let count = 0;
before(async () => {
  server = await startNatsServer();
});
after(() => server.stop());

const newPrefix = (): string => `test${++count}`;
const open = (prefix: string, options: Partial<JetStreamJournalOptions> = {}): Promise<Journal> =>
  openJetStreamJournal({
    url: server.url,
    prefix,
    startAfter: { alarm: 0, bulk: 0 },
    warn: () => undefined,
    onHeld: () => undefined,
    retryMs: 50,
    ...options,
  });

testJournalConformance({
  name: 'NATS JetStream',
  rewinds: true,
  place: async () => {
    const prefix = newPrefix();
    return { open: (settings) => open(prefix, settings), childArguments: ['jetstream', server.url, prefix] };
  },
});

test('while NATS is gone appending is held and said; when it is back everything is there once, in order', async () => {
  const prefix = newPrefix();
  const held: (string | undefined)[] = [];
  const journal = await open(prefix, { onHeld: (reason) => void held.push(reason) });
  const appended: Promise<readonly number[]>[] = [];
  let isStopped = false;
  const writer = (async () => {
    for (let i = 0; !isStopped; i++) {
      appended.push(journal.append('bulk', [textEntry(`e${i}`)]));
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  await eventually('some entries', () => journal.lastSequence('bulk') > 0);
  for (let round = 0; round < 3; round++) {
    await server.kill9();
    await eventually('the trouble to be said', () => held.at(-1) !== undefined);
    await server.restart();
    await eventually('it to go on', () => held.at(-1) === undefined);
  }
  isStopped = true;
  await writer;
  const sequences = (await Promise.all(appended)).flat();
  await journal.close();
  const reopened = await open(prefix);
  const read = await readAll(reopened, 'bulk');
  assert.deepEqual(
    read.map((entry) => [textOf(entry), entry.sequence]),
    sequences.map((sequence, i) => [`e${i}`, sequence]),
  );
  await reopened.close();
});

test('a NATS that hangs for longer than a publish waits doubles nothing', { timeout: 200_000 }, async () => {
  const prefix = newPrefix();
  const held: (string | undefined)[] = [];
  const journal = await open(prefix, { onHeld: (reason) => void held.push(reason) });
  await journal.append('alarm', [textEntry('first')]);
  server.pause();
  const late = journal.append('alarm', [textEntry('late')]);
  await eventually('the trouble to be said', () => held.at(-1) !== undefined);
  server.resume();
  await late;
  await journal.append('alarm', [textEntry('last')]);
  assert.deepEqual((await readAll(journal, 'alarm')).map(textOf), ['first', 'late', 'last']);
  await journal.close();
  const reopened = await open(prefix);
  assert.deepEqual((await readAll(reopened, 'alarm')).map(textOf), ['first', 'late', 'last']);
  await reopened.close();
});

test('of a message whose answer was lost the stream tells that it is there, also when its id is forgotten', async () => {
  const prefix = newPrefix();
  const journal = await open(prefix);
  await journal.append('alarm', [textEntry('first')]);
  // The server forgets ids after two minutes: here at once, by a window that is as short as it may be.
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  await link.manager.streams.update(`${prefix}-journal-alarm`, { duplicate_window: 100_000_000 });
  let lost = 0;
  // Answers to publishes are cut off: the message arrives, its acknowledgement does not.
  const connections = Object.getPrototypeOf(link.connection) as { request: Request };
  const { request } = connections;
  connections.request = async function (subject, ...rest) {
    const answer = await request.call(this, subject, ...rest);
    if (subject !== `${prefix}.journal.alarm` || lost >= 3) return answer;
    lost++;
    // Longer than the server remembers.
    await new Promise((resolve) => setTimeout(resolve, 300));
    throw new Error('the answer was lost');
  };
  try {
    const [sequence = 0] = await journal.append('alarm', [textEntry('second')]);
    assert.ok(lost >= 1);
    assert.deepEqual(
      (await readAll(journal, 'alarm')).map((entry) => textOf(entry)),
      ['first', 'second'],
    );
    assert.equal(journal.lastSequence('alarm'), sequence);
  } finally {
    connections.request = request;
    await link.close();
  }
  await journal.close();
  const reopened = await open(prefix);
  assert.deepEqual((await readAll(reopened, 'alarm')).map(textOf), ['first', 'second']);
  await reopened.close();
});

test('what another centre appended comes in its place, and whoever may not go on is told', async () => {
  const prefix = newPrefix();
  let mayAppend = true;
  const one = await open(prefix, { lookEveryMs: 50, mayAppend: () => Promise.resolve(mayAppend) });
  const two = await open(prefix, { lookEveryMs: 50 });
  await one.append('alarm', [textEntry('1a')]);
  await two.append('alarm', [textEntry('2a')]);
  await one.append('alarm', [textEntry('1b')]);
  await eventually('the second to see all', () => two.waiting('alarm', 0) === 3);
  for (const journal of [one, two]) assert.deepEqual((await readAll(journal, 'alarm')).map(textOf), ['1a', '2a', '1b']);
  await two.append('alarm', [textEntry('2b')]);
  mayAppend = false;
  const refused = [one.append('alarm', [textEntry('1c')]), one.append('alarm', [textEntry('1d')])];
  for (const append of refused) await assert.rejects(append, /journal is closed/);
  assert.deepEqual((await readAll(two, 'alarm')).map(textOf), ['1a', '2a', '1b', '2b']);
  await one.close();
  await two.close();
});

test('trimming frees the server of what is applied and keeps the newest of it', async () => {
  const prefix = newPrefix();
  const journal = await open(prefix);
  for (let i = 0; i < 20; i++) await journal.append('bulk', [textEntry(`e${i}`)]);
  const all = await readAll(journal, 'bulk');
  await journal.trim('bulk', journal.lastSequence('bulk'));
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  await eventually('one message to be left', async () => {
    return (await link.manager.streams.info(`${prefix}-journal-bulk`)).state.messages === 1;
  });
  await link.close();
  await journal.close();
  const applied = all.at(-1)?.sequence ?? 0;
  const reopened = await open(prefix, { startAfter: { alarm: 0, bulk: applied } });
  assert.equal(reopened.lastSequence('bulk'), applied);
  const [next = 0] = await reopened.append('bulk', [textEntry('next')]);
  assert.ok(next > applied);
  await reopened.close();
});

test('what others have not applied stays on the server, though this reader needs it no more, until they have', async () => {
  const prefix = newPrefix();
  const journal = await open(prefix);
  for (let i = 0; i < 20; i++) await journal.append('bulk', [textEntry(`e${i}`)]);
  const all = await readAll(journal, 'bulk');
  const last = journal.lastSequence('bulk');
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  const first = async (): Promise<number> =>
    (await link.manager.streams.info(`${prefix}-journal-bulk`)).state.first_seq;
  await journal.trim('bulk', last, all[7]?.sequence ?? 0);
  assert.equal(journal.waiting('bulk', 0), 0, 'memory is free');
  await eventually('the first seven to go', async () => (await first()) === 8);
  journal.rewind?.('bulk', all[7]?.sequence ?? 0);
  const again = await readAll(journal, 'bulk', 1000, all[7]?.sequence);
  assert.deepEqual(again, all.slice(8));
  await journal.trim('bulk', last, last);
  await eventually('all but the newest to go', async () => (await first()) === 20);
  // What is gone from the server cannot be read again: better no reader than one that misses it.
  journal.rewind?.('bulk', all[7]?.sequence ?? 0);
  await assert.rejects(readAll(journal, 'bulk', 1000, all[7]?.sequence), /no message 9 of 20: .* are lost/);
  journal.rewind?.('bulk', all[18]?.sequence ?? 0);
  assert.deepEqual(await readAll(journal, 'bulk', 1000, all[18]?.sequence), all.slice(19));
  await link.close();
  await journal.close();
});

test('entries that were not applied and are gone from the server stop the reader with their number', async () => {
  const prefix = newPrefix();
  const journal = await open(prefix);
  for (let i = 0; i < 5; i++) await journal.append('bulk', [textEntry(`e${i}`)]);
  const link = await openNatsLink(server.url, { name: 'test', onState: () => undefined });
  await link.manager.streams.deleteMessage(`${prefix}-journal-bulk`, 3);
  await link.close();
  await journal.close();
  const reopened = await open(prefix);
  await assert.rejects(readAll(reopened, 'bulk'), /no message 3 of 5: entries that were not applied are lost/);
  await reopened.close();
});

test('a store that is older than a stream that was made anew misses entries, and stops with their number', async () => {
  const prefix = newPrefix();
  const journal = await open(prefix, { startAfter: { alarm: 0, bulk: 4096 * 7 } });
  await journal.append('bulk', [textEntry('eight')]);
  await journal.close();
  const reopened = await open(prefix, { startAfter: { alarm: 0, bulk: 4096 * 5 } });
  await assert.rejects(readAll(reopened, 'bulk', 10, 4096 * 5), /no message 6 of 8: .* are lost/);
  reopened.rewind?.('bulk', 4096 * 7);
  assert.deepEqual((await readAll(reopened, 'bulk', 10, 4096 * 7)).map(textOf), ['eight']);
  await reopened.close();
});

test('a server that takes smaller messages than an entry may be is refused with the setting to change', async () => {
  const small = await startNatsServer({ maxPayload: '1MB' });
  try {
    await assert.rejects(open('small', { url: small.url }), /max_payload: 8MB/);
  } finally {
    await small.stop();
  }
});

test('the address may name several servers, a user, a token or TLS; anything else is refused', () => {
  assert.deepEqual(natsOptionsOf('nats://a:4222, nats://b:4223'), { servers: ['a:4222', 'b:4223'] });
  assert.deepEqual(natsOptionsOf('nats://u%40x:p@a:4222'), { servers: ['a:4222'], user: 'u@x', pass: 'p' });
  assert.deepEqual(natsOptionsOf('tls://token@a:4222'), { servers: ['a:4222'], token: 'token', tls: {} });
  for (const wrong of ['a:4222', 'http://a', 'nats://']) assert.throws(() => natsOptionsOf(wrong), /nats\.url/);
});

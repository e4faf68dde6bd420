import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import type { NewEntry } from '../journal/entry.ts';
import type { GbMeta } from '../journal/gb-meta.ts';
import { Registry } from '../registry/registry.ts';
import { firstSessionOf } from './cluster-words.ts';
import { gbSubjects, readRequest, sayResult, type GbDoorAnswer, type GbDoorQuestion } from './gb-words.ts';
import { MemoryBus } from './memory-bus.fixture.ts';
import { RemoteGb } from './remote-gb.ts';

const NOW = 1_800_000_000_000;
const ORDER = { command: 4, unit: { kind: 'empty' }, actId: 'a1' } as const;
const ANSWERED = { outcome: 'answered', serial: 5, type: 81, transmissions: 1, startedAt: NOW } as const;

/** The device T1 was last heard over gateway 3. */
function cluster() {
  const bus = new MemoryBus();
  const there = new Set([3]);
  const notes: GbMeta[] = [];
  const registry = new Registry();
  registry.apply({
    kind: 'devicePut',
    device: { id: 'T1', model: 'generic-uitd', venueId: 'V1', origin: 'live', reportingIntervalMs: 60_000 },
  });
  const sessions = new Map([['T1', firstSessionOf(3) + 7]]);
  const reach = new RemoteGb({
    bus,
    prefix: 'p',
    directory: { isThere: (gateway) => there.has(gateway) },
    journal: {
      append: async (_lane: unknown, entries: readonly NewEntry[]) => {
        for (const { meta } of entries) if ('gb' in meta) notes.push(meta.gb as GbMeta);
        return entries.map(() => 1);
      },
    },
    registry,
    clock: { now: () => NOW },
    sessionOf: (deviceId) => sessions.get(deviceId),
    isListening: () => false,
    lookEveryMs: 5,
  });
  const answer = (give: (question: GbDoorQuestion) => Promise<GbDoorAnswer>): void =>
    bus.answer(gbSubjects('p').door(3), (question) => give(question as GbDoorQuestion));
  return { bus, there, notes, sessions, reach, answer };
}

test('what is asked of a device goes to the gateway that has it, which puts the end on record', async () => {
  const { reach, answer, notes } = cluster();
  const asked: GbDoorQuestion[] = [];
  answer(async (question) => {
    asked.push(question);
    return { isSent: true, result: sayResult(ANSWERED) };
  });
  assert.equal(reach.isConnected('T1'), true);
  assert.deepEqual(await reach.ask('T1', ORDER), ANSWERED);
  const [first] = asked;
  assert.ok(first?.kind === 'ask' && first.deviceId === 'T1');
  assert.deepEqual(readRequest(first.request), ORDER);
  assert.deepEqual(notes, []);
});

test('a device that the gateway has no longer is not connected', async () => {
  const { reach, answer } = cluster();
  answer(async () => ({ isSent: false }));
  assert.equal(await reach.ask('T1', ORDER), undefined);
});

test('of a device without a gateway, or of one whose gateway is gone, it stays on record that nothing was sent', async () => {
  const { reach, sessions, there, notes } = cluster();
  there.clear();
  assert.equal(reach.isConnected('T1'), false);
  assert.equal(await reach.ask('T1', ORDER), undefined);
  sessions.delete('T1');
  assert.equal(await reach.ask('T1', ORDER), undefined);
  assert.deepEqual(
    notes.map((note) => note.kind === 'transaction' && [note.outcome, note.actId]),
    [
      ['notConnected', 'a1'],
      ['notConnected', 'a1'],
    ],
  );
});

test('a gateway that goes while it asks: told within a look, and on record', async () => {
  const { reach, answer, there, notes } = cluster();
  answer(() => new Promise(() => undefined));
  const asking = reach.ask('T1', ORDER);
  there.clear();
  assert.equal((await asking)?.outcome, 'disconnected');
  assert.deepEqual(
    notes.map((note) => note.kind === 'transaction' && note.outcome),
    ['disconnected'],
  );
});

test('a gateway that is there and does not answer: no answer, and no second record beside its own', async () => {
  const { reach, notes } = cluster();
  assert.equal((await reach.ask('T1', ORDER))?.outcome, 'noAnswer');
  assert.deepEqual(notes, []);
});

test('bytes go as they are, and to nobody when nobody has the device', async () => {
  const { reach, answer, there } = cluster();
  const sent: string[] = [];
  answer(async (question) => {
    if (question.kind === 'send') sent.push(Buffer.from(question.bytes, 'base64').toString('hex'));
    return { isSent: true };
  });
  assert.equal(reach.send('T1', Uint8Array.of(0x40, 0x40, 0x00, 0xff)), true);
  there.clear();
  assert.equal(reach.send('T1', Uint8Array.of(1)), false);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(sent, ['404000ff']);
});

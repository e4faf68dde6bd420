import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTelemetry } from '@fengsui/protocol';
import type { Lane, NewEntry, ReportMeta } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { DiskRoom } from '../platform/disk-watch.ts';
import { Registry } from '../registry/registry.ts';
import { captureChunks, deviceRecord, house, T0 } from '../situation/entries.fixture.ts';
import { hashSecret } from './device-secret.ts';
import { Reception } from './reception.ts';

type Appended = { readonly lane: Lane; readonly entry: NewEntry; readonly meta: ReportMeta };

function openReception(append?: () => Promise<readonly number[]>, room: () => DiskRoom = () => 'ample') {
  const registry = new Registry();
  for (const change of house) registry.apply(change);
  for (const device of [
    deviceRecord('GW', { model: 'generic-gateway', secretSha256: hashSecret('gateway secret') }),
    deviceRecord('GW2', { model: 'generic-gateway' }),
    deviceRecord('child', { model: 'generic-smoke', parentId: 'GW', venueId: 'V2', origin: 'simulated' }),
    deviceRecord('ofTerminal', { model: 'generic-smoke', parentId: 'D1' }),
    deviceRecord('gone', { secretSha256: hashSecret('old secret'), revokedAt: T0 }),
  ])
    registry.apply({ kind: 'devicePut', device });
  const appended: Appended[] = [];
  const journal = {
    append: async (lane: Lane, entries: readonly NewEntry[]) => {
      const sequences = await append?.();
      for (const entry of entries) appended.push({ lane, entry, meta: entry.meta as ReportMeta });
      return sequences ?? entries.map(() => appended.length);
    },
  } as unknown as Journal;
  const clock = { now: () => T0 };
  const reception = new Reception({ journal, registry, clock, room, highestApplied: () => undefined });
  const receive = (deviceId: string, topic: string, message: object | string | Uint8Array) => {
    const payload =
      message instanceof Uint8Array
        ? message
        : Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
    return reception.receive({ deviceId, topic, payload });
  };
  return { reception, appended, receive };
}

const telemetry = { seq: 1, at: T0, values: { 'c1.currentA': 1 } };
const arc = { seq: 2, at: T0, kind: 'arc', point: 'c1', active: true, level: 'alarm' };

test('a report is journalled as it came, with the venue, origin and receipt that hold now', async () => {
  const { receive, appended, reception } = openReception();
  assert.deepEqual(await receive('D9', 'fengsui/v1/D9/telemetry', telemetry), { holdMs: 0, close: false });
  assert.deepEqual(appended, [
    {
      lane: 'bulk',
      meta: { deviceId: 'D9', venueId: 'V2', origin: 'live', receivedAt: T0, channel: 'telemetry', live: true },
      entry: {
        kind: 'report',
        partition: partitionOf('V2'),
        appendedAt: T0,
        meta: appended[0]?.meta,
        payload: Buffer.from(JSON.stringify(telemetry)),
        decoded: decodeTelemetry(Buffer.from(JSON.stringify(telemetry))),
      },
    },
  ]);
  assert.equal(reception.receivedCount, 1);
});

test('events that may be alarms take the alarm lane, history and bulk take the other', async () => {
  const { receive, appended } = openReception();
  const [chunk = new Uint8Array()] = captureChunks([1], 1);
  await receive('D1', 'fengsui/v1/D1/event', arc);
  await receive('D1', 'fengsui/v1/D1/event', { kind: 'localAction', point: 'c1' });
  await receive('D1', 'fengsui/v1/D1/event', { kind: 'unheardOf' });
  await receive('D1', 'fengsui/v1/D1/event', { kind: 'loadOn', point: 'c1' });
  await receive('D1', 'fengsui/v1/D1/event', { kind: 'loadOff', point: 'c1' });
  await receive('D1', 'fengsui/v1/D1/telemetry', telemetry);
  await receive('D1', 'fengsui/v1/D1/capture/k-1', chunk);
  await receive('D1', 'fengsui/v1/D1/presence', { online: true });
  assert.deepEqual(
    appended.map(({ lane, meta }) => [lane, meta.channel, meta.captureId]),
    [
      ['alarm', 'event', undefined],
      ['alarm', 'event', undefined],
      ['alarm', 'event', undefined],
      ['bulk', 'event', undefined],
      ['bulk', 'event', undefined],
      ['bulk', 'telemetry', undefined],
      ['bulk', 'capture', 'k-1'],
      ['bulk', 'presence', undefined],
    ],
  );
});

test('telemetry, events and captures share one counter: what is behind it is backlog', async () => {
  const { receive, appended } = openReception();
  const chunk = (seq: number): Uint8Array => captureChunks([1], 1, { seq })[0] ?? new Uint8Array();
  await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, epoch: 'cap', seq: 5 });
  await receive('D1', 'fengsui/v1/D1/event', { ...arc, epoch: 'cap', seq: 4 });
  await receive('D1', 'fengsui/v1/D1/capture/k', chunk(7));
  await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, epoch: 'cap', seq: 6 });
  await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, epoch: 'new', seq: 0 });
  await receive('D1', 'fengsui/v1/D1/telemetry', { values: { 'c1.currentA': 1 } });
  assert.deepEqual(
    appended.map(({ meta }) => meta.live),
    [true, false, true, false, true, true],
  );
});

test('what cannot be read, and what is sent to another’s topic, is journalled with its reason and the topic', async () => {
  const { receive, appended } = openReception();
  const rows: readonly (readonly [topic: string, message: string | Uint8Array, reason: string])[] = [
    ['fengsui/v1/D1/telemetry', '{', 'notJson'],
    ['fengsui/v1/D1/telemetry', '', 'empty'],
    ['fengsui/v1/D1/event', '{"level":"alarm"}', 'missingField'],
    ['fengsui/v1/D1/capture/k', Buffer.from('FSC2'), 'truncated'],
    ['fengsui/v1/D1/presence', '{"online":1}', 'invalidField'],
    ['fengsui/v1/D2/telemetry', JSON.stringify(telemetry), 'foreignTopic'],
    ['fengsui/v1/D404/telemetry', JSON.stringify(telemetry), 'foreignTopic'],
    ['fengsui/v1/D1/command', '{}', 'foreignTopic'],
    ['fengsui/v1/D1/time', '{}', 'foreignTopic'],
    ['fengsui/v1/D1/nothing', '{}', 'foreignTopic'],
    ['elsewhere', '{}', 'foreignTopic'],
  ];
  for (const [topic, message] of rows) await receive('D1', topic, message);
  assert.deepEqual(
    appended.map(({ lane, meta }) => [lane, meta.channel, meta.deviceId, meta.topic, meta.reason]),
    rows.map(([topic, , reason]) => ['bulk', 'unreadable', 'D1', topic, reason]),
  );
});

test('of a very long topic 256 characters are kept', async () => {
  const { receive, appended } = openReception();
  await receive('D1', 'x/'.repeat(20_000), '{}');
  assert.equal(appended[0]?.meta.topic?.length, 256);
});

test('a gateway speaks for its own children, as the child and at the child’s venue', async () => {
  const { receive, appended } = openReception();
  const smoke = { values: { 'smoke.obscurationPctPerM': 1 } };
  await receive('GW', 'fengsui/v1/child/telemetry', smoke);
  await receive('GW', 'fengsui/v1/D1/telemetry', smoke);
  await receive('GW2', 'fengsui/v1/child/telemetry', smoke);
  await receive('D1', 'fengsui/v1/ofTerminal/telemetry', smoke);
  assert.deepEqual(
    appended.map(({ meta }) => [meta.deviceId, meta.venueId, meta.origin, meta.channel]),
    [
      ['child', 'V2', 'simulated', 'telemetry'],
      ['GW', 'V1', 'live', 'unreadable'],
      ['GW2', 'V1', 'live', 'unreadable'],
      ['D1', 'V1', 'live', 'unreadable'],
    ],
  );
});

test('a report is answered when it is durable, not before', async () => {
  const durable = Promise.withResolvers<readonly number[]>();
  const { receive } = openReception(() => durable.promise);
  let isAnswered = false;
  const answer = receive('D1', 'fengsui/v1/D1/telemetry', telemetry).then(() => (isAnswered = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isAnswered, false);
  durable.resolve([1]);
  await answer;
  assert.equal(isAnswered, true);
});

test('a journal that is closed answers nobody', async () => {
  const { receive, reception } = openReception(() => Promise.reject(new Error('journal is closed')));
  await assert.rejects(receive('D1', 'fengsui/v1/D1/telemetry', telemetry), /journal is closed/);
  reception.sessionOpened('D1', 1);
  await new Promise((resolve) => setImmediate(resolve));
});

test('sessions are journalled for devices that are registered', async () => {
  const { reception, appended } = openReception();
  reception.sessionOpened('D1', 3);
  reception.sessionClosed('D1', 3);
  reception.sessionOpened('nobody', 4);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    appended.map(({ lane, meta }) => [lane, meta]),
    ['opened', 'closed'].map((state) => [
      'bulk',
      {
        deviceId: 'D1',
        venueId: 'V1',
        origin: 'live',
        receivedAt: T0,
        channel: 'presence',
        live: true,
        session: 3,
        state,
      },
    ]),
  );
});

test('garbage is counted by who sends it, whatever device it names', async () => {
  const { receive, reception } = openReception();
  for (let i = 0; i < 20; i++) await receive('GW', i % 2 === 0 ? 'fengsui/v1/child/telemetry' : 'elsewhere', '?');
  assert.ok((await receive('GW', 'elsewhere', '?')).holdMs > 0);
  reception.sessionClosed('GW', 1);
  assert.equal((await receive('GW', 'elsewhere', '?')).holdMs, 0);
});

test('who may connect: a registered device with its secret that is not revoked', () => {
  const { reception } = openReception();
  assert.equal(reception.authenticate('GW', 'gateway secret'), 'accepted');
  assert.equal(reception.authenticate('GW', 'gateway secre'), 'wrongSecret');
  assert.equal(reception.authenticate('D1', ''), 'wrongSecret', 'it never had a secret');
  assert.equal(reception.authenticate('nobody', 'gateway secret'), 'unknownDevice');
  assert.equal(reception.authenticate('gone', 'old secret'), 'revoked');
  assert.equal(reception.authenticate('gone', 'wrong'), 'wrongSecret', 'who does not know the secret learns nothing');
});

test('short of disk, captures are refused first, then all that is no alarm; what was refused is as new when it comes again', async () => {
  let room: DiskRoom = 'tight';
  const { receive, appended } = openReception(undefined, () => room);
  const [chunk = new Uint8Array()] = captureChunks([1], 1);
  const send = async (): Promise<readonly boolean[]> => {
    const answers = [
      await receive('D1', 'fengsui/v1/D1/capture/k-1', chunk),
      await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, seq: 8 }),
      await receive('D1', 'fengsui/v1/D1/event', { kind: 'loadOn', point: 'c1' }),
      await receive('D1', 'fengsui/v1/D1/event', 'no JSON'),
      await receive('D1', 'fengsui/v1/D1/presence', { online: true }),
      await receive('D1', 'fengsui/v1/D1/event', { ...arc, seq: 2 }),
    ];
    return answers.map(({ isRefused }) => isRefused === true);
  };
  assert.deepEqual(await send(), [true, false, false, false, false, false]);
  room = 'low';
  appended.length = 0;
  assert.deepEqual(await send(), [true, true, true, true, false, false]);
  assert.deepEqual(
    appended.map(({ lane, meta }) => [lane, meta.channel]),
    [
      ['bulk', 'presence'],
      ['alarm', 'event'],
    ],
  );
  await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, seq: 9 });
  room = 'last';
  assert.deepEqual(await send(), [true, true, true, true, true, false]);
  room = 'ample';
  appended.length = 0;
  await receive('D1', 'fengsui/v1/D1/telemetry', { ...telemetry, seq: 9 });
  assert.equal(appended[0]?.meta.live, true, 'it was refused before: nothing newer was taken');
});

test('numbers that are learned first decide what is live, in the order of arrival, and are learned once per device', async () => {
  const registry = new Registry();
  for (const change of house) registry.apply(change);
  registry.apply({ kind: 'devicePut', device: deviceRecord('GW', { model: 'generic-gateway' }) });
  registry.apply({ kind: 'devicePut', device: deviceRecord('child', { model: 'generic-smoke', parentId: 'GW' }) });
  const taken: [number | undefined, boolean][] = [];
  const learned = new Set<string>();
  const asked: string[] = [];
  const wait = Promise.withResolvers<void>();
  const reception = new Reception({
    journal: {
      append: async (_lane, entries) => {
        for (const { meta, decoded } of entries)
          taken.push([(decoded as { seq?: number }).seq, (meta as ReportMeta).live]);
        return [1];
      },
    },
    registry,
    clock: { now: () => T0 },
    highestApplied: (deviceId) => (learned.has(deviceId) ? 5 : undefined),
    learnNumbers: (senderId, deviceId) => {
      if (learned.has(deviceId)) return undefined;
      asked.push(`${senderId} ${deviceId}`);
      return wait.promise.then(() => void learned.add(deviceId));
    },
  });
  const receive = (seq: number) =>
    reception.receive({
      deviceId: 'GW',
      topic: 'fengsui/v1/child/telemetry',
      payload: Buffer.from(JSON.stringify({ ...telemetry, seq })),
    });
  const received = [receive(3), receive(6)];
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, []);
  wait.resolve();
  await Promise.all(received);
  await receive(4);
  assert.deepEqual(taken, [
    [3, false],
    [6, true],
    [4, false],
  ]);
  assert.deepEqual(new Set(asked), new Set(['GW child']));
});

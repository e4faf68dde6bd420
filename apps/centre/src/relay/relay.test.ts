import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { createGbFrameSplitter, encodeGbFrame, readGbHead } from '@fengsui/protocol';
import type { RelayAnswer } from '../intake/gb26875/relay-door.ts';
import { createLog } from '../platform/log.ts';
import { lanes, type Lane } from '../journal/entry.ts';
import type { RelayMeta } from '../journal/relay-meta.ts';
import { withRelayDefaults } from '../registry/relay-targets.ts';
import type { OwedFrame } from '../situation/gb-relay/relay-state.ts';
import { Relay } from './relay.ts';

const DEVICE = { id: 'K1', model: 'generic-uitd', venueId: 'V1', origin: 'live', reportingIntervalMs: 60_000 } as const;
const PATIENCE_MS = 100_000;

/** Another centre: takes frames, and replies as it is told. */
class OtherCentre {
  readonly serials: number[] = [];
  connections = 0;
  reply: (serial: number) => 'confirm' | 'deny' | undefined = () => 'confirm';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    const splitter = createGbFrameSplitter();
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      for (const piece of splitter.push(chunk, 0)) {
        if (piece.kind !== 'frame') continue;
        const { serial, version, source, destination } = readGbHead(piece.bytes);
        this.serials.push(serial);
        const answer = this.reply(serial);
        if (answer === undefined) continue;
        const command = answer === 'confirm' ? 3 : 6;
        socket.write(
          encodeGbFrame({
            serial,
            version,
            source: destination,
            destination: source,
            command,
            unit: { kind: 'empty' },
            sentAt: now,
          }),
        );
      }
    });
  }
}

let now: number;
let other: OtherCentre;
const others: OtherCentre[] = [];
let settled: { readonly kind: string; readonly orders: readonly number[] }[];
let notes: RelayMeta[];
/** What the store would have. */
let rows: Map<number, OwedFrame>;
let applied: Promise<void>;
let alarmsApplied: Promise<void>;
/** Whether what was settled is removed from the rows at once. */
let removes: boolean;
let owed: Promise<void>;
beforeEach(() => {
  owed = Promise.resolve();
  now = Date.UTC(2026, 4, 1);
  other = new OtherCentre();
  others.push(other);
  settled = [];
  notes = [];
  rows = new Map();
  applied = Promise.resolve();
  alarmsApplied = Promise.resolve();
  removes = true;
});
after(() => Promise.all(others.map((one) => one.close())));

function relayTo(port: number, settings: object = {}): Relay {
  const target = withRelayDefaults({ id: 'r', mode: 'answering', changes: [], host: '127.0.0.1', port, ...settings });
  return new Relay({
    target,
    rows: {
      untilApplied: (of: readonly Lane[] = lanes) => (of.includes('bulk') ? applied : alarmsApplied),
      untilOwed: () => owed,
      count: async () => rows.size,
      first: async (limit) =>
        [...rows.values()].sort((a, b) => Number(b.isUrgent) - Number(a.isUrgent) || a.order - b.order).slice(0, limit),
      fires: async (limit) =>
        [...rows.values()]
          .filter(({ isUrgent }) => isUrgent)
          .sort((a, b) => a.order - b.order)
          .slice(0, limit),
    },
    journal: {
      settled: async (kind, _relayId, _lane, orders) => {
        if (orders.length > 0) settled.push({ kind, orders });
        if (removes) for (const order of orders) rows.delete(order);
      },
      note: (note) => void notes.push(note),
    },
    clock: { now: () => now },
    log: createLog({ level: 'error', json: false }),
    random: () => 0,
    after: Promise.resolve(),
    isDeviceConnected: () => true,
    onOrder: () => undefined,
  });
}

const upload = (serial: number): Uint8Array =>
  encodeGbFrame({
    serial,
    version: { major: 1, user: 0 },
    sentAt: now,
    source: '010203040506',
    destination: '010000000000',
    command: 2,
    unit: { kind: 'userDefined', type: 130, count: 1, body: Uint8Array.of(serial & 0xff, serial >> 8) },
  });

/** As the way in does it: the frame is durable, its row is there. */
function take(relay: Relay, order: number, isUrgent = false, answer?: RelayAnswer): void {
  const lane = isUrgent ? 'alarm' : 'bulk';
  const bytes = upload(order);
  rows.set(order, { relayId: 'r', deviceId: 'K1', order, isUrgent, receivedAt: now, bytes });
  relay.take({ device: DEVICE, relayIds: ['r'], order, lane, receivedAt: now, bytes }, answer);
}

/** As a gateway and another worker do it: there is a row. */
function owe(order: number, isUrgent: boolean): void {
  rows.set(order, { relayId: 'r', deviceId: 'K1', order, isUrgent, receivedAt: now, bytes: upload(order) });
}

/** Sweeps without the time passing, until it is so. */
async function until(relay: Relay, what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    relay.sweep(now);
    await relay.flush();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Rows have been looked at: what comes now is held at once. */
async function started(port: number, settings: object = {}): Promise<Relay> {
  const relay = relayTo(port, settings);
  rows.set(-1, { relayId: 'r', deviceId: 'K1', order: -1, isUrgent: false, receivedAt: now, bytes: upload(60_000) });
  await until(relay, 'the row of before the start', () => rows.size === 0);
  other.serials.length = 0;
  settled.length = 0;
  return relay;
}

test('a fire goes beside the frame under way, before everything that waits; the rest keeps its order', async () => {
  const relay = await started(await other.open());
  for (let n = 1; n <= 5; n++) take(relay, n);
  take(relay, 6, true);
  await until(relay, 'all to be confirmed', () => relay.counts.owedCount === 0);
  assert.deepEqual(other.serials, [1, 6, 2, 3, 4, 5]);
  await relay.stop();
});

test('a fire that others owe goes before what is held, and waits for no lane but its own', async () => {
  const relay = relayTo(await other.open());
  other.reply = () => undefined;
  for (const n of [1, 2, 3]) owe(n, false);
  await until(relay, 'the first to be under way', () => other.serials.length === 1);
  applied = new Promise(() => undefined);
  const alarms = Promise.withResolvers<void>();
  alarmsApplied = alarms.promise;
  owe(9, true);
  relay.lookForFires();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(other.serials, [1], 'a predecessor may have seen it go');
  alarms.resolve();
  await until(relay, 'the fire', () => other.serials.length === 2);
  assert.deepEqual(other.serials, [1, 9]);
  assert.equal(relay.counts.owedFireCount, 1);
  await relay.stop();
});

test('a fire that has gone is not sent again while its row is still there, and the next ones are', async () => {
  const relay = relayTo(await other.open());
  await until(relay, 'the rows to be read', () => relay.standing.state === 'idle');
  removes = false;
  for (let n = 1; n <= 5; n++) {
    owe(n, true);
    await until(relay, `fire ${n}`, () => {
      relay.lookForFires();
      return other.serials.includes(n) && relay.counts.owedCount === 0;
    });
    // The rows of the even ones are seen to be gone.
    if (n % 2 === 0) rows.delete(n);
  }
  for (let look = 0; look < 20; look++) {
    relay.lookForFires();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.deepEqual(other.serials, [1, 2, 3, 4, 5]);
  await relay.stop();
});

test('what has gone is settled when it is owed on record, and not forgotten when that takes too long', async () => {
  const relay = await started(await other.open());
  const slow = Promise.withResolvers<void>();
  owed = slow.promise;
  take(relay, 1);
  const deadline = Date.now() + PATIENCE_MS;
  while (relay.counts.owedCount > 0) {
    assert.ok(Date.now() < deadline, 'the frame did not go');
    relay.sweep(now);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const writing = relay.flush();
  assert.deepEqual(settled, []);
  slow.reject(new Error('not applied in time'));
  await assert.rejects(writing);
  assert.deepEqual(settled, []);
  owed = Promise.resolve();
  await relay.flush();
  assert.deepEqual(settled, [{ kind: 'delivered', orders: [1] }]);
  await relay.stop();
});

test('a frame that is denied four times is set aside and counted; its neighbours arrive', async () => {
  const relay = await started(await other.open());
  other.reply = (serial) => (serial === 2 ? 'deny' : 'confirm');
  for (const n of [1, 2, 3]) take(relay, n);
  await until(relay, 'nothing to be owed', () => relay.counts.owedCount === 0 && settled.length >= 2);
  assert.deepEqual(other.serials, [1, 2, 2, 2, 2, 3]);
  const setAside = settled.filter(({ kind }) => kind === 'setAside').flatMap(({ orders }) => orders);
  assert.deepEqual(setAside, [2]);
  await relay.stop();
});

test('a centre that confirms nothing gets a frame four times 9 s apart, then on new connections, and never loses it', async () => {
  const relay = await started(await other.open());
  other.reply = () => undefined;
  take(relay, 1);
  await until(relay, 'the first transmission', () => other.serials.length === 1);
  for (let n = 2; n <= 4; n++) {
    now += 8_999;
    relay.sweep(now);
    now += 1;
    await until(relay, `transmission ${n}`, () => other.serials.length === n);
  }
  assert.equal(other.connections, 1);
  now += 9_000;
  relay.sweep(now);
  assert.equal(relay.standing.state, 'away');
  now += 1_000;
  await until(relay, 'the next connection', () => other.serials.length === 5 && other.connections === 2);
  for (let round = 0; round < 12; round++) {
    now += 40_000;
    relay.sweep(now);
  }
  assert.equal(relay.counts.owedCount, 1, 'nobody ever spoke: nothing is given up');
  other.reply = () => 'confirm';
  now += 40_000;
  await until(relay, 'it to arrive', () => {
    now += 1_000;
    return relay.counts.owedCount === 0;
  });
  await relay.flush();
  assert.deepEqual(settled, [{ kind: 'delivered', orders: [1] }]);
  await relay.stop();
});

test('more than memory holds is read from the rows: each frame arrives once, in order', async () => {
  const port = await other.open();
  const relay = await started(port);
  await other.close();
  await until(relay, 'the other centre to be away', () => relay.standing.state === 'away');
  const count = 20_500;
  for (let n = 1; n <= count; n++) take(relay, n);
  take(relay, count + 1, true);
  assert.equal(relay.counts.owedCount, count + 1);
  const back = new OtherCentre();
  others.push(back);
  await back.open(port);
  now += 30_000;
  await until(relay, 'all to arrive', () => relay.counts.owedCount === 0 && rows.size === 0);
  const normal = back.serials.filter((serial) => serial !== count + 1);
  assert.equal(back.serials.length, count + 1);
  assert.ok(back.serials.indexOf(count + 1) <= 1, 'the fire first');
  assert.deepEqual(
    normal,
    Array.from({ length: count }, (_, n) => n + 1),
  );
  await relay.stop();
});

test('what comes while rows are read follows them, and what comes then is confirmed by the other centre again', async () => {
  const relay = relayTo(await other.open());
  const { promise, resolve } = Promise.withResolvers<void>();
  applied = promise;
  take(relay, 1);
  relay.sweep(now);
  const ours: number[] = [];
  for (let n = 2; n <= 4; n++) take(relay, n, false, (confirm) => void (confirm === undefined && ours.push(n)));
  assert.deepEqual(ours, [2, 3, 4], 'nobody waits for rows');
  resolve();
  await until(relay, 'all to arrive', () => relay.counts.owedCount === 0 && rows.size === 0);
  let confirm: Uint8Array | undefined;
  take(relay, 5, false, (answer) => (confirm = answer));
  await until(relay, 'the confirm', () => confirm !== undefined);
  assert.equal(readGbHead(confirm ?? new Uint8Array(30)).serial, 5);
  assert.deepEqual(other.serials, [1, 2, 3, 4, 5]);
  assert.equal(relay.counts.confirmedForItCount, 3);
  await relay.stop();
});

test('beyond the bound a frame is not owed and is counted as lost; fires have a tenth more', async () => {
  const relay = await started(await other.open(), { keepFrames: 100 });
  other.reply = () => undefined;
  for (let n = 1; n <= 100; n++) take(relay, n);
  assert.deepEqual([relay.hasRoom('bulk'), relay.hasRoom('bulk'), relay.hasRoom('alarm')], [false, false, true]);
  await relay.flush();
  assert.deepEqual(notes, [{ kind: 'lost', relayId: 'r', count: 2 }]);
  await relay.stop();
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { deviceOperation, partStates, runState } from './client/frame-bytes.ts';
import { GbCentre } from './client/gb-centre.ts';
import type { GbClient } from './client/gb-client.ts';

const ADDRESS = '0102030405a6';
const IN_OUR_NAME = '0a0a0a0a0a01';
/** A record carries its number in one byte: all rounds together stay below 256. */
const PER_ROUND = 20;

type Relay = {
  readonly mode: string;
  readonly state: string;
  readonly owedCount: number;
  readonly owedFireCount: number;
  readonly deliveredCount: number;
  readonly confirmedForItCount: number;
  readonly lostCount: number;
  readonly setAsideCount: number;
  readonly ordersRefused: number;
  readonly changes: readonly { readonly kind: string; readonly by: string; readonly to?: string }[];
};

/** Ours, and the one that was there before: each a centre of its own. */
let ours: GbCentre;
let old: GbCentre;
let admin: ApiClient;
let sent = 0;

before(async () => {
  ours = await GbCentre.start();
  old = await GbCentre.start();
  admin = new ApiClient(ours.process.webUrl, await ours.process.createToken('systemAdmin'));
  for (const centre of [ours, old]) await centre.register('K1', ADDRESS);
  await put('old', {});
});
after(async () => {
  await ours.dispose();
  await old.dispose();
});

const put = async (id: string, settings: object): Promise<void> => {
  const body = { host: '127.0.0.1', port: old.port, confirmWithinMs: 8_000, awayFaultS: 5, ...settings };
  const { status, text } = await admin.call('PUT', `/api/v1/relays/${id}`, body);
  assert.equal(status, 200, text);
};
const switchTo = async (mode: string, id = 'old'): Promise<void> => {
  const { status, text } = await admin.post(`/api/v1/relays/${id}/mode`, { mode, reason: 'cut-over' });
  assert.equal(status, 200, text);
};
const relay = (id = 'old'): Promise<Relay> => admin.get(`/api/v1/relays/${id}`);
const until = (what: string, isSo: (relay: Relay) => boolean, id = 'old'): Promise<Relay> =>
  eventually(what, async () => {
    const found = await relay(id);
    return isSo(found) ? found : undefined;
  });

/** A record of the device with a number of its own. */
function upload(device: GbClient): { readonly serial: number; readonly frame: Buffer } {
  const serial = sent++;
  return { serial, frame: device.frame(deviceOperation(0x10, serial), { serial }) };
}

async function confirmedUploads(device: GbClient, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { serial, frame } = upload(device);
    device.write(frame);
    assert.equal((await device.reply(serial)).command, 3);
  }
}

/** What a centre has of the records, by number. */
async function recorded(centre: GbCentre, deviceId = 'K1'): Promise<readonly number[]> {
  type Event = { readonly evidence?: { readonly operator?: number } };
  const path = `/api/v1/events?deviceId=${deviceId}&kind=selfTest&limit=1000`;
  const { items } = await centre.api.get<{ items: Event[] }>(path);
  return items.map(({ evidence }) => evidence?.operator ?? -1).sort((a, b) => a - b);
}

/** Both have every record, and none of them twice. */
async function bothHaveAll(): Promise<void> {
  const all = Array.from({ length: sent }, (_, n) => n);
  for (const centre of [ours, old]) {
    const found = await eventually('all records', async () => {
      const numbers = await recorded(centre);
      return numbers.length >= sent ? numbers : undefined;
    });
    assert.deepEqual(found, all, centre === ours ? 'at ours' : 'at the old one');
  }
}

/** Frames without waiting, the centres killed between them, and everything again as a device does that got no confirm. */
async function throughKills(kill: readonly GbCentre[]): Promise<void> {
  const device = await ours.client(ADDRESS);
  const frames = Array.from({ length: PER_ROUND }, () => upload(device));
  for (const { frame } of frames) device.write(frame);
  const some = Math.floor(Math.random() * PER_ROUND * 0.5);
  await eventually('some confirms', () => device.replies.filter(({ command }) => command === 3).length >= some);
  for (const centre of kill) await centre.process.kill9();
  for (const centre of kill) await centre.process.up();
  device.close();
  const again = await ours.client(ADDRESS);
  for (const { serial, frame } of frames) {
    again.write(frame);
    assert.equal((await again.reply(serial)).command, 3);
  }
  await until('nothing to be owed', ({ owedCount }) => owedCount === 0);
  await bothHaveAll();
  again.close();
}

/** Has a device do what it is asked, as a real one does; the types of what it was asked, as they come. */
function obedient(device: GbClient, status = 0x01): readonly number[] {
  const asked: number[] = [];
  const obey = async (): Promise<void> => {
    const order = await device.take(({ command }) => command === 1 || command === 4);
    const type = order.data[0] ?? 0;
    asked.push(type);
    if (order.command === 1) device.confirm(order);
    else device.answer(order, type === 88 ? Buffer.from([28, 1, 1, 2, 3, 4, 5, 26]) : runState(status));
  };
  void (async () => {
    while (!device.isClosed) await obey().catch(() => undefined);
  })();
  return asked;
}

test('listening: the old centre confirms, asks and sets the clock through us, and we say nothing', async () => {
  await switchTo('listening');
  const device = await ours.client(ADDRESS);
  const asked = obedient(device, 0x09);
  await confirmedUploads(device, 1);
  const { confirmedForItCount } = await until('the old centre to have it', (one) => one.deliveredCount === 1);
  await confirmedUploads(device, 10);
  assert.equal((await relay()).confirmedForItCount, confirmedForItCount, 'every confirm is the old centre’s');
  // What a centre asks at connect comes once, from the one that answers the device.
  for (const centre of [old, ours]) {
    const fault = await eventually('the mains fault', async () =>
      (await centre.api.alarmsOf('K1')).find(({ kind }) => kind === 'mainsFault'),
    );
    assert.equal(fault.state, 'unacknowledged', 'a response is read by both');
  }
  const ownCheck = await ours.api.post('/api/v1/devices/K1/gb/on-duty-check');
  assert.deepEqual([ownCheck.status, (ownCheck.body as { code: string }).code], [409, 'relayListening']);
  assert.equal((await old.api.post('/api/v1/devices/K1/gb/on-duty-check', { withinMin: 5 })).status, 200);
  await eventually('the question at the device', () => asked.includes(91));
  await device.send(deviceOperation(0x20, 7), { serial: 60_001 });
  const answered = await eventually('the answer of the person on duty', async () => {
    const { items } = await old.api.get<{ items: { state: string; operator?: number }[] }>(
      '/api/v1/devices/K1/gb/on-duty-checks',
    );
    return items.find(({ state }) => state === 'answered');
  });
  assert.equal(answered.operator, 7);
  assert.deepEqual([...asked].sort(), [81, 90, 91], 'each once, of one centre');
  device.close();
});

test('listening: while the old centre is away we confirm, keep what it is owed over kill -9, and say so', async () => {
  await old.process.kill9();
  const device = await ours.client(ADDRESS);
  await confirmedUploads(device, 1);
  await until('the old centre to be away', ({ state }) => state === 'away');
  await confirmedUploads(device, 9);
  assert.equal((await device.send(partStates({ status: 0x0003 }), { serial: 60_002 })).command, 3);
  const before = await until('all to be owed', ({ owedCount }) => owedCount === 11);
  assert.equal(before.owedFireCount, 1);
  const away = await eventually('the fault', async () => (await ours.api.alarmsOf('relay:old'))[0]);
  assert.deepEqual([away.kind, away.category], ['relayAway', 'fault']);
  await ours.process.kill9();
  await ours.process.up();
  await until('the same to be owed after a restart', (one) => one.owedCount === 11 && one.owedFireCount === 1);
  await old.process.up();
  await until('nothing to be owed', ({ owedCount }) => owedCount === 0);
  await bothHaveAll();
  for (const centre of [ours, old]) {
    const fires = (await centre.api.alarmsOf('K1')).filter(({ kind }) => kind === 'fire');
    assert.deepEqual(
      fires.map(({ count }) => count),
      [1],
    );
  }
  await eventually('the fault to end', async () => (await ours.api.alarm(away.id)).state === 'returnedUnacknowledged');
  device.close();
});

test('listening: either centre is killed between frames and confirms, and both, and nothing is lost or doubled', async () => {
  await throughKills([ours]);
  await throughKills([old, ours]);
});

test('answering: we confirm, set the clock and ask; the old centre gets its copy, may read, and sets no clock', async () => {
  await until('the line of before to be closed', ({ state }) => state === 'idle');
  await switchTo('answering');
  const device = await ours.client(ADDRESS);
  const asked = obedient(device);
  await confirmedUploads(device, 5);
  await eventually('our clock and our question', () => asked.includes(90) && asked.includes(81));
  await until('the copies to be there', ({ owedCount }) => owedCount === 0);
  await bothHaveAll();
  const technician = new ApiClient(old.process.webUrl, await old.process.createToken('technician'));
  await eventually('the old centre to read the clock', async () => {
    return (await technician.post('/api/v1/devices/K1/gb/read', { type: 88 })).status === 200;
  });
  assert.ok(asked.includes(88));
  const clock = await technician.post('/api/v1/devices/K1/gb/sync-clock');
  assert.deepEqual([clock.status, (clock.body as { code: string }).code], [504, 'transactionFailed']);
  assert.match(clock.text, /denied/);
  assert.ok((await relay()).ordersRefused >= 4);
  const refused = await eventually('the refusal among the events of the device', async () => {
    const { items } = await ours.api.get<{ items: { evidence?: { type?: number } }[] }>(
      '/api/v1/events?deviceId=K1&kind=relayOrderRefused',
    );
    return items[0];
  });
  assert.equal(refused.evidence?.type, 90);
  assert.equal(asked.filter((type) => type === 90).length, 1, 'a clock has one master');
  device.close();
});

test('answering: either centre is killed between frames and confirms, and both, and nothing is lost or doubled', async () => {
  await throughKills([ours]);
  await throughKills([old]);
});

test('a higher centre gets the frames in our own name; who did what is kept; off means nothing goes', async () => {
  await old.register('H1', IN_OUR_NAME);
  await put('higher', { sourceAddress: IN_OUR_NAME });
  const listening = await admin.post('/api/v1/relays/higher/mode', { mode: 'listening', reason: 'r' });
  assert.deepEqual([listening.status, (listening.body as { code: string }).code], [422, 'invalidRelay']);
  await switchTo('answering', 'higher');
  const first = sent;
  const device = await ours.client(ADDRESS);
  await confirmedUploads(device, 5);
  const inOurName = await eventually('the frames at the higher centre', async () => {
    const numbers = await recorded(old, 'H1');
    return numbers.length >= 5 ? numbers : undefined;
  });
  assert.deepEqual(inOurName, [first, first + 1, first + 2, first + 3, first + 4]);
  await switchTo('off', 'higher');
  await switchTo('listening');
  const conflict = await admin.call('PUT', '/api/v1/relays/second', { host: '127.0.0.1', port: old.port });
  assert.equal(conflict.status, 200);
  const second = await admin.post('/api/v1/relays/second/mode', { mode: 'listening', reason: 'r' });
  assert.deepEqual([second.status, (second.body as { code: string }).code], [409, 'relayConflict']);
  const off = ['gb26875', 'relay', 'mode', '--id', 'old', '--mode', 'off', '--reason', 'closed'];
  const { code, stderr } = await fengsui([...off, '--data', ours.process.folder]);
  assert.deepEqual([code, stderr.trim()], [0, 'relay old: listening → off']);
  await confirmedUploads(device, 1);
  const { changes, mode, lostCount, setAsideCount } = await relay();
  assert.deepEqual([mode, lostCount, setAsideCount], ['off', 0, 0]);
  assert.deepEqual(
    changes.map(({ kind, to }) => [kind, to]),
    [
      ['mode', 'off'],
      ['mode', 'listening'],
      ['mode', 'answering'],
      ['mode', 'listening'],
      ['created', undefined],
    ],
  );
  assert.equal((await recorded(old)).includes(sent - 1), false);
  device.close();
});

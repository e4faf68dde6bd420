import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlarmRow, LateHazard, Page, Quarantined, SeriesRow } from './client/api-client.ts';
import { captureChunks } from './client/capture-chunks.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually, sleep, within } from './client/eventually.ts';
import { packetTypes, publishPacket, RawMqtt } from './client/raw-mqtt.ts';

const POINT = 't1.temperatureC';
const HOUR_MS = 3_600_000;

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const valued = (temperatureC: number): { values: Record<string, number> } => ({ values: { [POINT]: temperatureC } });

async function rowsOf(deviceId: string, pointId = POINT): Promise<readonly SeriesRow[]> {
  const now = Date.now();
  const { items, downsampled } = await contract.api.series(deviceId, pointId, now - 3 * HOUR_MS, now + HOUR_MS);
  assert.equal(downsampled, 1);
  return items;
}

const valuesOf = async (deviceId: string, pointId?: string): Promise<number[]> =>
  (await rowsOf(deviceId, pointId)).map(([, , , last]) => last).sort((a, b) => a - b);

/** Everything the device has sent before is applied once this value is in the series. */
let markers = 0;
async function settle(device: DeviceClient): Promise<void> {
  const value = 1_000_000 + ++markers;
  await device.telemetry({ values: { 'c8.energyKwh': value } });
  await eventually('the marker to be applied', async () =>
    (await valuesOf(device.deviceId, 'c8.energyKwh')).includes(value),
  );
}

async function alarm(deviceId: string, kind: string): Promise<AlarmRow | undefined> {
  return (await contract.api.alarmsOf(deviceId)).find((candidate) => candidate.kind === kind);
}

const raised = (deviceId: string, kind: string): Promise<AlarmRow> =>
  eventually(`alarm ${kind} of ${deviceId}`, () => alarm(deviceId, kind));

const quarantined = (deviceId: string, count: number): Promise<readonly Quarantined[]> =>
  eventually(`${count} messages of ${deviceId} in quarantine`, async () => {
    const found = await contract.api.quarantineOf(deviceId);
    return found.length >= count ? found : undefined;
  });

const payloadOf = ({ payloadBase64 }: Quarantined): string => Buffer.from(payloadBase64, 'base64').toString('utf8');

test('the same key with the same body is acknowledged and stored once', async () => {
  const device = await contract.device('identity-same');
  const report = { epoch: 'b7', seq: 812, at: Date.now(), ...valued(31.5) };
  for (let i = 0; i < 5; i++) await device.telemetry(report);
  const event = {
    epoch: 'b7',
    seq: 813,
    at: Date.now(),
    kind: 'overload',
    point: 'c1',
    active: true,
    level: 'warning',
  };
  for (let i = 0; i < 5; i++) await device.event(event);
  await settle(device);
  assert.deepEqual(await valuesOf('identity-same'), [31.5]);
  const alarms = await contract.api.alarmsOf('identity-same');
  assert.deepEqual(
    alarms.map(({ kind, count }) => [kind, count]),
    [['overload', 1]],
  );
});

test('the same key with another body is stored as well and raises the fault sequenceReset', async () => {
  const device = await contract.device('identity-conflict');
  const at = Date.now();
  await device.telemetry({ epoch: 'b7', seq: 5, at: at - 2_000, ...valued(20) });
  await device.telemetry({ epoch: 'b7', seq: 6, at: at - 1_000, ...valued(21) });
  await device.telemetry({ epoch: 'b7', seq: 5, at, ...valued(22) });
  const fault = await raised('identity-conflict', 'sequenceReset');
  assert.equal(fault.category, 'fault');
  await settle(device);
  assert.deepEqual(await valuesOf('identity-conflict'), [20, 21, 22]);
});

test('a new epoch begins a new count, and a missing epoch is the empty one', async () => {
  const device = await contract.device('identity-epoch');
  const at = Date.now();
  await device.telemetry({ epoch: 'e1', seq: 1, at, ...valued(1) });
  await device.telemetry({ epoch: 'e2', seq: 1, at: at + 1, ...valued(2) });
  await device.telemetry({ seq: 1, at: at + 2, ...valued(3) });
  await settle(device);
  assert.deepEqual(await valuesOf('identity-epoch'), [1, 2, 3]);
  assert.equal(await alarm('identity-epoch', 'sequenceReset'), undefined);
  await device.telemetry({ epoch: '', seq: 1, at: at + 3, ...valued(4) });
  await raised('identity-epoch', 'sequenceReset');
  await settle(device);
  assert.deepEqual(await valuesOf('identity-epoch'), [1, 2, 3, 4]);
});

test('the counter goes to 2^53 - 1, and numbers may come in any order', async () => {
  const device = await contract.device('identity-order');
  const at = Date.now();
  for (const [index, seq] of [Number.MAX_SAFE_INTEGER, 0, 7, 3, 5, 4, 6, 3, 0].entries()) {
    await device.telemetry({
      epoch: 'x',
      seq,
      at: at - (seq % 1_000),
      ...valued(index > 6 ? (seq === 3 ? 3 : 1) : index),
    });
  }
  await settle(device);
  // The last two repeat seq 3 and 0 with the values they had: duplicates.
  assert.deepEqual(await valuesOf('identity-order'), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(await alarm('identity-order', 'sequenceReset'), undefined);
});

test('without seq the same topic and payload within 60 s are one report', async () => {
  const device = await contract.device('identity-none');
  const report = JSON.stringify({ at: Date.now(), ...valued(33) });
  for (let i = 0; i < 4; i++) await device.send('telemetry', report);
  await device.send('telemetry', `${report} `);
  const event = { kind: 'tamper', point: '', active: true, level: 'warning' };
  for (let i = 0; i < 3; i++) await device.event(event);
  await settle(device);
  assert.deepEqual(await valuesOf('identity-none'), [33, 33], 'another payload is another report');
  assert.equal((await alarm('identity-none', 'tamper'))?.count, 1);
});

test('the limits of what was received survive kill -9: resent reports are duplicates, changed ones are not', async () => {
  const device = await contract.device('identity-kill');
  const at = Date.now();
  const report = (seq: number, value: number): object => ({ epoch: 'k', seq, at: at + seq, ...valued(value) });
  for (let seq = 1; seq <= 20; seq++) await device.telemetry(report(seq, seq));
  // Nothing of these can be stored in a series: all points unknown, all values unknown.
  await device.telemetry({ epoch: 'k', seq: 21, at, values: { 'zz.unknown': 1 } });
  await device.telemetry({ epoch: 'k', seq: 22, at, values: { [POINT]: null } });
  const withoutSeq = { at, ...valued(77) };
  await device.telemetry(withoutSeq);
  await settle(device);
  await contract.process.kill9();
  await contract.process.up();
  const again = await contract.device('identity-kill');
  for (let seq = 1; seq <= 20; seq++) await again.telemetry(report(seq, seq));
  await again.telemetry({ epoch: 'k', seq: 21, at, values: { 'zz.unknown': 1 } });
  await again.telemetry({ epoch: 'k', seq: 22, at, values: { [POINT]: null } });
  await again.telemetry(withoutSeq);
  await settle(again);
  assert.deepEqual(await valuesOf('identity-kill'), [...Array.from({ length: 20 }, (_, i) => i + 1), 77]);
  assert.equal(await alarm('identity-kill', 'sequenceReset'), undefined, 'nothing but repetitions came');
  await again.telemetry(report(3, 300));
  await raised('identity-kill', 'sequenceReset');
  await settle(again);
  assert.ok((await valuesOf('identity-kill')).includes(300));
});

test('a batch is one report with a row per period', async () => {
  const device = await contract.device('batch-1');
  const at0 = Date.now() - 60_000;
  const batch = {
    epoch: 'b',
    seq: 1,
    at0,
    periodMs: 500,
    points: [POINT, 'c1.currentA'],
    rows: [
      [20, 1],
      [21, null],
      [22, 3],
      [null, 4],
    ],
  };
  await device.telemetry(batch);
  await device.telemetry(batch);
  await device.telemetry({ epoch: 'b', seq: 2, at: at0 + 2_000, values: { [POINT]: 23 } });
  await settle(device);
  const withoutSpread = (rows: readonly SeriesRow[]): number[][] => rows.map(([at, , , last]) => [at - at0, last]);
  assert.deepEqual(withoutSpread(await rowsOf('batch-1')), [
    [0, 20],
    [500, 21],
    [1_000, 22],
    [2_000, 23],
  ]);
  assert.deepEqual(withoutSpread(await rowsOf('batch-1', 'c1.currentA')), [
    [0, 1],
    [1_000, 3],
    [1_500, 4],
  ]);
});

for (const [name, badAt] of [
  ['six minutes ahead', () => Date.now() + 6 * 60_000],
  ['an hour ahead', () => Date.now() + HOUR_MS],
  ['of 1970', () => 86_400_000],
  ['below zero', () => -1],
  ['in seconds instead of milliseconds', () => Math.floor(Date.now() / 1_000)],
  ['beyond every calendar', () => 9e15],
  ['of a number too large', () => 1e300],
  ['in words', () => '2026-11-21T10:00:00Z'],
] as const) {
  test(`a report with an instant ${name} counts from its receipt and makes the clock suspect`, async () => {
    const id = `clock-${name.replaceAll(' ', '-')}`;
    const device = await contract.device(id);
    const before = Date.now();
    await device.telemetry({ epoch: 'c', seq: 1, at: badAt(), ...valued(25) });
    const fault = await raised(id, 'clockSuspect');
    assert.equal(fault.category, 'fault');
    const [row] = await rowsOf(id);
    assert.ok(row !== undefined && row[0] >= before && row[0] <= Date.now(), `stored at ${row?.[0]}`);
    const shown = await contract.api.get<{ clockSuspect?: boolean }>(`/api/v1/devices/${id}`);
    assert.equal(shown.clockSuspect, true);
    await device.telemetry({ epoch: 'c', seq: 2, at: Date.now(), ...valued(26) });
    await eventually(
      'the clock fault returned',
      async () => (await contract.api.alarm(fault.id)).state === 'returnedUnacknowledged',
    );
    assert.equal(
      (await contract.api.get<{ clockSuspect?: boolean }>(`/api/v1/devices/${id}`)).clockSuspect ?? false,
      false,
    );
  });
}

test('a clock four minutes ahead and a report without an instant are no fault', async () => {
  const device = await contract.device('clock-good');
  const ahead = Date.now() + 4 * 60_000;
  await device.telemetry({ epoch: 'c', seq: 1, at: ahead, ...valued(25) });
  const before = Date.now();
  await device.telemetry({ epoch: 'c', seq: 2, ...valued(26) });
  await settle(device);
  assert.equal(await alarm('clock-good', 'clockSuspect'), undefined);
  const rows = await rowsOf('clock-good');
  assert.deepEqual(
    rows.map(([, , , last]) => last),
    [26, 25],
  );
  assert.equal(rows[1]?.[0], ahead);
  assert.ok((rows[0]?.[0] ?? 0) >= before);
});

test('an event with a bad instant raises at its receipt, with the clock fault beside it', async () => {
  const device = await contract.device('clock-event');
  const before = Date.now();
  await device.event({
    epoch: 'c',
    seq: 1,
    at: Date.now() + 10 * HOUR_MS,
    kind: 'smoke',
    point: 'smoke',
    active: true,
    level: 'alarm',
  });
  const { raisedAt } = await raised('clock-event', 'smoke');
  assert.ok(Date.parse(raisedAt) >= before && Date.parse(raisedAt) <= Date.now());
  await raised('clock-event', 'clockSuspect');
});

test('of a report with bad values the good ones are kept and the bad ones go to quarantine', async () => {
  const device = await contract.device('partly-bad');
  await device.telemetry({
    epoch: 'p',
    seq: 1,
    at: Date.now(),
    values: {
      [POINT]: 31,
      'c9.currentA': 3,
      'c1.currentA': '4.3',
      'c1.voltageV': 229.8,
      't2.temperatureC': { v: 1 },
      't3.temperatureC': true,
    },
  });
  const [item] = await quarantined('partly-bad', 1);
  assert.equal(item?.topic.endsWith('telemetry'), true);
  for (const point of ['c9.currentA', 'c1.currentA', 't2.temperatureC', 't3.temperatureC']) {
    assert.ok(item?.reason.includes(point), `${item?.reason} names ${point}`);
  }
  assert.ok(!item?.reason.includes('c1.voltageV'));
  await settle(device);
  assert.deepEqual(await valuesOf('partly-bad'), [31]);
  assert.deepEqual(await valuesOf('partly-bad', 'c1.voltageV'), [229.8]);
  assert.deepEqual(await valuesOf('partly-bad', 'c1.currentA'), []);
  assert.equal((await contract.api.quarantineOf('partly-bad')).length, 1);
  assert.equal((await contract.api.alarmsOf('partly-bad')).length, 0, 'a wrong point is no fault of the device');
});

test('what cannot be read is acknowledged and quarantined with its reason', async () => {
  const device = await contract.device('unreadable');
  const other = await contract.device('unreadable-other');
  const nan = '{"epoch":"u","seq":1,"at":1763718000123,"values":{"t1.temperatureC":NaN}}';
  const messages: readonly (readonly [topic: string, payload: string | Buffer])[] = [
    ['fengsui/v1/unreadable/telemetry', 'not json'],
    ['fengsui/v1/unreadable/telemetry', nan],
    ['fengsui/v1/unreadable/telemetry', '{"epoch":"u","seq":2'],
    ['fengsui/v1/unreadable/telemetry', Buffer.from([0xff, 0xfe, 0x00])],
    ['fengsui/v1/unreadable/event', '[]'],
    ['fengsui/v1/unreadable/event', '{"epoch":"u","seq":3,"active":true}'],
    ['fengsui/v1/unreadable/nothing', '{}'],
    ['fengsui/v1/unreadable-other/telemetry', JSON.stringify(valued(99))],
    ['fengsui/v1/unreadable/command', '{"id":"1","name":"open"}'],
    ['fengsui/v1/unreadable/time', '{"at":0}'],
    ['somewhere/else', 'x'],
    ['fengsui/v1/unreadable/capture/with space', 'x'],
    [`fengsui/v1/unreadable/${'a/'.repeat(90)}b`, 'x'],
  ];
  for (const [topic, payload] of messages) {
    await within(`PUBACK of ${topic.slice(0, 80)}`, device.mqtt.publishAsync(topic, payload, { qos: 1 }));
  }
  const found = await quarantined('unreadable', messages.length);
  assert.equal(found.length, messages.length);
  for (const { reason } of found) assert.ok(reason.length > 0);
  const bodies = found.map(payloadOf);
  assert.ok(bodies.includes(nan) && bodies.includes('not json'));
  const foreign = found.filter(({ topic }) => topic === 'fengsui/v1/unreadable-other/telemetry');
  assert.equal(foreign.length, 1);
  assert.deepEqual(await contract.api.quarantineOf('unreadable-other'), [], 'it counts against its sender');
  await settle(device);
  await settle(other);
  assert.deepEqual(await valuesOf('unreadable-other'), []);
  assert.deepEqual(await valuesOf('unreadable'), []);
});

test('the pages of the quarantine hold every message once', async () => {
  const secret = await contract.register('quarantine-pages');
  const client = await RawMqtt.logIn(contract.process.mqttPort, 'quarantine-pages', secret);
  const bodies = Array.from({ length: 20 }, (_, index) => `broken ${String(index).padStart(2, '0')}`);
  client.send(
    Buffer.concat(
      bodies.map((body, index) => publishPacket('fengsui/v1/quarantine-pages/telemetry', body, { id: index + 1 })),
    ),
  );
  await quarantined('quarantine-pages', bodies.length);
  client.destroy();
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 20; page++) {
    const { items, nextCursor } = await contract.api.get<Page<Quarantined>>(
      `/api/v1/quarantine?deviceId=quarantine-pages&limit=3${cursor}`,
    );
    assert.ok(items.length <= 3);
    seen.push(...items.map(payloadOf));
    if (nextCursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  assert.deepEqual(seen.sort(), bodies);
});

test('more than 20 unreadable messages a minute are a fault of the device, 20 are not', async () => {
  const device = await contract.device('malformed');
  for (let i = 0; i < 20; i++) await device.send('telemetry', `broken ${i}`);
  await quarantined('malformed', 20);
  await settle(device);
  assert.equal(await alarm('malformed', 'malformedReports'), undefined);
  await device.send('telemetry', 'broken 21');
  const fault = await raised('malformed', 'malformedReports');
  assert.equal(fault.category, 'fault');
  // Read more slowly from here on, but read.
  const startedAt = performance.now();
  await device.send('telemetry', 'broken 22');
  assert.ok(performance.now() - startedAt > 20, 'the 22nd is held back');
  await device.telemetry({ epoch: 'm', seq: 1, at: Date.now(), ...valued(44) });
  await eventually('the good report', async () => (await valuesOf('malformed')).includes(44));
});

test('more than 1,000 unreadable messages a minute with nothing valid end the connection; a neighbour goes on', async () => {
  const secret = await contract.register('hopeless');
  const neighbour = await contract.device('hopeless-neighbour');
  const client = await RawMqtt.logIn(contract.process.mqttPort, 'hopeless', secret);
  let sent = 0;
  const flood = (async () => {
    while (!client.isClosed && sent < 1_500) {
      const burst = Array.from({ length: 50 }, () =>
        publishPacket('fengsui/v1/hopeless/telemetry', `broken ${sent++}`, { id: (sent % 60_000) + 1 }),
      );
      client.send(Buffer.concat(burst));
      await eventually(
        'the burst answered or the connection closed',
        () => client.isClosed || client.ofType(packetTypes.puback).length >= sent,
        30_000,
      );
    }
  })();
  let good = 0;
  while (!client.isClosed && good < 500) {
    await neighbour.telemetry({ epoch: 'n', seq: good, at: Date.now(), ...valued(good) });
    good++;
    await sleep(10);
  }
  await flood;
  await client.untilClosed();
  assert.ok(sent > 1_000, `closed after ${sent}`);
  assert.ok(client.ofType(packetTypes.puback).length >= 1_000, 'the first 1,000 are acknowledged');
  const fault = await raised('hopeless', 'malformedReports');
  assert.equal(fault.count, 1);
  await settle(neighbour);
  assert.equal((await valuesOf('hopeless-neighbour')).length, good);
  assert.ok((await contract.api.quarantineOf('hopeless')).length < 1_000, 'bounded per device');
});

test('as many unreadable messages with one valid among them keep the connection', async () => {
  const secret = await contract.register('hopeful');
  const client = await RawMqtt.logIn(contract.process.mqttPort, 'hopeful', secret);
  client.send(
    publishPacket('fengsui/v1/hopeful/telemetry', JSON.stringify({ epoch: 'h', seq: 1, ...valued(1) }), { id: 1 }),
  );
  await client.first(packetTypes.puback);
  for (let sent = 0; sent < 1_100;) {
    const burst = Array.from({ length: 100 }, () =>
      publishPacket('fengsui/v1/hopeful/telemetry', `broken ${sent++}`, { id: sent + 1 }),
    );
    client.send(Buffer.concat(burst));
    await eventually('the burst answered', () => client.ofType(packetTypes.puback).length >= sent + 1, 30_000);
  }
  assert.equal(client.isClosed, false);
  client.destroy();
});

test('backlog fills the history and neither raises nor clears; what it exceeded is a late hazard', async () => {
  const device = await contract.device('backlog');
  const now = Date.now();
  const rowsFrom = (at0: number, value: number) => ({
    at0,
    periodMs: 1_000,
    points: [POINT],
    rows: Array.from({ length: 12 }, () => [value]),
  });
  await device.telemetry({ epoch: 'l', seq: 100, at: now, ...valued(30) });
  await device.telemetry({ epoch: 'l', seq: 50, ...rowsFrom(now - 600_000, 120) });
  await settle(device);
  assert.equal(await alarm('backlog', 'overTemperature'), undefined);
  assert.equal((await valuesOf('backlog')).filter((value) => value === 120).length, 12);
  const { items } = await contract.api.get<Page<LateHazard>>('/api/v1/late-hazards?deviceId=backlog&limit=1000');
  assert.ok(items.length > 0);
  assert.ok(items.every(({ kind, point, value }) => kind === 'overTemperature' && point === POINT && value === 120));
  const points = await contract.api.get<Page<{ id: string; value?: number }>>('/api/v1/devices/backlog/points');
  assert.equal(points.items.find(({ id }) => id === POINT)?.value, 30, 'the last value is the live one');
  // Live: raises. Backlog after it, however cool: does not clear.
  await device.telemetry({ epoch: 'l', seq: 101, ...rowsFrom(now - 12_000, 120) });
  const hot = await raised('backlog', 'overTemperature');
  await device.telemetry({ epoch: 'l', seq: 60, ...rowsFrom(now + 2_000, 20) });
  await settle(device);
  assert.equal((await contract.api.alarm(hot.id)).state, 'unacknowledged');
});

test('the highest seq is live whatever its instant, and so is a report without seq', async () => {
  const device = await contract.device('live-old');
  const now = Date.now();
  const hot = (at0: number) => ({ at0, periodMs: 1_000, points: [POINT], rows: Array.from({ length: 6 }, () => [95]) });
  await device.telemetry({ epoch: 'l', seq: 1, at: now, ...valued(30) });
  // Newer by its number, older by its clock: evaluated all the same.
  await device.telemetry({ epoch: 'l', seq: 2, ...hot(now - HOUR_MS) });
  const alarmOfNumber = await raised('live-old', 'overTemperature');
  assert.notEqual(alarmOfNumber.late, true);
  const other = await contract.device('live-none');
  await other.telemetry({ epoch: 'l', seq: 9, at: now, ...valued(30) });
  await other.telemetry(hot(now - 10_000));
  await raised('live-none', 'overTemperature');
});

test('a report that repeats the highest seq with another body is live', async () => {
  const device = await contract.device('live-equal');
  const now = Date.now();
  await device.telemetry({ epoch: 'l', seq: 5, at: now - 20_000, ...valued(30) });
  // A counter that was restored from an old copy: its next number is one that was used.
  await device.telemetry({
    epoch: 'l',
    seq: 5,
    at0: now - 10_000,
    periodMs: 1_000,
    points: [POINT],
    rows: Array.from({ length: 6 }, () => [95]),
  });
  await raised('live-equal', 'sequenceReset');
  await raised('live-equal', 'overTemperature');
});

test('a late event raises, marked late, and a late end never clears a newer state', async () => {
  const device = await contract.device('late-event');
  const now = Date.now();
  const event = (seq: number, at: number, active: boolean, point = 'c1') => ({
    epoch: 'l',
    seq,
    at,
    kind: 'arc',
    point,
    active,
    level: 'alarm',
  });
  await device.telemetry({ epoch: 'l', seq: 10, at: now, ...valued(30) });
  await device.event(event(4, now - 60_000, true));
  assert.equal((await raised('late-event', 'arc')).late, true);
  await device.event(event(11, now - 50_000, true, 'c2'));
  const live = await eventually('the alarm of c2', async () =>
    (await contract.api.alarmsOf('late-event')).find(({ pointId }) => pointId === 'c2'),
  );
  assert.notEqual(live.late, true);
  await device.event(event(5, now - 55_000, false, 'c2'));
  await settle(device);
  assert.equal((await contract.api.alarm(live.id)).state, 'unacknowledged');
  await device.event(event(12, now, false, 'c2'));
  await eventually('the live end', async () => (await contract.api.alarm(live.id)).state === 'returnedUnacknowledged');
});

test('a gateway speaks for its children and for nobody else', async () => {
  const gateway = await contract.device('gw-1', { model: 'generic-gateway' });
  // Its model has no points of its own: nothing to store, nothing to break.
  await gateway.telemetry({ epoch: 'g', seq: 0, at: Date.now(), values: {} });
  await contract.register('gw-child', { model: 'generic-smoke', parentId: 'gw-1' });
  await contract.register('gw-stranger', { model: 'generic-smoke' });
  const child = await contract.device('gw-child');
  await gateway.send(
    'event',
    { epoch: 'g', seq: 1, at: Date.now(), kind: 'smoke', point: 'smoke', active: true, level: 'alarm' },
    { as: 'gw-child' },
  );
  const fire = await raised('gw-child', 'smoke');
  assert.equal(fire.category, 'fire');
  await gateway.send(
    'telemetry',
    { epoch: 'g', seq: 2, at: Date.now(), values: { 'smoke.obscurationPctPerM': 1.5 } },
    { as: 'gw-child' },
  );
  await eventually('the value of the child', async () =>
    (await valuesOf('gw-child', 'smoke.obscurationPctPerM')).includes(1.5),
  );
  await gateway.send(
    'telemetry',
    { epoch: 'g', seq: 3, at: Date.now(), values: { 'smoke.obscurationPctPerM': 1.7 } },
    { as: 'gw-stranger' },
  );
  await child.send('telemetry', { values: {} }, { as: 'gw-1' });
  assert.match((await quarantined('gw-1', 1))[0]?.topic ?? '', /gw-stranger/);
  assert.match((await quarantined('gw-child', 1))[0]?.topic ?? '', /gw-1/);
  assert.deepEqual(await valuesOf('gw-stranger', 'smoke.obscurationPctPerM'), []);
});

type CaptureRow = { readonly id: string; readonly complete: boolean; readonly chunksReceived: number };

test('a capture is complete in any order of its chunks, and stays so when one is resent after kill -9', async () => {
  const device = await contract.device('capture-1');
  const codes = Array.from({ length: 4_000 }, (_, index) => ((index * 37) % 65_536) - 32_768);
  const chunks = captureChunks(1, codes, 4);
  const chunk = (index: number): Buffer => chunks[index] ?? Buffer.alloc(0);
  for (const index of [2, 0, 3]) await device.send('capture/cap-A', chunk(index));
  await settle(device);
  const path = '/api/v1/captures/capture-1:cap-A';
  assert.equal((await contract.api.get<CaptureRow>(path)).complete, false);
  await device.send('capture/cap-A', chunk(2));
  await device.send('capture/cap-A', chunk(1));
  await settle(device);
  assert.equal((await contract.api.get<CaptureRow>(path)).complete, true);
  await contract.process.kill9();
  await contract.process.up();
  const again = await contract.device('capture-1');
  // Its PUBACK was lost with the connection.
  await again.send('capture/cap-A', chunk(0));
  await settle(again);
  const summary = await contract.api.get<CaptureRow>(path);
  assert.deepEqual([summary.complete, summary.chunksReceived], [true, 4]);
  const samples = await contract.api.get<{
    sampleRateHz: number;
    channels: { point: string; unit: string; values: number[] }[];
  }>(`${path}/samples`);
  assert.equal(samples.sampleRateHz, 6_400);
  const [channel] = samples.channels;
  assert.deepEqual([channel?.point, channel?.unit], ['c1.currentA', 'A']);
  assert.deepEqual(
    channel?.values,
    codes.map((code) => code * 0.5 + 1),
  );
  assert.deepEqual(await contract.api.quarantineOf('capture-1'), []);
});

test('a chunk whose CRC is wrong is quarantined and does not spoil the capture', async () => {
  const device = await contract.device('capture-2');
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = captureChunks(1, [1, 2, 3, 4], 2);
  const spoilt = Buffer.from(second);
  spoilt.writeUInt8((spoilt.at(-1) ?? 0) ^ 0xff, spoilt.length - 1);
  await device.send('capture/cap-B', first);
  await device.send('capture/cap-B', spoilt);
  await quarantined('capture-2', 1);
  await device.send('capture/cap-B', second);
  await settle(device);
  assert.equal((await contract.api.get<CaptureRow>('/api/v1/captures/capture-2:cap-B')).complete, true);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Quarantined } from './client/api-client.ts';
import { captureChunks } from './client/capture-chunks.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually, sleep, within } from './client/eventually.ts';
import { packetTypes, publishPacket, RawMqtt } from './client/raw-mqtt.ts';

const POINT = 't1.temperatureC';

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
});
after(() => contract.dispose());

const valued = (temperatureC: number): { values: Record<string, number> } => ({ values: { [POINT]: temperatureC } });

const payloadOf = ({ payloadBase64 }: Quarantined): string => Buffer.from(payloadBase64, 'base64').toString('utf8');

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
  const [item] = await contract.quarantined('partly-bad', 1);
  assert.equal(item?.topic.endsWith('telemetry'), true);
  for (const point of ['c9.currentA', 'c1.currentA', 't2.temperatureC', 't3.temperatureC']) {
    assert.ok(item?.reason.includes(point), `${item?.reason} names ${point}`);
  }
  assert.ok(!item?.reason.includes('c1.voltageV'));
  await contract.settle(device);
  assert.deepEqual(await contract.valuesOf('partly-bad'), [31]);
  assert.deepEqual(await contract.valuesOf('partly-bad', 'c1.voltageV'), [229.8]);
  assert.deepEqual(await contract.valuesOf('partly-bad', 'c1.currentA'), []);
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
  const found = await contract.quarantined('unreadable', messages.length);
  assert.equal(found.length, messages.length);
  for (const { reason } of found) assert.ok(reason.length > 0);
  const bodies = found.map(payloadOf);
  assert.ok(bodies.includes(nan) && bodies.includes('not json'));
  const foreign = found.filter(({ topic }) => topic === 'fengsui/v1/unreadable-other/telemetry');
  assert.equal(foreign.length, 1);
  assert.deepEqual(await contract.api.quarantineOf('unreadable-other'), [], 'it counts against its sender');
  await contract.settle(device);
  await contract.settle(other);
  assert.deepEqual(await contract.valuesOf('unreadable-other'), []);
  assert.deepEqual(await contract.valuesOf('unreadable'), []);
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
  await contract.quarantined('quarantine-pages', bodies.length);
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
  await contract.quarantined('malformed', 20);
  await contract.settle(device);
  assert.equal(await contract.alarmOf('malformed', 'malformedReports'), undefined);
  await device.send('telemetry', 'broken 21');
  const fault = await contract.raised('malformed', 'malformedReports');
  assert.equal(fault.category, 'fault');
  // Read more slowly from here on, but read.
  const startedAt = performance.now();
  await device.send('telemetry', 'broken 22');
  assert.ok(performance.now() - startedAt > 20, 'the 22nd is held back');
  await device.telemetry({ epoch: 'm', seq: 1, at: Date.now(), ...valued(44) });
  await eventually('the good report', async () => (await contract.valuesOf('malformed')).includes(44));
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
  const fault = await contract.raised('hopeless', 'malformedReports');
  assert.equal(fault.count, 1);
  await contract.settle(neighbour);
  assert.equal((await contract.valuesOf('hopeless-neighbour')).length, good);
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
    await eventually('the burst answered', () => client.ofType(packetTypes.puback).length >= sent + 1);
  }
  assert.equal(client.isClosed, false);
  client.destroy();
});

type CaptureRow = { readonly id: string; readonly complete: boolean; readonly chunksReceived: number };

test('a capture is complete in any order of its chunks, and stays so when one is resent after kill -9', async () => {
  const device = await contract.device('capture-1');
  const codes = Array.from({ length: 4_000 }, (_, index) => ((index * 37) % 65_536) - 32_768);
  const chunks = captureChunks(1, codes, 4);
  const chunk = (index: number): Buffer => chunks[index] ?? Buffer.alloc(0);
  for (const index of [2, 0, 3]) await device.send('capture/cap-A', chunk(index));
  await contract.settle(device);
  const path = '/api/v1/captures/capture-1:cap-A';
  assert.equal((await contract.api.get<CaptureRow>(path)).complete, false);
  await device.send('capture/cap-A', chunk(2));
  await device.send('capture/cap-A', chunk(1));
  await contract.settle(device);
  assert.equal((await contract.api.get<CaptureRow>(path)).complete, true);
  await contract.process.kill9();
  await contract.process.up();
  const again = await contract.device('capture-1');
  // Its PUBACK was lost with the connection.
  await again.send('capture/cap-A', chunk(0));
  await contract.settle(again);
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
  await contract.quarantined('capture-2', 1);
  await device.send('capture/cap-B', second);
  await contract.settle(device);
  assert.equal((await contract.api.get<CaptureRow>('/api/v1/captures/capture-2:cap-B')).complete, true);
});

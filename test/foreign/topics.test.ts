import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import mqtt, { type MqttClient } from 'mqtt';
import { requireProgram } from '../../tools/servers/find-or-install.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually, within } from '../contract/client/eventually.ts';
import { connackOf, packetTypes, publishPacket, RawMqtt, connectPacket } from '../contract/client/raw-mqtt.ts';

const run = promisify(execFile);

type Group = {
  sourceId: string;
  shape: string;
  topic?: string;
  messages: number;
  receipts: number;
  newestId: string;
  reasons: string[];
};
type SourceRow = {
  id: string;
  kind: string;
  sessions?: number;
  waiting: number;
  lastMessageAt?: string;
  topics?: string[];
};

let contract: ContractCentre;
let integrator: ApiClient;
let port: number;

/** The platform's way: its id is the third level of the topic, its values have no names of ours. */
const mapping = {
  schemaVersion: 1,
  name: 'smoke detectors of a maker',
  applies: { topic: 'maker/up/+/status' },
  device: { path: '@topic[2]', table: { 'SN-1': 'smoke-1', 'SN-2': 'smoke-2' } },
  values: [{ path: 'obsc', point: 'smoke.obscurationPctPerM' }],
  conditions: [
    {
      path: 'alarm',
      cases: { '1': { kind: 'smoke', point: 'smoke' }, '0': { kind: 'smoke', active: false, point: 'smoke' } },
    },
  ],
};

async function createSource(document: object): Promise<string> {
  const answer = await callControlSocket(contract.process.folder, 'createSource', document as Record<string, unknown>);
  assert.ok(answer !== undefined && 'result' in answer, JSON.stringify(answer));
  return (answer.result as { secret: string }).secret;
}

async function logIn(id: string, secret: string, clientId = id): Promise<MqttClient> {
  const options = { clientId, username: id, password: secret, protocolVersion: 4, reconnectPeriod: 0 } as const;
  const client = await within(`${clientId} to connect`, mqtt.connectAsync(contract.process.mqttUrl, options));
  client.on('error', () => undefined);
  return client;
}

const groupsOf = async (source: string): Promise<readonly Group[]> =>
  (await integrator.get<{ items: Group[] }>(`/api/v1/inbox/groups?source=${source}`)).items;
const sourceOf = async (id: string): Promise<SourceRow> => {
  const found = (await integrator.get<{ items: SourceRow[] }>('/api/v1/sources')).items.find((row) => row.id === id);
  assert.ok(found);
  return found;
};
const send = (client: MqttClient, topic: string, message: object | string): Promise<unknown> =>
  within(
    `PUBACK of ${topic}`,
    client.publishAsync(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 }),
  );

before(async () => {
  contract = await ContractCentre.start();
  port = contract.process.mqttPort;
  integrator = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator'));
  await contract.register('smoke-1', { model: 'generic-smoke' });
  await contract.register('smoke-2', { model: 'generic-smoke' });
});
after(() => contract.dispose());

test('a source logs in with its own credential and no other', async () => {
  const secret = await createSource({ id: 'login', kind: 'mqttTopic', topics: ['login/#'] });
  const right = { clientId: 'login', username: 'login', password: secret };
  assert.equal(await connackOf(port, right), 0);
  assert.equal(await connackOf(port, { ...right, clientId: 'login:sensor-7' }), 0, 'a client of its own of many');
  assert.equal(await connackOf(port, { ...right, clientId: 'other' }), 2);
  assert.equal(await connackOf(port, { ...right, clientId: 'login-7' }), 2);
  assert.equal(await connackOf(port, { ...right, password: 'wrong' }), 4);
  assert.equal(await connackOf(port, { clientId: 'login', username: 'login' }), 4);
  await createSource({ id: 'pusher' });
  const pushed = await callControlSocket(contract.process.folder, 'createSource', {
    id: 'smoke-1',
    kind: 'mqttTopic',
    topics: ['x'],
  });
  assert.match(JSON.stringify(pushed), /sourceExists|smoke-1 is a device/);
  const bad = await callControlSocket(contract.process.folder, 'createSource', {
    id: 'bad',
    kind: 'mqttTopic',
    topics: ['fengsui/v1/#'],
  });
  assert.match(JSON.stringify(bad), /our own devices/);
  const open = await logIn('login', secret);
  assert.equal((await sourceOf('login')).sessions, 1);
  const closed = new Promise((resolve) => open.once('close', () => resolve(undefined)));
  const { body: renewed } = await integrator.post('/api/v1/sources/login/secret', {});
  await within('the session with the old secret to end', closed);
  assert.equal(await connackOf(port, right), 4);
  const next = { ...right, password: (renewed as { secret: string }).secret };
  assert.equal(await connackOf(port, next), 0);
  assert.equal((await integrator.post('/api/v1/sources/login/revoke', {})).status, 200);
  assert.equal(await connackOf(port, next), 5);
});

test('a foreign topic waits, becomes a mapping and then a live point and an alarm', async () => {
  const secret = await createSource({ id: 'maker', kind: 'mqttTopic', topics: ['maker/up/#'] });
  const client = await logIn('maker', secret);
  await send(client, 'maker/up/SN-1/status', { obsc: 0.2, alarm: 1 });
  await send(client, 'maker/up/SN-2/status', { obsc: 0.1, alarm: 0 });
  await send(client, 'maker/up/SN-1/name', { name: 'kitchen' });
  const groups = await eventually('two groups', async () => {
    const found = await groupsOf('maker');
    return found.length === 2 && found.some(({ messages }) => messages === 2) ? found : undefined;
  });
  const group = groups.find(({ messages }) => messages === 2);
  assert.ok(group);
  assert.deepEqual([group.topic, group.reasons], ['maker/up/+/status', ['noMapping']]);
  const { items } = await integrator.get<{ items: { topic: string; text: string }[] }>(
    `/api/v1/inbox/groups/maker/${group.shape}`,
  );
  assert.deepEqual(items.map(({ topic }) => topic).sort(), ['maker/up/SN-1/status', 'maker/up/SN-2/status']);
  const tried = await integrator.post('/api/v1/inbox/try', { source: 'maker', shape: group.shape, mapping });
  const { statements: _statements, ...sums } = tried.body as Record<string, unknown>;
  assert.deepEqual(sums, { messages: 2, read: 2, statementCount: 4, unmapped: [], unmappedCount: 0, warnings: [] });
  assert.equal((await contract.api.alarmsOf('smoke-1')).length, 0, 'a try keeps nothing');
  const put = await integrator.post('/api/v1/mappings/maker/variants', mapping);
  assert.equal(put.status, 200, put.text);
  const replayed = await integrator.post('/api/v1/inbox/replay', { source: 'maker' });
  assert.deepEqual(replayed.body, { messages: 3, mapped: 4, settled: 2 }, replayed.text);
  const late = await contract.raised('smoke-1', 'smoke');
  assert.equal(late.late, true, 'what waited raises, marked late');
  await send(client, 'maker/up/SN-2/status', { obsc: 3.5, alarm: 1 });
  const live = await contract.raised('smoke-2', 'smoke');
  assert.deepEqual([live.category, live.priority, live.late], ['fire', 'P1', undefined]);
  await eventually('the live value', async () =>
    (await contract.valuesOf('smoke-2', 'smoke.obscurationPctPerM')).includes(3.5),
  );
  await send(client, 'maker/up/SN-2/status', { alarm: 0 });
  await contract.until(live.id, 'returnedUnacknowledged');
  const { lastMessageAt } = await sourceOf('maker');
  assert.ok(Math.abs(Date.parse(lastMessageAt ?? '') - Date.now()) < 60_000);
  // A second shape of the same source beside the first.
  const second = {
    ...mapping,
    name: 'bare numbers',
    body: 'text',
    applies: { topic: 'maker/up/+/obscuration' },
    conditions: undefined,
    values: [{ path: '', point: 'smoke.obscurationPctPerM' }],
  };
  const two = await integrator.post('/api/v1/mappings/maker/variants', JSON.parse(JSON.stringify(second)) as object);
  assert.equal((two.body as { mapping: { variants: unknown[] } }).mapping.variants.length, 2, two.text);
  await send(client, 'maker/up/SN-1/obscuration', '0.75');
  await eventually('the bare number', async () =>
    (await contract.valuesOf('smoke-1', 'smoke.obscurationPctPerM')).includes(0.75),
  );
  await send(client, 'maker/up/SN-3/obscuration', '0.5');
  await eventually('the unknown device to wait', async () =>
    (await groupsOf('maker')).some(({ reasons }) => reasons.includes('deviceNotInTable')),
  );
  const added = await integrator.post('/api/v1/mappings/maker/devices', { devices: { 'SN-3': 'smoke-2' } });
  assert.equal(added.status, 200, added.text);
  assert.equal(
    ((await integrator.post('/api/v1/inbox/replay', { source: 'maker' })).body as { mapped: number }).mapped,
    1,
  );
  client.end(true);
});

test('topics that were not allowed are acknowledged, wait with that reason, and reach nobody', async () => {
  const device = await contract.device('neighbour');
  const heard: { topic: string; body: string }[] = [];
  device.mqtt.on('message', (topic, body) => heard.push({ topic, body: body.toString() }));
  await device.mqtt.subscribeAsync(['fengsui/v1/neighbour/command', 'fengsui/v1/neighbour/time']);
  await eventually('its own time', () => heard.length > 0);
  const secret = await createSource({ id: 'narrow', kind: 'mqttTopic', topics: ['narrow/+/up'] });
  await integrator.call('PUT', '/api/v1/mappings/narrow', {
    ...mapping,
    applies: undefined,
    device: { path: '@topic[1]' },
  });
  const client = await logIn('narrow', secret);
  const forbidden = [
    'fengsui/v1/neighbour/time',
    'fengsui/v1/neighbour/command',
    'fengsui/v1/smoke-1/event',
    'narrow/x/down',
    'maker/up/SN-1/status',
  ];
  const forged = { alarm: 1, obsc: 9.75 };
  for (const topic of forbidden) await send(client, topic, forged);
  const other = await contract.device('liar');
  await other.mqtt.publishAsync('fengsui/v1/neighbour/time', JSON.stringify(forged), { qos: 1 });
  const groups = await eventually('all of them in the inbox', async () => {
    const found = await groupsOf('narrow');
    return found.reduce((sum, { messages }) => sum + messages, 0) === forbidden.length ? found : undefined;
  });
  assert.ok(
    groups.every(({ reasons }) => reasons.join() === 'topicNotAllowed'),
    JSON.stringify(groups),
  );
  const granted = await client.subscribeAsync(['narrow/#', 'fengsui/v1/neighbour/command']).catch(() => []);
  assert.ok(
    granted.every(({ qos }) => Number(qos) === 128),
    'a source hears nothing',
  );
  // The centre's own time comes at each subscription, so a slow machine may say it twice: what was published here is
  // known by its words.
  const ownTimes = heard.length;
  await device.mqtt.subscribeAsync('fengsui/v1/neighbour/time');
  await eventually('the next time, behind all that was passed on', () => heard.length > ownTimes);
  assert.deepEqual(
    heard.filter(({ topic, body }) => topic.endsWith('/command') || body.includes('9.75')),
    [],
    'nothing that is published here is passed on',
  );
  assert.equal((await contract.valuesOf('smoke-1', 'smoke.obscurationPctPerM')).includes(9.75), false);
  client.end(true);
});

test('DUP is the same message again; the same words in a new message are new', async () => {
  const secret = await createSource({ id: 'dup', kind: 'mqttTopic', topics: ['#'] });
  await contract.register('heat-9', { model: 'generic-heat' });
  const plain = {
    schemaVersion: 1,
    name: 'no time, no key',
    device: { path: '@topic[1]' },
    values: [{ path: 't', point: 'heat.temperatureC' }],
  };
  await integrator.call('PUT', '/api/v1/mappings/dup', plain);
  const credential = { clientId: 'dup', username: 'dup', password: secret, clean: false };
  const raw = await RawMqtt.open(port);
  raw.send(connectPacket(credential));
  await raw.first(packetTypes.connack);
  const packet = (id: number, options: { dup?: boolean } = {}) =>
    publishPacket('a/heat-9', '{"t":21.5}', { id, ...options });
  raw.send(packet(1));
  raw.send(packet(2));
  raw.send(packet(2, { dup: true }));
  await eventually('three PUBACK', () => raw.ofType(packetTypes.puback).length === 3);
  raw.destroy();
  await contract.process.kill9();
  await contract.process.up();
  const again = await RawMqtt.open(port);
  again.send(connectPacket(credential));
  await again.first(packetTypes.connack);
  again.send(packet(1, { dup: true }));
  again.send(packet(2, { dup: true }));
  again.send(packet(1));
  // In the same lane behind them: when it is there, they are.
  again.send(publishPacket('a/heat-9', '{"t":22.5}', { id: 3 }));
  await eventually('four PUBACK', () => again.ofType(packetTypes.puback).length === 4);
  const values = await eventually('the last value', async () => {
    const found = await contract.valuesOf('heat-9', 'heat.temperatureC');
    return found.includes(22.5) ? found : undefined;
  });
  assert.deepEqual(values, [21.5, 21.5, 21.5, 22.5]);
  again.destroy();
});

test('what mosquitto_pub sends in any QoS, garbage too, waits', async () => {
  const secret = await createSource({ id: 'pub', kind: 'mqttTopic', topics: ['pub/#'] });
  await requireProgram('mosquitto_pub');
  const who = ['-h', '127.0.0.1', '-p', String(port), '-i', 'pub:1', '-u', 'pub', '-P', secret];
  await run('mosquitto_pub', [...who, '-q', '1', '-t', 'pub/a', '-m', 'not json', '-r']);
  await run('mosquitto_pub', [...who, '-q', '2', '-t', 'pub/b', '-m', '{"v":1}']);
  await run('mosquitto_pub', [...who, '-q', '0', '-t', 'pub/c', '-n']);
  const groups = await eventually('three groups', async () => {
    const found = await groupsOf('pub');
    return found.length === 3 ? found : undefined;
  });
  assert.deepEqual(groups.map(({ reasons, topic }) => `${topic} ${reasons.join()}`).sort(), [
    'pub/a notJson',
    'pub/b noMapping',
    'pub/c notJson',
  ]);
});

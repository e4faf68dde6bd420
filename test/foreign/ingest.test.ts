import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { PushingPlatform } from './client/pushing-platform.ts';

/** A platform whose ids, codes and clock are its own. */
const mapping = {
  schemaVersion: 1,
  name: 'cloud of a maker of smoke detectors',
  reports: 'data[*]',
  device: { path: 'imei', table: { '861000000000001': 'smoke-1', '861000000000002': 'heat-1' } },
  time: { path: 'eventTime', format: 'local', utcOffset: '+08:00' },
  key: ['messageId'],
  values: [{ path: 'props.temp', point: 'heat.temperatureC', scale: 0.1, unit: { path: 'props.unit', is: '0.1C' } }],
  conditions: [
    {
      path: 'alarmType',
      cases: {
        '1': { kind: 'smoke', level: 'alarm', point: 'smoke' },
        '0': { kind: 'smoke', active: false, point: 'smoke' },
        '9': 'ignore',
      },
    },
  ],
};

let contract: ContractCentre;
let integrator: ApiClient;

async function createSource(id: string, venueIds?: readonly string[]): Promise<PushingPlatform> {
  const parameters = { id, ...(venueIds !== undefined && { venueIds }) };
  const answer = await callControlSocket(contract.process.folder, 'createSource', parameters);
  assert.ok(answer !== undefined && 'result' in answer, JSON.stringify(answer));
  const { sourceId, secret } = answer.result as { sourceId: string; secret: string };
  assert.equal(sourceId, id);
  return new PushingPlatform(contract.process.webUrl, id, secret);
}

async function putMapping(source: string, document: object): Promise<number> {
  const put = await integrator.call('PUT', `/api/v1/mappings/${source}`, document);
  assert.equal(put.status, 200, put.text);
  return (put.body as { version: number }).version;
}

type InboxItem = { id: string; sourceId: string; count: number; unmapped: { reason: string }[]; text?: string };
const inboxOf = async (source: string): Promise<readonly InboxItem[]> =>
  (await integrator.get<{ items: InboxItem[] }>(`/api/v1/inbox?source=${source}`)).items;

/** `2026-11-21 09:00:00` at +08:00, as the platform writes the present. */
const cloudTime = (ms = Date.now()): string =>
  new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
let ids = 0;
const smoke = (alarmType: number, more: object = {}) => ({
  data: [{ imei: 861000000000001, messageId: `m${++ids}`, alarmType, eventTime: cloudTime(), ...more }],
});

before(async () => {
  contract = await ContractCentre.start();
  await contract.register('smoke-1', { model: 'generic-smoke' });
  await contract.register('heat-1', { model: 'generic-heat' });
  integrator = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator'));
});
after(() => contract.dispose());

test('a signed push raises a fire alarm of the device behind the foreign id, and its end clears it', async () => {
  const cloud = await createSource('cloud-a');
  assert.equal(await putMapping('cloud-a', mapping), 1);
  const pushed = await cloud.push(smoke(1));
  assert.deepEqual([pushed.status, pushed.body], [202, { mapped: 1, waiting: 0 }]);
  const alarm = await contract.raised('smoke-1', 'smoke');
  assert.deepEqual([alarm.category, alarm.priority, alarm.pointId, alarm.venueId], ['fire', 'P1', 'smoke', 'V1']);
  assert.equal(alarm.late, undefined);
  assert.equal((await cloud.push(smoke(0))).status, 202);
  await contract.until(alarm.id, 'returnedUnacknowledged');
});

test('values arrive in our unit at the platform’s own instant; the same message again changes nothing', async () => {
  const cloud = await createSource('cloud-values');
  await putMapping('cloud-values', mapping);
  const at = Math.floor(Date.now() / 1000) * 1000 - 60_000;
  const message = {
    data: [
      { imei: '861000000000002', messageId: 'v1', eventTime: cloudTime(at), props: { temp: '253', unit: '0.1C' } },
      {
        imei: '861000000000002',
        messageId: 'v2',
        eventTime: cloudTime(at + 1_000),
        props: { temp: 254, unit: '0.1C' },
      },
    ],
  };
  assert.deepEqual((await cloud.push(message)).body, { mapped: 2, waiting: 0 });
  await eventually('two rows', async () => (await contract.rowsOf('heat-1', 'heat.temperatureC')).length === 2);
  // Another wrapper, another second, the same messages.
  assert.equal((await cloud.push({ ...message, sentAt: 'again' })).status, 202);
  // Read in order: what came twice would be there before this one.
  const last = {
    imei: '861000000000002',
    messageId: 'v3',
    eventTime: cloudTime(at + 2_000),
    props: { temp: 255, unit: '0.1C' },
  };
  assert.equal((await cloud.push({ data: [last] })).status, 202);
  const rows = await eventually('the last row', async () => {
    const found = await contract.rowsOf('heat-1', 'heat.temperatureC');
    return found.some(([rowAt]) => rowAt === at + 2_000) ? found : undefined;
  });
  assert.deepEqual(
    rows.map(([rowAt, , , value]) => [rowAt, Math.round(value * 10)]),
    [
      [at, 253],
      [at + 1_000, 254],
      [at + 2_000, 255],
    ],
  );
});

test('what is not signed, signed late, or by nobody known is refused alike and leaves no trace', async () => {
  const cloud = await createSource('cloud-b');
  await putMapping('cloud-b', mapping);
  const stranger = new PushingPlatform(contract.process.webUrl, 'nobody', 'x'.repeat(43));
  const refused = [
    await cloud.push(smoke(1), { secret: 'another secret' }),
    await cloud.push(smoke(1), { signature: '' }),
    await cloud.push(smoke(1), { signature: `sha256=${'0'.repeat(64)}` }),
    await cloud.push(smoke(1), { signature: 'md5=00' }),
    await stranger.push(smoke(1)),
  ];
  for (const { status, code } of refused) assert.deepEqual([status, code], [401, 'signatureRefused']);
  assert.equal(new Set(refused.map(({ body }) => JSON.stringify(body))).size, 1, 'one answer for all of them');
  const seconds = Math.floor(Date.now() / 1000);
  for (const timestamp of [String(seconds - 310), String(seconds + 310), '', 'soon', `${seconds}000`]) {
    const { status, code } = await cloud.push(smoke(1), { timestamp });
    assert.deepEqual([status, code], [401, 'timestampRefused'], timestamp);
  }
  assert.equal((await cloud.push(smoke(9), { timestamp: String(seconds - 280) })).status, 202);
  assert.deepEqual(await inboxOf('cloud-b'), []);
  assert.equal((await cloud.push(Buffer.alloc(300_000, 32))).status, 413);
});

test('the same request again is answered as before and has no effect', async () => {
  const cloud = await createSource('cloud-replay');
  const noKey = { ...mapping, key: undefined, time: undefined };
  await putMapping('cloud-replay', JSON.parse(JSON.stringify(noKey)) as object);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const message = { data: [{ imei: '861000000000002', props: { temp: 300, unit: '0.1C' } }] };
  const before = (await contract.rowsOf('heat-1', 'heat.temperatureC')).length;
  const answers = await Promise.all([1, 2, 3].map(() => cloud.push(message, { timestamp })));
  answers.push(await cloud.push(message, { timestamp }));
  for (const { status, body } of answers) assert.deepEqual([status, body], [202, { mapped: 1, waiting: 0 }]);
  await eventually('the row', async () => (await contract.rowsOf('heat-1', 'heat.temperatureC')).length > before);
  await contract.process.kill9();
  await contract.process.up();
  assert.equal((await cloud.push(message, { timestamp })).status, 202);
  // Read in order: what came twice would be there before this one.
  const last = { data: [{ imei: '861000000000002', props: { temp: 301, unit: '0.1C' } }] };
  assert.equal((await cloud.push(last)).status, 202);
  const rows = await eventually('the last row', async () => {
    const found = await contract.rowsOf('heat-1', 'heat.temperatureC');
    return found.some(([, , , value]) => Math.round(value * 10) === 301) ? found : undefined;
  });
  assert.equal(rows.length, before + 2);
});

test('what nobody can read waits, is mapped, and is read again, marked late', async () => {
  const cloud = await createSource('cloud-c');
  await contract.register('smoke-2', { model: 'generic-smoke' });
  const at = Date.now() - 20_000;
  const message = { data: [{ imei: '86-new', messageId: 'c1', alarmType: 1, eventTime: cloudTime(at) }] };
  const first = await cloud.push(message);
  assert.deepEqual([first.status, first.body['mapped'], first.body['waiting']], [202, 0, 1]);
  await cloud.push(Buffer.from('not JSON \xff', 'latin1'));
  const [newest, oldest] = await eventually('two messages', async () => {
    const found = await inboxOf('cloud-c');
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual([newest?.unmapped[0]?.reason, oldest?.unmapped[0]?.reason], ['notJson', 'noMapping']);
  const whole = await integrator.get<InboxItem>(`/api/v1/inbox/${oldest?.id ?? ''}`);
  assert.deepEqual(JSON.parse(whole.text ?? ''), message);
  const tried = await integrator.post('/api/v1/mappings/try', { mapping, body: message });
  assert.equal((tried.body as { unmapped: { reason: string }[] }).unmapped[0]?.reason, 'deviceNotInTable', tried.text);
  await putMapping('cloud-c', mapping);
  const inVain = await integrator.post('/api/v1/inbox/replay', { source: 'cloud-c' });
  assert.deepEqual(inVain.body, { messages: 2, mapped: 0, settled: 0 }, inVain.text);
  const known = { ...mapping, device: { path: 'imei', table: { '86-new': 'smoke-2' } } };
  assert.equal(await putMapping('cloud-c', known), 2);
  assert.equal(await putMapping('cloud-c', known), 2, 'the same again is no new version');
  const replayed = await integrator.post('/api/v1/inbox/replay', { source: 'cloud-c' });
  assert.deepEqual(replayed.body, { messages: 2, mapped: 1, settled: 1 }, replayed.text);
  const alarm = await contract.raised('smoke-2', 'smoke');
  assert.equal(alarm.late, true);
  assert.equal(Math.round(Date.parse(alarm.raisedAt) / 1000), Math.floor(at / 1000));
  assert.equal((await integrator.call('DELETE', `/api/v1/inbox/${newest?.id ?? ''}`)).status, 204);
  assert.deepEqual(await inboxOf('cloud-c'), []);
});

test('of a message that is partly understood the good part counts at once, and only once', async () => {
  const cloud = await createSource('cloud-d');
  await contract.register('smoke-3', { model: 'generic-smoke' });
  await contract.register('smoke-4', { model: 'generic-smoke' });
  const table = { a: 'smoke-3' };
  const timeless = { ...mapping, key: undefined, time: undefined };
  const withTable = (devices: object) =>
    JSON.parse(JSON.stringify({ ...timeless, device: { path: 'imei', table: devices } })) as object;
  await putMapping('cloud-d', withTable(table));
  const both = {
    data: [
      { imei: 'a', alarmType: 1 },
      { imei: 'b', alarmType: 1 },
    ],
  };
  assert.equal((await cloud.push(both)).body['mapped'], 1);
  const alarm = await contract.raised('smoke-3', 'smoke');
  await cloud.push({ data: [{ imei: 'a', alarmType: 0 }] });
  await contract.until(alarm.id, 'returnedUnacknowledged');
  await putMapping('cloud-d', withTable({ ...table, b: 'smoke-4' }));
  const replayed = await integrator.post('/api/v1/inbox/replay', { source: 'cloud-d' });
  assert.deepEqual(replayed.body, { messages: 1, mapped: 1, settled: 1 });
  await contract.raised('smoke-4', 'smoke');
  assert.equal((await contract.api.alarm(alarm.id)).state, 'returnedUnacknowledged');
});

test('a source speaks only for devices of its venues, and a caller sees only sources of his', async () => {
  await contract.register('other-1', { model: 'generic-smoke', venueId: 'V2' });
  const cloud = await createSource('cloud-v2', ['V2']);
  await putMapping('cloud-v2', {
    schemaVersion: 1,
    name: 'plain',
    device: { path: 'id' },
    conditions: [{ path: 'on', cases: { true: { kind: 'smoke' } } }],
  });
  assert.deepEqual((await cloud.push({ id: 'other-1', on: true })).body, { mapped: 1, waiting: 0 });
  assert.equal((await cloud.push({ id: 'smoke-1', on: true })).body['waiting'], 1);
  const [stray] = await eventually('the message', async () => {
    const found = await inboxOf('cloud-v2');
    return found.length > 0 && found;
  });
  assert.equal(stray?.unmapped[0]?.reason, 'unknownDevice');
  const bound = new ApiClient(contract.process.webUrl, await contract.provision.token('integrator', ['V1']));
  for (const path of ['/api/v1/mappings/cloud-v2', '/api/v1/mappings/cloud-a'])
    assert.equal((await bound.call('GET', path)).status, 404, path);
  assert.deepEqual((await bound.get<{ items: unknown[] }>('/api/v1/inbox')).items, []);
  const operator = new ApiClient(contract.process.webUrl, await contract.provision.token('operator'));
  for (const path of ['/api/v1/inbox', '/api/v1/sources', '/api/v1/mappings/cloud-a'])
    assert.equal((await operator.call('GET', path)).status, 403, path);
  const sources = await integrator.call('GET', '/api/v1/sources');
  assert.equal(sources.status, 200, sources.text);
  assert.doesNotMatch(sources.text, /secret/);
});

test('a mapping that is not sound is refused with every problem', async () => {
  const refused = await integrator.call('PUT', '/api/v1/mappings/cloud-a', { ...mapping, device: { path: 'a..b' } });
  assert.deepEqual([refused.status, (refused.body as { code: string }).code], [422, 'invalidMapping'], refused.text);
  assert.equal((await integrator.call('PUT', '/api/v1/mappings/nobody', mapping)).status, 404);
  const kept = await integrator.get<{ mapping: unknown; version: number }>('/api/v1/mappings/cloud-a');
  assert.deepEqual(kept.mapping, mapping);
});

test('a source that sends too much is told when to go on', async () => {
  const cloud = await createSource('cloud-flood');
  const outcomes: number[] = [];
  let retryAfter: string | null = null;
  for (let round = 0; round < 60 && retryAfter === null; round++) {
    const pushed = await Promise.all(Array.from({ length: 50 }, (_, i) => cloud.push({ round, i })));
    outcomes.push(...pushed.map(({ status }) => status));
    retryAfter = pushed.find(({ status }) => status === 429)?.retryAfter ?? null;
  }
  assert.ok(Number(retryAfter) >= 1, `no 429 among ${outcomes.length}`);
  assert.deepEqual([...new Set(outcomes)].sort(), [202, 429]);
  const taken = outcomes.filter((status) => status === 202).length;
  assert.ok(taken >= 500, 'so many are taken at once');
  await eventually('the newest to be kept', async () => {
    const { items } = await integrator.get<{ items: InboxItem[] }>('/api/v1/inbox?source=cloud-flood&limit=1000');
    assert.ok(items.length <= 500);
    return items.length === 500;
  });
});

test('a revoked source is refused', async () => {
  const cloud = await createSource('cloud-gone');
  assert.equal((await cloud.push({ hello: 1 })).status, 202);
  await callControlSocket(contract.process.folder, 'revokeSource', { id: 'cloud-gone' });
  assert.deepEqual((await cloud.push({ hello: 2 })).code, 'signatureRefused');
});

test('the example of the document works as it stands there', async (context) => {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/reference/mapping.md'), 'utf8');
  const blocks = [...page.matchAll(/```(sh|json)\n([\s\S]*?)```/g)].map(([, , block = '']) => block);
  const script = blocks.find((block) => block.includes('openssl')) ?? '';
  const documented = blocks.find((block) => block.includes('schemaVersion')) ?? '';
  assert.ok(script.includes('curl') && documented !== '');
  const run = promisify(execFile);
  for (const tool of [
    ['curl', '--version'],
    ['openssl', 'version'],
  ] as const) {
    const isThere = await run(tool[0], [tool[1]]).then(
      () => true,
      () => false,
    );
    if (!isThere) return context.skip(`${tool[0]} is not on this machine`);
  }
  await contract.register('S1', { model: 'generic-smoke' });
  await contract.register('H1', { model: 'generic-heat' });
  const answer = await callControlSocket(contract.process.folder, 'createSource', { id: 'documented' });
  assert.ok(answer !== undefined && 'result' in answer);
  await putMapping('documented', JSON.parse(documented) as object);
  const command = script
    .replace('http://127.0.0.1:8119', contract.process.webUrl)
    .replace('/ingest/cloud-a', '/ingest/documented');
  const { secret } = answer.result as { secret: string };
  const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, SECRET: secret } });
  assert.match(stdout, /^HTTP\/1.1 202 /);
  assert.match(stdout, /\{"mapped":1,"waiting":0\}$/);
  await contract.raised('S1', 'smoke');
});

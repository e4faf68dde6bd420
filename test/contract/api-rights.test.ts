import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callControlSocket } from '@fengsui/centre';
import { ApiClient, type AlarmRow, type Answer, type Page } from './client/api-client.ts';
import { sendTestCapture } from './client/capture-chunks.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { greyPng } from '../work/client/picture.ts';
import { OpenApiDocument, type Operation } from './client/openapi-document.ts';

const HOUR_MS = 3_600_000;
const ROLES = [
  'operator',
  'shiftLeader',
  'analyst',
  'venueManager',
  'technician',
  'regulator',
  'display',
  'systemAdmin',
  'securityAdmin',
  'auditor',
  'insurer',
  'integrator',
  'factory',
];
/** Read by administrators alone. */
const NOT_FOR_OPERATORS = [
  '/api/v1/releases',
  '/api/v1/releases/{id}/file',
  '/api/v1/rollouts',
  '/api/v1/rollouts/{id}',
  '/api/v1/rollouts/{id}/devices',
  '/api/v1/users',
  '/api/v1/export',
  '/api/v1/sources',
  '/api/v1/inbox',
  '/api/v1/inbox/{id}',
  '/api/v1/inbox/groups',
  '/api/v1/inbox/groups/{source}/{shape}',
  '/api/v1/mappings/{source}',
  '/api/v1/factory/batches',
  '/api/v1/factory/batches/{id}',
  '/api/v1/factory/batches/{id}/devices',
  '/api/v1/factory/template',
  '/api/v1/devices/{id}/end-of-line',
  '/api/v1/devices/{id}/calibrations',
  '/api/v1/relays',
  '/api/v1/relays/{id}',
  '/api/v1/relays/{id}/devices',
];
const ADMINISTRATORS = ['systemAdmin', 'securityAdmin', 'auditor'];
/** Everything of the other venue has this in its id. */
const FOREIGN = 'foreign7';
const PASSWORD = 'quartz-lamp 58 violet';

let contract: ContractCentre;
let operations: readonly Operation[];
let ownAlarm: string;
let foreignAlarm: string;
/** A command on record, refused because the device hears none. */
const commandOf = new Map<string, string>();
/** A test that is over and accepted, and a trial, by venue. */
const commissioned = new Map<string, { readonly testId: string; readonly trialId: string }>();
/** A round of on-duty checks, by the other device of its venue. */
const roundOf = new Map<string, string>();
/** A work order with a photo, by device. */
const orderOf = new Map<string, { readonly orderId: string; readonly photoId: string }>();

before(async () => {
  contract = await ContractCentre.start();
  for (const [id, venueId] of [
    ['own1', 'V-own'],
    [`${FOREIGN}-d`, `V-${FOREIGN}`],
  ] as const) {
    const device = await contract.device(id, { venueId });
    const at = Date.now();
    await device.telemetry({ epoch: 'r', seq: 5, at, values: { 't1.temperatureC': 30 } });
    await device.telemetry({ epoch: 'r', seq: 1, at: at - 1_000, values: { 't1.temperatureC': 99 } });
    await device.event({ epoch: 'r', seq: 6, at, kind: 'overload', point: 'c1', active: true, level: 'warning' });
    const evidence = { loadEventId: 'load-1' };
    await device.event({ epoch: 'r', seq: 7, at, kind: 'loadOn', point: 'c1', level: 'attention', evidence });
    await device.send('telemetry', `broken ${id}`);
    await sendTestCapture(device, 'cap', 9);
    await eventually(
      'the capture',
      async () => (await contract.api.call('GET', `/api/v1/captures/${id}:cap`)).status === 200,
    );
  }
  for (const id of ['own1', `${FOREIGN}-d`]) {
    await contract.api.post(`/api/v1/devices/${id}/commands`, { name: 'read', reason: 'r' });
    const { items } = await contract.api.get<Page<{ id: string }>>(`/api/v1/devices/${id}/commands`);
    commandOf.set(id, items[0]?.id ?? '');
  }
  for (const venueId of ['V-own', `V-${FOREIGN}`]) commissioned.set(venueId, await commission(venueId));
  await askWhoIsOnDuty();
  for (const id of ['own1', `${FOREIGN}-d`]) orderOf.set(id, await orderWork(id));
  const toldBy = async (id: string): Promise<string> =>
    (await contract.api.alarmsOf(id)).find(({ kind }) => kind !== 'silent')?.id ?? '';
  ownAlarm = await toldBy('own1');
  foreignAlarm = await toldBy(`${FOREIGN}-d`);
  operations = new OpenApiDocument(await contract.api.get('/api/openapi.json')).operations();
});
after(() => contract.dispose());

const clientOf = async (role: string, venueIds?: readonly string[]): Promise<ApiClient> =>
  new ApiClient(contract.process.webUrl, await contract.provision.token(role, venueIds));

async function commission(venueId: string): Promise<{ readonly testId: string; readonly trialId: string }> {
  const technician = await clientOf('technician');
  const tests = `/api/v1/venues/${venueId}/commissioning-tests`;
  const { id: testId } = (await technician.post(tests, { minutes: 5, reason: 'r' })).body as { readonly id: string };
  await technician.post(`${tests}/${testId}/end`);
  assert.equal((await technician.post(`${tests}/${testId}/acceptances`)).status, 201);
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const trial = await technician.post('/api/v1/trials', { name: 'n', venueId, ...period });
  return { testId, trialId: (trial.body as { readonly id: string }).id };
}

/** A transmission device of each venue, and a round of on-duty checks. */
async function askWhoIsOnDuty(): Promise<void> {
  for (const [id, venueId, address] of [
    ['own1', 'V-own', '0000000000a1'],
    [`${FOREIGN}-d`, `V-${FOREIGN}`, '0000000000a2'],
  ] as const) {
    const device = { id: `${id}-u`, model: 'generic-uitd', venueId, gb: { address } };
    const made = await callControlSocket(contract.process.folder, 'createDevice', device);
    assert.ok(made !== undefined && 'result' in made, JSON.stringify(made));
    const asked = await contract.api.post('/api/v1/gb/duty-rounds', { venueIds: [venueId] });
    assert.equal(asked.status, 201, asked.text);
    roundOf.set(id, (asked.body as { readonly id: string }).id);
  }
}

async function orderWork(deviceId: string): Promise<{ readonly orderId: string; readonly photoId: string }> {
  const token = await contract.provision.token('technician');
  const technician = new ApiClient(contract.process.webUrl, token);
  // Never tested: a detector of which nobody knows whether it would raise an alarm.
  const opened = await technician.post('/api/v1/work-orders', { deviceId });
  assert.equal(opened.status, 201, opened.text);
  const { id: orderId } = opened.body as { readonly id: string };
  assert.equal((await technician.post(`/api/v1/work-orders/${orderId}/take`, { revision: 1 })).status, 200);
  const sent = await fetch(`${contract.process.webUrl}/api/v1/work-orders/${orderId}/photos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: greyPng(1),
    signal: AbortSignal.timeout(60_000),
  });
  assert.equal(sent.status, 200);
  const { photos } = (await sent.json()) as { readonly photos: readonly { readonly id: string }[] };
  return { orderId, photoId: photos[0]?.id ?? '' };
}

/** What of one venue an operation could be asked for: the address filled with its things. */
function addressesOf(path: string, which: 'own' | 'foreign'): string[] {
  const own = which === 'own';
  const deviceId = own ? 'own1' : `${FOREIGN}-d`;
  const venueId = own ? 'V-own' : `V-${FOREIGN}`;
  const id = path.startsWith('/api/v1/alarms')
    ? own
      ? ownAlarm
      : foreignAlarm
    : path.startsWith('/api/v1/venues')
      ? venueId
      : path.startsWith('/api/v1/captures')
        ? `${deviceId}:cap`
        : deviceId;
  if (path.includes('{commandId}')) {
    return [path.replace('{id}', deviceId).replace('{commandId}', commandOf.get(deviceId) ?? '')];
  }
  if (path.startsWith('/api/v1/gb/duty-rounds/')) return [path.replace('{id}', roundOf.get(deviceId) ?? '')];
  if (path.startsWith('/api/v1/work-orders/{id}')) {
    const { orderId = '', photoId = '' } = orderOf.get(deviceId) ?? {};
    return [path.replace('{id}', orderId).replace('{photoId}', photoId)];
  }
  const { testId = '', trialId = '' } = commissioned.get(venueId) ?? {};
  if (path.startsWith('/api/v1/trials/')) return [path.replace('{id}', trialId)];
  if (path.includes('{testId}'))
    return [path.replace('{id}', venueId).replace('{testId}', testId).replace('{version}', '1')];
  if (path.includes('{')) return [path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(id))];
  if (path.endsWith('/events')) return [`${path}?deviceId=${deviceId}`];
  if (path.endsWith('/series')) return [`${path}?point=${deviceId}/t1.temperatureC`];
  return [path, `${path}?venueId=${venueId}`, `${path}?deviceId=${deviceId}`, `${path}?limit=1000`];
}

const bodyOf = ({ method, path }: Operation): object | undefined => {
  if (method === 'PUT') {
    if (path.endsWith('/wave')) return { wave: 'w' };
    if (path.includes('/sources/')) return { name: 'n' };
    if (path.includes('/relays/')) return { host: 'h', port: 1 };
    if (path.includes('/contacts/')) return { name: 'n', role: 'duty', phone: '119' };
    if (path.endsWith('/place')) return { venueId: 'V-own' };
    if (path.endsWith('/life')) return { state: 'maintenance', reason: 'r' };
    if (path.includes('/venues/')) return { name: 'n', class: 'office', organisationId: 'default' };
    if (path.includes('/areas/')) return { venueId: `V-${FOREIGN}`, kind: 'room', name: 'n' };
    if (path.includes('/circuits/')) return { protectedClass: 'none' };
    if (path.includes('/organisations/')) return { kind: 'venueOwner', name: 'n' };
  }
  if (method !== 'POST') return undefined;
  if (path.endsWith('/exclusions')) return { deviceId: `D-${FOREIGN}`, note: 'n' };
  if (path.includes('/rollouts/')) return { note: 'n' };
  if (path.endsWith('/calibrations'))
    return {
      calibratedAt: new Date(0).toISOString(),
      instrument: { serial: 's', certificate: 'c' },
      channels: [{ point: 'c1.currentA', gain: 1 }],
    };
  if (path.endsWith('/life-changes')) return { to: 'installed', reason: 'r' };
  if (path.endsWith('/commissioning-tests')) return { minutes: 5, reason: 'r' };
  if (path.endsWith('/extend')) return { minutes: 5 };
  if (path.endsWith('/ticks')) return { deviceId: 'd', point: '', outcome: 'passed', reason: 'r' };
  if (path.endsWith('/rearms')) return { deviceId: 'd', point: '' };
  if (path.endsWith('/signatures')) return { sha256: '0'.repeat(64), capacity: 'handOver', name: 'n' };
  if (path.startsWith('/api/v1/work-orders/{id}'))
    return {
      revision: 1,
      reason: 'r',
      cause: 'other',
      assignee: { kind: 'person', id: 'nobody' },
      dueAt: new Date(Date.now() + HOUR_MS).toISOString(),
    };
  if (path.endsWith('/mappings/{source}/devices')) return { devices: {} };
  if (path.endsWith('/relays/{id}/mode')) return { mode: 'off', reason: 'r' };
  if (path.endsWith('/shelve')) return { until: new Date(Date.now() + HOUR_MS).toISOString(), reason: 'r' };
  if (path.endsWith('/inspect')) return { note: 'n' };
  if (path.endsWith('/verdicts')) return { verdict: 'real' };
  if (path.endsWith('/load-judgements')) return { loadEventId: 'load-1', verdict: 'reject' };
  if (path.endsWith('/commands')) return { name: 'read', reason: 'r' };
  if (path.endsWith('/gb/read')) return { type: 81 };
  if (path.endsWith('/tests')) return { passed: true };
  if (path.endsWith('/replace')) return { newDeviceId: 'spare-1', reason: 'r' };
  if (path.endsWith('/users')) return { username: 'made-by-test', password: PASSWORD, role: 'operator' };
  return {};
};

const isApi = ({ path }: Operation): boolean => path.startsWith('/api/v1/');
const needsLogIn = (operation: Operation): boolean =>
  isApi(operation) &&
  !['/api/v1/login', '/api/v1/founder/claim', '/api/v1/enrol', '/api/v1/ingest/{source}'].includes(operation.path);

test('without a valid token every operation but the log-in is refused before anything else', async () => {
  const strangers = [
    new ApiClient(contract.process.webUrl),
    new ApiClient(contract.process.webUrl, 'fst_0123456789abcdefghijklmnop'),
  ];
  const checked = operations.filter(needsLogIn);
  assert.ok(checked.length >= 15);
  for (const stranger of strangers) {
    for (const operation of checked) {
      for (const address of addressesOf(operation.path, 'own')) {
        const { status } = await stranger.call(operation.method, address, bodyOf(operation));
        assert.equal(status, 401, `${operation.method} ${address}`);
      }
    }
  }
});

test('no role that is bound to one venue reads or changes anything of another, by any operation', async () => {
  for (const role of ROLES) {
    const client = await clientOf(role, ['V-own']);
    for (const operation of operations.filter(needsLogIn)) {
      // Ends the log-in; there is no venue in it. Accounts are the security administrator's, wherever they work.
      if (operation.path === '/api/v1/logout' || operation.path === '/api/v1/users') continue;
      for (const address of addressesOf(operation.path, 'foreign')) {
        const { status, text } = await client.call(operation.method, address, bodyOf(operation));
        const place = `${role}: ${operation.method} ${address} answered ${status}`;
        assert.ok(status < 500, place);
        if (operation.path.includes('{') || operation.path.endsWith('/series'))
          assert.ok([403, 404].includes(status), place);
        if (status < 300)
          assert.ok(!text.includes(FOREIGN) && !text.includes(foreignAlarm), `${place}: ${text.slice(0, 300)}`);
      }
    }
  }
  const untouched = await contract.api.alarm(foreignAlarm);
  assert.equal(untouched.state, 'unacknowledged');
});

test('who may read sees his own venue in full', async () => {
  const client = await clientOf('operator', ['V-own']);
  for (const operation of operations.filter(
    (candidate) => needsLogIn(candidate) && candidate.method === 'GET' && !NOT_FOR_OPERATORS.includes(candidate.path),
  )) {
    for (const address of addressesOf(operation.path, 'own')) {
      const { status, text } = await client.call('GET', address);
      // Not every list has both filters.
      if (status === 400 && address.includes('?')) continue;
      assert.equal(status, 200, `GET ${address}: ${text}`);
      assert.ok(!text.includes(FOREIGN), address);
    }
  }
  const alarms = await client.get<Page<AlarmRow>>('/api/v1/alarms');
  // On a slow machine the device is found silent before the test ends.
  const told = alarms.items.filter(({ kind }) => kind !== 'silent');
  assert.deepEqual(
    told.map(({ id }) => id),
    [ownAlarm],
  );
  const overview = await client.get<{ venueCount: number }>('/api/v1/overview');
  assert.equal(overview.venueCount, 1);
  assert.deepEqual(
    (await client.get<Page<{ deviceId: string }>>('/api/v1/quarantine')).items.map(({ deviceId }) => deviceId),
    ['own1'],
  );
});

test('what is outside the scope cannot be told from what does not exist', async () => {
  const client = await clientOf('shiftLeader', ['V-own']);
  const pairs: readonly (readonly [method: string, foreign: string, missing: string, body?: object])[] = [
    ['GET', `/api/v1/devices/${FOREIGN}-d`, '/api/v1/devices/missing9-d'],
    ['GET', `/api/v1/devices/${FOREIGN}-d/points`, '/api/v1/devices/missing9-d/points'],
    ['GET', `/api/v1/events?deviceId=${FOREIGN}-d`, '/api/v1/events?deviceId=missing9-d'],
    ['GET', `/api/v1/devices/${FOREIGN}-d/load-judgements`, '/api/v1/devices/missing9-d/load-judgements'],
    [
      'POST',
      `/api/v1/devices/${FOREIGN}-d/load-judgements`,
      '/api/v1/devices/missing9-d/load-judgements',
      { loadEventId: 'load-1', verdict: 'reject' },
    ],
    ['GET', `/api/v1/venues/V-${FOREIGN}`, '/api/v1/venues/V-missing9'],
    ['GET', `/api/v1/captures/${FOREIGN}-d:cap`, '/api/v1/captures/missing9-d:cap'],
    ['GET', `/api/v1/captures/${FOREIGN}-d:cap/samples`, '/api/v1/captures/missing9-d:cap/samples'],
    ['GET', `/api/v1/series?point=${FOREIGN}-d/t1.temperatureC`, '/api/v1/series?point=missing9-d/t1.temperatureC'],
    ['GET', `/api/v1/alarms/${foreignAlarm}`, `/api/v1/alarms/${'0'.repeat(foreignAlarm.length)}`],
    ['GET', `/api/v1/alarms/${foreignAlarm}/history`, `/api/v1/alarms/${'0'.repeat(foreignAlarm.length)}/history`],
    [
      'POST',
      `/api/v1/alarms/${foreignAlarm}/acknowledge`,
      `/api/v1/alarms/${'0'.repeat(foreignAlarm.length)}/acknowledge`,
      {},
    ],
    [
      'POST',
      `/api/v1/alarms/${foreignAlarm}/inspect`,
      `/api/v1/alarms/${'0'.repeat(foreignAlarm.length)}/inspect`,
      { note: 'n' },
    ],
  ];
  for (const [method, foreign, missing, body] of pairs) {
    const [one, other] = [await client.call(method, foreign, body), await client.call(method, missing, body)];
    // A list asked for what is not there is empty.
    assert.equal(one.status, foreign.includes('/events?') ? 200 : 404, `${method} ${foreign}`);
    const neutral = ({ text }: Answer): string =>
      text
        .replaceAll(FOREIGN, '…')
        .replaceAll('missing9', '…')
        .replaceAll(foreignAlarm, '…')
        .replaceAll('0'.repeat(foreignAlarm.length), '…');
    assert.equal(neutral(one), neutral(other), `${method} ${foreign}`);
  }
});

test('only who sits at a desk acts on alarms, only the security administrator manages accounts, and administrators see no alarms', async () => {
  const mayAcknowledge = new Set(['operator', 'shiftLeader']);
  const mustNotAct = new Set(['display', 'regulator', 'insurer', 'analyst', 'venueManager', ...ADMINISTRATORS]);
  for (const role of ROLES) {
    const client = await clientOf(role, ['V-own']);
    const acknowledged = await client.post(`/api/v1/alarms/${ownAlarm}/acknowledge`);
    if (mayAcknowledge.has(role)) assert.equal(acknowledged.status, 200, role);
    if (mustNotAct.has(role)) {
      for (const what of ['acknowledge', 'shelve', 'unshelve', 'inspect']) {
        const { status } = await client.post(`/api/v1/alarms/${ownAlarm}/${what}`, {
          until: new Date(Date.now() + HOUR_MS).toISOString(),
          reason: 'r',
          note: 'n',
        });
        assert.ok([400, 403].includes(status), `${role} ${what} ${status}`);
      }
    }
    const users = await client.call('GET', '/api/v1/users');
    assert.equal(users.status, role === 'securityAdmin' ? 200 : 403, `${role} GET /users`);
    const created = await client.post('/api/v1/users', {
      username: `by-${role.toLowerCase()}`,
      password: PASSWORD,
      role: 'operator',
    });
    assert.equal(created.status, role === 'securityAdmin' ? 201 : 403, `${role} POST /users`);
    if (ADMINISTRATORS.includes(role)) {
      for (const path of [
        '/api/v1/alarms',
        `/api/v1/alarms/${ownAlarm}`,
        '/api/v1/series?point=own1/t1.temperatureC',
        '/api/v1/captures/own1:cap',
        '/api/v1/devices/own1/points',
      ]) {
        assert.equal((await client.call('GET', path)).status, 403, `${role} ${path}`);
      }
    }
  }
  const { items } = await contract.api.get<Page<{ kind: string }>>(`/api/v1/alarms/${ownAlarm}/history`);
  assert.deepEqual(
    items.map(({ kind }) => kind),
    ['raised', 'acknowledged'],
  );
});

test('a role that belongs to venues sees none when none are named', async () => {
  const manager = await clientOf('venueManager');
  assert.deepEqual((await manager.get<Page<unknown>>('/api/v1/venues')).items, []);
  assert.deepEqual((await manager.get<Page<unknown>>('/api/v1/alarms')).items, []);
  assert.equal((await manager.call('GET', '/api/v1/devices/own1')).status, 404);
});

test('an Idempotency-Key belongs to its caller', async () => {
  const device = await contract.device('keys', { venueId: 'V-own' });
  const ids: string[] = [];
  for (const point of ['c1', 'c2']) {
    await device.event({ at: Date.now(), kind: 'arc', point, active: true, level: 'warning' });
    ids.push(
      (
        await eventually('the alarm', async () =>
          (await contract.api.alarmsOf('keys')).find(({ pointId }) => pointId === point),
        )
      ).id,
    );
  }
  const [one, two] = [await clientOf('operator'), await clientOf('operator')];
  const key = { 'idempotency-key': 'request-1' };
  const first = await one.post(`/api/v1/alarms/${ids[0]}/acknowledge`, undefined, key);
  const second = await two.post(`/api/v1/alarms/${ids[1]}/acknowledge`, undefined, key);
  assert.deepEqual([first.status, second.status], [200, 200], second.text);
  assert.equal((second.body as AlarmRow).id, ids[1]);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type AlarmRow, type ProblemBody, type Series } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { DeviceClient } from '../contract/client/device-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';

type History = {
  readonly place: readonly string[];
  readonly items: readonly {
    deviceId: string;
    kind: string;
    from?: string;
    to?: string;
    by: string;
    reason?: string;
  }[];
};
type Blind = { readonly deviceId: string; readonly reasons: readonly string[] };

let contract: ContractCentre;
let admin: ApiClient;
let technician: ApiClient;

before(async () => {
  contract = await ContractCentre.start();
  await contract.register('life1', { model: 'generic-smoke' });
  admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  technician = new ApiClient(contract.process.webUrl, await contract.provision.token('technician', ['V1']));
});
after(() => contract.dispose());

const cli = (...args: string[]) => fengsui([...args, '--data', contract.process.folder]);
const moveTo = (id: string, state: string, client = technician) =>
  client.call('PUT', `/api/v1/devices/${id}/life`, { state, reason: `to ${state}` });
const historyOf = (id: string): Promise<History> => contract.api.get<History>(`/api/v1/devices/${id}/history`);
const blindSpots = async (): Promise<ReadonlyMap<string, readonly string[]>> =>
  new Map(
    (await contract.api.get<{ items: Blind[] }>('/api/v1/blind-spots?limit=1000')).items.map(
      ({ deviceId, reasons }) => [deviceId, reasons],
    ),
  );

test('a device goes through its life as the table allows, with who, when and why', async () => {
  const made = await admin.post('/api/v1/devices', {
    id: 'life2',
    model: 'generic-smoke',
    venueId: 'V1',
    life: 'produced',
  });
  assert.equal(made.status, 201, made.text);
  const skipped = await moveTo('life2', 'active');
  assert.equal(skipped.status, 409);
  assert.match((skipped.body as ProblemBody).detail, /active cannot follow produced: expected tested, retired/);
  for (const state of ['tested', 'inStock', 'installed', 'active', 'maintenance', 'active'])
    assert.equal((await moveTo('life2', state)).status, 200, state);
  const moved = await cli('device', 'state', 'life2', 'inStock', '--reason', 'taken down for painting');
  assert.deepEqual([moved.code, moved.stdout], [0, 'device life2 is inStock\n'], moved.stderr);
  const { items } = await historyOf('life2');
  assert.deepEqual(
    items.map(({ from, to }) => `${from ?? ''}>${to ?? ''}`),
    [
      'active>inStock',
      'maintenance>active',
      'active>maintenance',
      'installed>active',
      'inStock>installed',
      'tested>inStock',
      'produced>tested',
      '>produced',
    ],
  );
  assert.deepEqual([items[0]?.by, items[0]?.reason], ['command line', 'taken down for painting']);
  assert.match(items[1]?.by ?? '', /technician/);
  assert.equal((await moveTo('life2', 'installed', contract.api)).status, 403, 'a shift leader moves no devices');
});

test('maintenance marks alarms, old and new, over a restart too, and hides none', async () => {
  const device = await contract.device('mt1');
  await device.event({ epoch: 'm', seq: 0, kind: 'arc', point: 'c1', active: true, level: 'alarm' });
  const alarm = await contract.raised('mt1', 'arc');
  assert.equal('maintenance' in alarm, false);
  assert.equal((await moveTo('mt1', 'maintenance')).status, 200);
  const marked = (await contract.api.alarm(alarm.id)) as AlarmRow & { maintenance?: boolean };
  assert.deepEqual([marked.maintenance, marked.state], [true, 'unacknowledged']);
  await device.event({ epoch: 'm', seq: 1, kind: 'overload', point: 'c2', active: true, level: 'warning' });
  assert.equal(((await contract.raised('mt1', 'overload')) as AlarmRow & { maintenance?: boolean }).maintenance, true);
  await contract.process.kill9();
  await contract.process.up();
  assert.equal(((await contract.api.alarm(alarm.id)) as { maintenance?: boolean }).maintenance, true);
  assert.equal((await moveTo('mt1', 'active')).status, 200);
  assert.equal('maintenance' in (await contract.api.alarm(alarm.id)), false);
});

test('a retired device is refused at the door, its open connection too, and through its gateway', async () => {
  const device = await contract.device('rt1');
  await device.telemetry({ epoch: 'r', seq: 0, values: { 't1.temperatureC': 20 } });
  await device.event({ epoch: 'r', seq: 1, kind: 'arc', point: 'c1', active: true, level: 'warning' });
  const alarm = await contract.raised('rt1', 'arc');
  const gateway = await contract.device('rtg', { model: 'generic-gateway' });
  await contract.register('rtc', { model: 'generic-smoke', parentId: 'rtg' });
  await gateway.send('telemetry', { epoch: 'r', seq: 0, values: { 'smoke.obscurationPctPerM': 0.1 } }, { as: 'rtc' });
  for (const id of ['rt1', 'rtc']) assert.equal((await moveTo(id, 'retired')).status, 200);
  await eventually('the open connection to be closed', () => !device.mqtt.connected);
  await assert.rejects(
    DeviceClient.connect(contract.process.mqttUrl, 'rt1', contract.secretOf('rt1')),
    /Not authorized/i,
  );
  await gateway.send('telemetry', { epoch: 'r', seq: 1, values: { 'smoke.obscurationPctPerM': 0.2 } }, { as: 'rtc' });
  const [refused] = await contract.quarantined('rtg', 1);
  assert.match(refused?.reason ?? '', /^retiredDevice/);
  assert.deepEqual(await contract.valuesOf('rtc', 'smoke.obscurationPctPerM'), [0.1]);
  // Its source is gone, the alarm is still there to be seen.
  assert.equal((await contract.api.alarm(alarm.id)).state, 'returnedUnacknowledged');
  assert.equal((await moveTo('rt1', 'active')).status, 409);
});

test('a replacement takes the place, its circuits and its history', async () => {
  const area = await admin.call('PUT', '/api/v1/areas/V1-hall', { venueId: 'V1', kind: 'room', name: '大厅' });
  assert.equal(area.status, 200, area.text);
  const made = await technician.post('/api/v1/devices', {
    id: 'old1',
    model: 'generic-terminal',
    venueId: 'V1',
    areaId: 'V1-hall',
    name: '总箱',
  });
  assert.equal(made.status, 201, made.text);
  const { secret } = made.body as { secret: string };
  const circuit = {
    ratedA: 16,
    protectedClass: 'lift',
    areaId: 'V1-hall',
    cable: { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 },
  };
  assert.equal((await admin.call('PUT', '/api/v1/circuits/old1/c1', circuit)).status, 200);
  const bad = await admin.call('PUT', '/api/v1/circuits/old1/c9', { protectedClass: 'none' });
  assert.match(
    (bad.body as ProblemBody).detail,
    /prefix is c9: expected the prefix of a point of model generic-terminal/,
  );
  const before = await DeviceClient.connect(contract.process.mqttUrl, 'old1', secret);
  await before.telemetry({ epoch: 'o', seq: 0, at: Date.now() - 1_000, values: { 'c1.currentA': 1 } });
  await before.end();
  const otherModel = await cli('device', 'replace', 'old1', 'new1', '--model', 'generic-smoke', '--reason', 'x');
  assert.equal(otherModel.code, 1);
  assert.match(otherModel.stderr, /model generic-smoke lacks c1\.voltageV/);
  const done = await cli('device', 'replace', 'old1', 'new1', '--reason', 'channel 3 is dead', '--json');
  assert.equal(done.code, 0, done.stderr);
  const fresh = JSON.parse(done.stdout) as { deviceId: string; secret: string };
  assert.equal(fresh.deviceId, 'new1');
  const successor = await DeviceClient.connect(contract.process.mqttUrl, 'new1', fresh.secret);
  await successor.telemetry({ epoch: 'n', seq: 0, values: { 'c1.currentA': 2 } });
  await assert.rejects(DeviceClient.connect(contract.process.mqttUrl, 'old1', secret), /Not authorized/i);
  type Facts = { name?: string; areaId?: string; life: string; replaces?: string; replacedBy?: string };
  const now = await contract.api.get<Facts>('/api/v1/devices/new1');
  assert.deepEqual([now.name, now.areaId, now.life, now.replaces], ['总箱', 'V1-hall', 'active', 'old1']);
  const was = await contract.api.get<Facts>('/api/v1/devices/old1');
  assert.deepEqual([was.life, was.replacedBy], ['retired', 'new1']);
  const circuits = await contract.api.get<{ items: { protectedClass: string }[] }>('/api/v1/circuits?deviceId=new1');
  assert.deepEqual(
    circuits.items.map(({ protectedClass }) => protectedClass),
    ['lift'],
  );
  for (const id of ['old1', 'new1']) {
    const history = await historyOf(id);
    assert.deepEqual(history.place, ['new1', 'old1']);
    assert.deepEqual(
      history.items.map(({ kind }) => kind),
      ['replaces', 'replaced', 'registered'],
    );
    const values = async (more: string): Promise<number[]> => {
      const from = Date.now() - 60_000;
      const series = `/api/v1/series?point=${id}/c1.currentA&from=${from}&to=${Date.now() + 60_000}${more}`;
      return (await contract.api.get<Series>(series)).items.map(([, , , last]) => last);
    };
    await eventually('both halves', async () => (await values('&ofPlace=true')).length === 2);
    assert.deepEqual(await values('&ofPlace=true'), [1, 2]);
    assert.deepEqual(await values(''), [id === 'old1' ? 1 : 2]);
  }
  await successor.end();
});

test('a detector that cannot raise an alarm is listed with its reasons, counted, and leaves the list when it can', async () => {
  await contract.register('bl1', { model: 'generic-smoke', venueId: 'V-blind' });
  assert.deepEqual((await blindSpots()).get('bl1'), ['noArea', 'neverTested', 'neverReported']);
  const { blindSpotCount } = await contract.api.get<{ blindSpotCount: number }>('/api/v1/overview');
  assert.equal(blindSpotCount, (await blindSpots()).size);
  const mute = {
    id: 'acme-counter',
    version: 1,
    name: { zh: '计数器', en: 'Counter' },
    family: 'other',
    points: [{ id: 'n.countN', unit: '', family: 'other' }],
    events: [],
    reportingIntervalMs: 60_000,
    gateway: false,
  };
  assert.equal((await admin.post('/api/v1/models', mute)).status, 201);
  assert.equal(
    (await admin.call('PUT', '/api/v1/areas/B-room', { venueId: 'V-blind', kind: 'room', name: '库房' })).status,
    200,
  );
  assert.equal(
    (
      await admin.call('PUT', '/api/v1/areas/B-yard', {
        venueId: 'V-blind',
        kind: 'outdoor',
        name: '院',
        nameEn: 'Yard',
      })
    ).status,
    200,
  );
  await admin.post('/api/v1/devices', { id: 'bl2', model: 'acme-counter', venueId: 'V-blind', areaId: 'B-room' });
  assert.deepEqual((await blindSpots()).get('bl2'), ['noRule', 'neverTested', 'neverReported']);
  const made = await admin.post('/api/v1/devices', {
    id: 'bl3',
    model: 'generic-smoke',
    venueId: 'V-blind',
    areaId: 'B-room',
  });
  const device = await DeviceClient.connect(contract.process.mqttUrl, 'bl3', (made.body as { secret: string }).secret);
  await device.telemetry({ epoch: 'b', seq: 0, values: { 'smoke.obscurationPctPerM': 0.1 } });
  await eventually(
    'only the test to be missing',
    async () => (await blindSpots()).get('bl3')?.join() === 'neverTested',
  );
  const failed = await cli('device', 'test', 'bl3', '--failed', '--point', 'smoke', '--reason', 'no alarm on screen');
  assert.equal(failed.code, 0, failed.stderr);
  assert.deepEqual((await blindSpots()).get('bl3'), ['testFailed']);
  assert.equal((await admin.post('/api/v1/devices/bl3/tests', { passed: true, point: 'smoke' })).status, 201);
  assert.equal((await blindSpots()).has('bl3'), false);
  type Coverage = {
    items: {
      detectorCount: number;
      ableCount: number;
      areaCount: number;
      coveredAreaCount: number;
      blindAreas: { areaId: string; nameEn?: string }[];
    }[];
  };
  const [venue] = (await contract.api.get<Coverage>('/api/v1/coverage?venueId=V-blind')).items;
  assert.deepEqual(
    [
      venue?.detectorCount,
      venue?.ableCount,
      venue?.areaCount,
      venue?.coveredAreaCount,
      venue?.blindAreas.map(({ areaId, nameEn }) => [areaId, nameEn]),
    ],
    [3, 1, 2, 1, [['B-yard', 'Yard']]],
  );
  // Shelved is isolated; a fire cannot be.
  await device.event({ epoch: 'b', seq: 1, kind: 'tamper', point: '', active: true, level: 'warning' });
  const tamper = await contract.raised('bl3', 'tamper');
  const until = new Date(Date.now() + 3_600_000).toISOString();
  assert.equal((await contract.act(tamper.id, 'shelve', { until, reason: 'cover is off' })).status, 200);
  assert.deepEqual((await blindSpots()).get('bl3'), ['isolated']);
  await device.end();
  await eventually('silence', async () => (await blindSpots()).get('bl3')?.includes('silent') === true);
});

test('who is bound to one venue writes nothing of another, and cannot tell it from what is not there', async () => {
  await contract.register('far1', { model: 'generic-smoke', venueId: 'V-far' });
  const bound = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin', ['V1']));
  for (const id of ['far1', 'nowhere']) {
    const answers = await Promise.all([
      bound.call('PUT', `/api/v1/devices/${id}/life`, { state: 'retired', reason: 'r' }),
      bound.post(`/api/v1/devices/${id}/tests`, { passed: true }),
      bound.post(`/api/v1/devices/${id}/replace`, { newDeviceId: 'x1', reason: 'r' }),
      bound.post(`/api/v1/devices/${id}/secret`),
      bound.call('GET', `/api/v1/devices/${id}/history`),
      bound.call('PUT', `/api/v1/circuits/${id}/c1`, { protectedClass: 'none' }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 404, 404, 404, 404],
      id,
    );
  }
  const venue = { name: 'n', class: 'office', organisationId: 'default' };
  assert.equal((await bound.call('PUT', '/api/v1/venues/V-far', venue)).status, 404);
  assert.equal((await bound.call('PUT', '/api/v1/areas/x', { venueId: 'V-far', kind: 'room', name: 'n' })).status, 404);
  assert.equal(
    (await bound.post('/api/v1/devices', { id: 'x2', model: 'generic-smoke', venueId: 'V-far' })).status,
    404,
  );
  assert.equal((await bound.post('/api/v1/imports', { venues: 'id,name,class' })).status, 403);
  assert.equal((await bound.post('/api/v1/models', {})).status, 403);
  for (const list of ['areas', 'circuits', 'blind-spots', 'coverage', 'contacts']) {
    const { status, text } = await bound.call('GET', `/api/v1/${list}?venueId=V-far`);
    assert.deepEqual([status, text], [200, '{"items":[]}'], list);
  }
  assert.equal((await contract.api.get<{ life: string }>('/api/v1/devices/far1')).life, 'active');
});

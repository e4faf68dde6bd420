import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { leakModel } from '../../apps/centre/src/registry/leak-model.fixture.ts';
import { ApiClient, type AlarmRow, type ProblemBody } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';

const urgency = (priority: string) => ({ category: 'supervisory', priority });
const pit = {
  ...leakModel,
  events: leakModel.events.map((event) => ({
    ...event,
    classification: { attention: urgency('P4'), warning: urgency('P3'), alarm: urgency('P1') },
  })),
};
type PointRow = {
  id: string;
  unit: string;
  family: string;
  value?: number;
  label?: object;
  limits: { threshold: number }[];
};

let contract: ContractCentre;
let admin: ApiClient;
let folder: string;

before(async () => {
  contract = await ContractCentre.start();
  admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-model-'));
});
after(async () => {
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

const points = async (deviceId: string): Promise<readonly PointRow[]> =>
  (await contract.api.get<{ items: PointRow[] }>(`/api/v1/devices/${deviceId}/points`)).items;

test('a fifth family comes as a file while the centre runs, and is measured, judged, named and counted', async () => {
  const file = path.join(folder, 'pit.json');
  await writeFile(file, JSON.stringify(pit));
  const added = await fengsui(['model', 'add', file, '--data', contract.process.folder]);
  assert.deepEqual([added.code, added.stdout], [0, 'model acme-pit version 1\n'], added.stderr);
  const device = await contract.device('pit1', { model: 'acme-pit' });
  await device.telemetry({ epoch: 'a', seq: 0, values: { 'leak.levelMm': 12 } });
  const [point] = await eventually('the value', async () => {
    const found = await points('pit1');
    return found[0]?.value === 12 ? found : undefined;
  });
  assert.deepEqual(
    [point?.unit, point?.family, point?.label, point?.limits[0]?.threshold],
    ['mm', 'leak', { zh: '积水深度', en: 'water depth' }, 20],
  );
  await device.telemetry({ epoch: 'a', seq: 1, values: { 'leak.levelMm': 25 } });
  const alarm = await contract.raised('pit1', 'leak');
  assert.deepEqual([alarm.category, alarm.priority, alarm.unmapped], ['supervisory', 'P1', undefined]);
  await device.event({ epoch: 'a', seq: 2, kind: 'leak', point: 'leak', active: true, level: 'warning' });
  const words = await contract.api.get<{ families: object; kinds: object; quantities: object; units: object }>(
    '/api/v1/words',
  );
  assert.deepEqual((words.families as Record<string, unknown>)['leak'], { zh: '水浸', en: 'Leak' });
  assert.deepEqual((words.kinds as Record<string, unknown>)['leak'], { zh: '井道漏水', en: 'shaft leak' });
  assert.deepEqual((words.units as Record<string, unknown>)['levelMm'], 'mm');
  const { families } = await contract.api.get<{
    families: { family: string; deviceCount: number; alarmingCount: number }[];
  }>('/api/v1/overview');
  const leak = families.find(({ family }) => family === 'leak');
  assert.deepEqual([leak?.deviceCount, leak?.alarmingCount], [1, 1]);
});

test('a model, its rows and its limits survive kill -9; a later version only adds points', async () => {
  await contract.process.kill9();
  await contract.process.up();
  assert.equal((await points('pit1'))[0]?.value, 25);
  assert.deepEqual(await contract.valuesOf('pit1', 'leak.levelMm'), [12, 25]);
  const later = { ...pit, version: 2, points: [...pit.points, { id: 'leak.batteryPct', unit: '%', family: 'leak' }] };
  assert.equal((await admin.post('/api/v1/models', later)).status, 201);
  assert.equal((await admin.post('/api/v1/models', later)).status, 201, 'the same again changes nothing');
  const device = await contract.device('pit1');
  await device.telemetry({ epoch: 'a', seq: 3, values: { 'leak.levelMm': 3, 'leak.batteryPct': 81 } });
  await eventually('both points', async () => (await points('pit1'))[1]?.value === 81);
  assert.deepEqual(await contract.valuesOf('pit1', 'leak.levelMm'), [3, 12, 25]);
  await contract.until(((await contract.alarmOf('pit1', 'leak')) as AlarmRow).id, 'unacknowledged');
});

test('what a version must not do, and what is wrong in a file, is said with field, value and expectation', async () => {
  const refusals: readonly (readonly [change: object, status: number, words: RegExp])[] = [
    [{ version: 1 }, 409, /version is 1: expected above 2/],
    [{ version: 3, points: [] }, 422, /limits\.0\.point is "leak\.levelMm"/],
    [
      { version: 3, limits: [], points: [] },
      409,
      /points\.0\.id is missing: expected "leak\.levelMm", points are only added/,
    ],
    [{ version: 3, points: [{ ...pit.points[0], unit: 'cm' }] }, 409, /points\.0\.unit is "cm": expected "mm"/],
    [{ version: 3, reportingIntervalMs: '60' }, 422, /reportingIntervalMs is "60": must be integer/],
    [{ version: 3, colour: 'red' }, 422, /colour: is not a field of a model/],
  ];
  for (const [change, status, words] of refusals) {
    const answer = await admin.post('/api/v1/models', { ...pit, ...change });
    assert.equal(answer.status, status, answer.text);
    assert.match((answer.body as ProblemBody).detail, words);
  }
  const file = path.join(folder, 'broken.json');
  await writeFile(file, JSON.stringify({ ...pit, gateway: 'no' }));
  const checked = await fengsui(['model', 'add', file, '--data', contract.process.folder]);
  assert.equal(checked.code, 1);
  assert.match(checked.stderr, /broken\.json: gateway is "no": must be boolean/);
  assert.equal((await contract.api.post('/api/v1/models', pit)).status, 403, 'a shift leader adds no models');
});

test('the models that come with the product: water pressure and pyrolysis particles raise by data alone', async () => {
  const water = await contract.device('w1', { model: 'generic-water-pressure' });
  const pyrolysis = await contract.device('p1', { model: 'generic-pyrolysis' });
  const at = Date.now() - 120_000;
  // Low for its whole delay, in the device's own time.
  await water.telemetry({ epoch: 'a', seq: 0, at, values: { 'water.pressureKpa': 40 } });
  await water.telemetry({ epoch: 'a', seq: 1, at: at + 60_000, values: { 'water.pressureKpa': 40 } });
  const low = await contract.raised('w1', 'waterPressure');
  assert.deepEqual([low.category, low.level], ['supervisory', 'alarm']);
  await pyrolysis.telemetry({ epoch: 'a', seq: 0, at, values: { 'pyrolysis.setPointPct': 130 } });
  await pyrolysis.telemetry({ epoch: 'a', seq: 1, at: at + 60_000, values: { 'pyrolysis.setPointPct': 130 } });
  const burning = await contract.raised('p1', 'pyrolysis');
  assert.deepEqual([burning.category, burning.priority, burning.unmapped], ['warning', 'P1', undefined]);
});

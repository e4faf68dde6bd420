import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type ProblemBody } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const VERSIONS = '/api/v1/rules/heat-alarm/versions';
type Version = {
  readonly version: number;
  readonly state: string;
  readonly running?: object;
  readonly trial?: {
    readonly reportCount: number;
    readonly deviceCount: number;
    readonly version: object;
    readonly inForce: object;
    readonly examples: readonly { readonly deviceId: string; readonly value: number }[];
  };
};

let contract: ContractCentre;
let zhang: ApiClient;
let wang: ApiClient;

before(async () => {
  contract = await ContractCentre.start();
  for (const name of ['zhang', 'wang']) await contract.provision.user(name, PASSWORD, 'shiftLeader');
  zhang = await sit('zhang');
  wang = await sit('wang');
});
after(() => contract.dispose());

async function sit(username: string): Promise<ApiClient> {
  const { webUrl } = contract.process;
  const answer = await new ApiClient(webUrl).post('/api/v1/login', { username, password: PASSWORD });
  const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const { csrfToken } = answer.body as { readonly csrfToken: string };
  return new ApiClient(webUrl, undefined, { cookie, 'x-csrf-token': csrfToken });
}

const outcome = ({ status, body }: Answer): readonly unknown[] =>
  status < 300 ? [status, (body as Version).state] : [status, (body as ProblemBody).code];
const words = { zh: '火', en: 'fire' };
const heatAbove = (threshold: number, more: object = {}) => ({
  kind: 'heat',
  level: 'alarm',
  scope: { venueClasses: ['office'] },
  test: {
    kind: 'limit',
    point: 'heat.temperatureC',
    direction: 'above',
    threshold,
    deadband: 3,
    onDelayMs: 0,
    offDelayMs: 0,
  },
  consequence: words,
  response: words,
  timeAllowedS: 60,
  source: 'ours',
  ...more,
});

const tried = (version: number): Promise<Version> =>
  eventually('the figure of the trial', async () => {
    const found = await zhang.get<Version>(`${VERSIONS}/${version}`);
    return found.trial !== undefined && found.running === undefined ? found : undefined;
  });

test('a threshold for a class of venues is tried on the past, reviewed by another, and then raises', async () => {
  const device = await contract.device('H1', { model: 'generic-heat' });
  const start = Date.now() - 60_000;
  await device.telemetry({ epoch: 'a', seq: 0, at: start, values: { 'heat.temperatureC': 45 } });
  await device.telemetry({ epoch: 'a', seq: 1, at: start + 20_000, values: { 'heat.temperatureC': 20 } });
  await eventually('both reports', async () => (await contract.rowsOf('H1', 'heat.temperatureC')).length === 2);

  assert.deepEqual(outcome(await zhang.post(VERSIONS, heatAbove(40))), [201, 'draft']);
  assert.deepEqual(outcome(await wang.post(`${VERSIONS}/2/review`, {})), [409, 'ruleNotTried']);
  assert.deepEqual(outcome(await zhang.post(`${VERSIONS}/2/on`)), [409, 'ruleNotTried']);
  assert.deepEqual(outcome(await zhang.post(`${VERSIONS}/2/trial`, { days: 7 })), [202, 'draft']);
  const { trial, state } = await tried(2);
  assert.deepEqual(
    [state, trial?.reportCount, trial?.deviceCount, trial?.version, trial?.inForce],
    ['tried', 2, 1, { raisedCount: 1, deviceCount: 1 }, { raisedCount: 0, deviceCount: 0 }],
  );
  assert.deepEqual(
    trial?.examples.map(({ deviceId, value }) => [deviceId, value]),
    [['H1', 45]],
  );

  assert.deepEqual(outcome(await zhang.post(`${VERSIONS}/2/on`)), [409, 'ruleReviewNeeded']);
  assert.deepEqual(outcome(await zhang.post(`${VERSIONS}/2/review`, {})), [409, 'ruleReviewNeeded']);
  assert.deepEqual(outcome(await contract.api.post(`${VERSIONS}/2/review`, {})), [403, 'sessionNeeded']);
  assert.deepEqual(outcome(await wang.post(`${VERSIONS}/2/review`, {})), [200, 'reviewed']);
  assert.deepEqual(outcome(await zhang.post(`${VERSIONS}/2/on`)), [200, 'on']);
  await device.telemetry({ epoch: 'a', seq: 2, values: { 'heat.temperatureC': 45 } });
  assert.equal((await contract.raised('H1', 'heat')).level, 'alarm');
});

test('after a kill the version that is on still watches; taken back, its alarm ends and the product’s rule is there', async () => {
  await contract.process.kill9();
  await contract.process.up();
  const device = await contract.device('H2', { model: 'generic-heat' });
  await device.telemetry({ epoch: 'a', seq: 0, values: { 'heat.temperatureC': 41 } });
  const alarm = await contract.raised('H2', 'heat');
  const taken = await wang.post(`${VERSIONS}/2/retire`, { reason: 'the kitchen is not an office' });
  assert.deepEqual(outcome(taken), [200, 'retired']);
  await contract.until(alarm.id, 'returnedUnacknowledged');
  await device.telemetry({ epoch: 'a', seq: 1, values: { 'heat.temperatureC': 58 } });
  await device.telemetry({ epoch: 'a', seq: 2, at: Date.now() + 6_000, values: { 'heat.temperatureC': 58 } });
  await contract.until(alarm.id, 'unacknowledged');
});

test('a rule of life safety is not made less sensitive without a reason, and is listed as such', async () => {
  const duller = heatAbove(65);
  assert.deepEqual(outcome(await zhang.post(VERSIONS, duller)), [422, 'ruleReasonMissing']);
  assert.deepEqual(outcome(await zhang.post(VERSIONS, heatAbove(65, { reason: 'foundry' }))), [201, 'draft']);
  const off = { test: { kind: 'off' } };
  assert.deepEqual(outcome(await zhang.post(VERSIONS, heatAbove(57, off))), [422, 'ruleReasonMissing']);
  assert.deepEqual(outcome(await zhang.post(VERSIONS, heatAbove(57, { kind: 'smoke' }))), [422, 'invalidRule']);
  assert.deepEqual(outcome(await zhang.post(VERSIONS, heatAbove(57, { validFrom: '2026-02-30' }))), [
    422,
    'invalidRule',
  ]);
  const { items } = await zhang.get<{ items: readonly Record<string, unknown>[] }>('/api/v1/rules');
  const listed = items.filter(({ id }) => id === 'heat-alarm');
  assert.deepEqual(
    listed.map(({ version, state, isOfProduct, isLifeSafety, isLessSensitive }) => [
      version,
      state,
      isOfProduct,
      isLifeSafety,
      isLessSensitive,
    ]),
    [
      [1, 'on', true, true, false],
      [3, 'draft', false, true, true],
      [2, 'retired', false, true, false],
    ],
  );
});

const OWN = '/api/v1/rules/heat-and-smoke/versions';
const part = { kind: 'limit', direction: 'above', deadband: 0, onDelayMs: 0, offDelayMs: 0 } as const;
const heatCounted = (more: object = {}) => ({
  ...heatAbove(0),
  scope: {},
  // Kind and level alone would make it P1.
  priority: 'P2',
  reason: 'a sauna',
  test: {
    kind: 'count',
    of: { ...part, point: 'heat.temperatureC', threshold: 40 },
    atLeast: 2,
    windowMs: 600_000,
  },
  ...more,
});

test('a count of its own is tried, switched on, kept over a kill between its two, and raises at its priority', async () => {
  const device = await contract.device('H3', { model: 'generic-heat' });
  const start = Date.now() - 60_000;
  for (const [seq, value] of [45, 20, 46, 20].entries())
    await device.telemetry({ epoch: 'c', seq, at: start + seq * 10_000, values: { 'heat.temperatureC': value } });
  await eventually('four reports', async () => (await contract.rowsOf('H3', 'heat.temperatureC')).length === 4);
  const bad = heatCounted({
    test: { kind: 'count', of: { ...part, point: 'heat.*', threshold: 40 }, atLeast: 2, windowMs: 1 },
  });
  assert.deepEqual(outcome(await zhang.post(OWN, bad)), [422, 'invalidRule']);
  assert.deepEqual(outcome(await zhang.post(OWN, heatCounted({ reason: '' }))), [422, 'ruleReasonMissing']);
  assert.deepEqual(outcome(await zhang.post(OWN, heatCounted())), [201, 'draft']);
  assert.deepEqual(outcome(await zhang.post(`${OWN}/1/trial`, { days: 1 })), [202, 'draft']);
  const { trial } = await eventually('the figure', async () => {
    const found = await zhang.get<Version>(`${OWN}/1`);
    return found.trial !== undefined && found.running === undefined ? found : undefined;
  });
  assert.deepEqual(
    [trial?.version, trial?.inForce],
    [
      { raisedCount: 2, deviceCount: 2 },
      { raisedCount: 0, deviceCount: 0 },
    ],
  );
  assert.deepEqual(outcome(await wang.post(`${OWN}/1/review`, {})), [200, 'reviewed']);
  assert.deepEqual(outcome(await zhang.post(`${OWN}/1/on`)), [200, 'on']);

  await device.telemetry({ epoch: 'd', seq: 0, values: { 'heat.temperatureC': 45 } });
  await device.telemetry({ epoch: 'd', seq: 1, values: { 'heat.temperatureC': 20 } });
  await eventually('both', async () => (await contract.rowsOf('H3', 'heat.temperatureC')).length === 6);
  await contract.process.kill9();
  await contract.process.up();
  const again = await contract.device('H3');
  await again.telemetry({ epoch: 'd', seq: 2, values: { 'heat.temperatureC': 45 } });
  const alarm = await contract.raised('H3', 'heat');
  assert.deepEqual([alarm.level, (alarm as { priority?: string }).priority], ['alarm', 'P2']);
  assert.deepEqual(outcome(await wang.post(`${OWN}/1/retire`, { reason: 'only tried' })), [200, 'retired']);
  await contract.until(alarm.id, 'returnedUnacknowledged');
});

test('what is valid from a later day on is switched on and begins by itself; what is over is not switched on', async () => {
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const path = '/api/v1/rules/some-days/versions';
  const days = [{ validFrom: day(2) }, { validTo: day(-2) }] as const;
  for (const [i, more] of days.entries()) {
    const number = i + 1;
    assert.deepEqual(outcome(await zhang.post(path, heatAbove(45, more))), [201, 'draft']);
    assert.equal((await zhang.post(`${path}/${number}/trial`, { days: 1 })).status, 202);
    await eventually('the figure', async () => {
      const found = await zhang.get<Version>(`${path}/${number}`);
      return found.state === 'tried' && found.running === undefined ? found : undefined;
    });
    assert.deepEqual(outcome(await wang.post(`${path}/${number}/review`, {})), [200, 'reviewed']);
  }
  assert.deepEqual(outcome(await zhang.post(`${path}/1/on`)), [200, 'reviewed']);
  assert.deepEqual(outcome(await zhang.post(`${path}/1/on`)), [409, 'ruleState']);
  assert.equal((await zhang.get<{ scheduledBy?: string }>(`${path}/1`)).scheduledBy, 'zhang');
  assert.deepEqual(outcome(await zhang.post(`${path}/2/on`)), [409, 'ruleNotValid']);
});

test('hours without an offset are those of the site, and every fault of them is named', async () => {
  const path = '/api/v1/rules/at-night/versions';
  const schedule = { speaks: 'within', windows: [{ days: [1], fromMin: 1_320, toMin: 360 }] };
  const drafted = (await zhang.post(path, heatAbove(45, { schedule }))).body as { readonly schedule: object };
  assert.deepEqual(drafted.schedule, { ...schedule, utcOffsetMin: 480 });
  const never = { ...schedule, windows: [{ days: [1], fromMin: 60, toMin: 60 }] };
  const { status, body } = await zhang.post(
    path,
    heatAbove(45, { schedule: never, timeAllowedS: 1, validTo: '2026-13-01' }),
  );
  assert.equal(status, 422);
  const { detail } = body as ProblemBody & { readonly detail: string };
  assert.match(detail, /schedule window 1/);
  assert.match(detail, /validTo/);
});

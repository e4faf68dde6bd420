import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type Answer, type Page } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually } from './client/eventually.ts';
import { isObject, objectAt, OpenApiDocument } from './client/openapi-document.ts';

type Told = {
  readonly kind: string;
  readonly point: string;
  readonly at: string;
  readonly active?: boolean;
  readonly late?: boolean;
  readonly confidence?: number;
  readonly captureId?: string;
  readonly evidence?: unknown;
};
type Judgement = {
  readonly id: string;
  readonly loadEventId: string;
  readonly verdict: string;
  readonly name?: string;
  readonly by: string;
  readonly at: string;
};

let contract: ContractCentre;
let device: DeviceClient;
let seq = 0;

before(async () => {
  contract = await ContractCentre.start();
  device = await contract.device('L1');
  await contract.device('L2', { venueId: 'V2' });
  for (const venueId of ['V1', 'V2']) await contract.sayWhy(venueId);
});
after(() => contract.dispose());

const wave = Array.from({ length: 64 }, (_, n) => Number((10 * Math.sin((2 * Math.PI * n) / 64)).toFixed(3)));

/** Evidence of a switching as the reference of the device wire describes it. */
const loadEvidence = (loadEventId: string) => ({
  schema: 'load/1',
  loadEventId,
  model: { fingerprintSchemaVersion: 1, modelId: 'm', modelVersion: '1', enrolmentVersion: 3 },
  switching: { direction: 'on', activePowerW: 1_600.5, reactivePowerVar: -2, currentA: 7.1 },
  recognition: {
    families: [{ family: 'resistive', probability: 0.97 }],
    types: [{ type: 'kettle', probability: 0.4 }],
    unknownScore: 0.1,
    named: { level: 'family', name: 'resistive', confidence: 0.97 },
    reasons: [{ feature: 'displacementCos', value: 1, typical: [0.99, 1] }],
  },
  shape: { voltageV: wave, currentA: wave, harmonics: [{ order: 3, ratio: 0.01, phaseRad: -1 }] },
  circuit: { activePowerW: 1_620, unexplainedPowerW: 19.5, loadsOn: [] },
});

async function tellLoad(loadEventId: string, fields: object = {}, from = device): Promise<void> {
  const evidence = loadEvidence(loadEventId);
  const event = { epoch: 'l', seq: ++seq, at: Date.now(), kind: 'loadOn', point: 'c1', level: 'attention', evidence };
  await from.event({ ...event, ...fields });
}

const eventsOf = (query: string, api = contract.api): Promise<Page<Told>> => api.get(`/api/v1/events?${query}`);
const judgementsOf = async (id = 'L1'): Promise<readonly Judgement[]> =>
  (await contract.api.get<Page<Judgement>>(`/api/v1/devices/${id}/load-judgements`)).items;
const judge = (body: object, id = 'L1', headers?: Record<string, string>): Promise<Answer> =>
  contract.api.post(`/api/v1/devices/${id}/load-judgements`, body, headers);

test('an event is given as the device sent it, with every field of its evidence', async () => {
  await tellLoad('told-1', { confidence: 0.97, captureId: 'cap-1' });
  const [told] = await eventually('the event', async () => {
    const { items } = await eventsOf('deviceId=L1');
    return items.length > 0 ? items : undefined;
  });
  const { at, receivedAt, ...rest } = told as Told & { readonly receivedAt: string };
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000 && Date.parse(receivedAt) >= Date.parse(at) - 1_000);
  assert.deepEqual(rest, {
    deviceId: 'L1',
    venueId: 'V1',
    origin: 'live',
    kind: 'loadOn',
    point: 'c1',
    level: 'attention',
    confidence: 0.97,
    captureId: 'L1:cap-1',
    evidence: loadEvidence('told-1'),
  });
});

test('a load that is switched is no alarm', async () => {
  await contract.settle(device);
  assert.deepEqual(await contract.api.alarmsOf('L1'), []);
});

test('pages hold every event once, newest first, also when many bear the same instant', async () => {
  const paged = await contract.device('L3');
  const at = Date.now();
  const names = Array.from({ length: 25 }, (_, n) => `page-${n}`);
  for (const [n, name] of names.entries()) {
    const evidence = { loadEventId: name };
    const event = { epoch: 'p', seq: n, at: at - Math.trunc(n / 10), kind: 'loadOff', point: 'c1', level: 'attention' };
    await paged.event({ ...event, evidence });
  }
  await contract.settle(paged);
  const seen: Told[] = [];
  let cursor = '';
  for (let page = 0; page < 30; page++) {
    const { items, nextCursor } = await eventsOf(`deviceId=L3&limit=4${cursor}`);
    assert.ok(items.length <= 4);
    seen.push(...items);
    if (nextCursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const nameOf = ({ evidence }: Told): unknown => objectAt(evidence, 'evidence')['loadEventId'];
  assert.deepEqual(seen.map(nameOf).sort(), [...names].sort());
  const instants = seen.map((told) => Date.parse(told.at));
  assert.deepEqual(
    instants,
    instants.toSorted((a, b) => b - a),
  );
  assertProblem(
    await contract.api.call('GET', '/api/v1/events?deviceId=L3&cursor=bm9uc2Vuc2U'),
    400,
    'a made-up cursor',
  );
});

test('events are chosen by kind and by the capture they name', async () => {
  const at = Date.now();
  for (const [kind, captureId] of [
    ['arc', 'k-1'],
    ['loadOn', 'k-1'],
    ['loadOff', 'k-2'],
  ] as const)
    await device.event({
      epoch: 'k',
      seq: ++seq,
      at,
      kind,
      point: 'c2',
      level: 'attention',
      captureId,
      ...(kind === 'arc' && { active: true }),
    });
  await contract.settle(device);
  const kindsOf = async (query: string) =>
    (await eventsOf(`deviceId=L1&${query}`)).items.map(({ kind }) => kind).sort();
  assert.deepEqual(await kindsOf('captureId=L1:k-1'), ['arc', 'loadOn']);
  assert.deepEqual(await kindsOf('captureId=L1:k-1&kind=arc'), ['arc']);
  assert.deepEqual(await kindsOf('captureId=L1:k-1&kind=arc,%20loadOn'), ['arc', 'loadOn']);
  assert.deepEqual(await kindsOf('kind=smoke'), []);
  assertProblem(
    await contract.api.call('GET', '/api/v1/events?deviceId=L1&captureId=L2:k-1'),
    400,
    'of another device',
  );
  assertProblem(await contract.api.call('GET', '/api/v1/events'), 400, 'of no device');
});

test('what came late says so and stands where it belongs in time', async () => {
  const at = Date.now();
  await tellLoad('late-2', { epoch: 'late', seq: 2, at });
  await tellLoad('late-1', { epoch: 'late', seq: 1, at: at - 60_000 });
  await contract.settle(device);
  const { items } = await eventsOf('deviceId=L1&limit=100');
  const placeOf = (name: string) =>
    items.findIndex(({ evidence }) => isObject(evidence) && evidence['loadEventId'] === name);
  assert.ok(placeOf('late-2') >= 0 && placeOf('late-2') < placeOf('late-1'));
  assert.deepEqual([items[placeOf('late-2')]?.late, items[placeOf('late-1')]?.late], [undefined, true]);
});

test('a judgement is kept with who and when, in the order they were given', async () => {
  await tellLoad('judged-1');
  await contract.settle(device);
  const before = Date.now();
  const confirmed = await judge({ loadEventId: 'judged-1', verdict: 'confirm' });
  const renamed = await judge({ loadEventId: 'judged-1', verdict: 'rename', name: '茶水间 <kettle>' });
  assert.deepEqual([confirmed.status, renamed.status], [200, 200], renamed.text);
  const given = renamed.body as Judgement;
  assert.deepEqual(
    [given.verdict, given.name, given.loadEventId, typeof given.by],
    ['rename', '茶水间 <kettle>', 'judged-1', 'string'],
  );
  assert.ok(given.by !== '' && Date.parse(given.at) >= before - 1_000 && Date.parse(given.at) <= Date.now() + 1_000);
  assert.deepEqual(await judgementsOf(), [confirmed.body, renamed.body]);
  assert.deepEqual(await judgementsOf('L2'), []);
});

test('a judgement sent twice under one Idempotency-Key is one judgement; another under it is refused', async () => {
  await tellLoad('twice-1');
  await contract.settle(device);
  const key = { 'idempotency-key': 'twice-1-key-0123456789' };
  const body = { loadEventId: 'twice-1', verdict: 'reject' };
  const [first, second] = [await judge(body, 'L1', key), await judge(body, 'L1', key)];
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(second.body, first.body);
  assert.equal((await judgementsOf()).filter(({ loadEventId }) => loadEventId === 'twice-1').length, 1);
  const other = await judge({ loadEventId: 'twice-1', verdict: 'confirm' }, 'L1', key);
  assert.ok([409, 422].includes(other.status), `${other.status} ${other.text}`);
});

test('what cannot be meant is refused with its reason, and nothing is kept', async () => {
  await tellLoad('refused-1');
  await contract.settle(device);
  const kept = await judgementsOf();
  const refusals: readonly (readonly [body: object, status: number])[] = [
    [{ loadEventId: 'refused-1', verdict: 'rename' }, 400],
    [{ loadEventId: 'refused-1', verdict: 'rename', name: '' }, 400],
    [{ loadEventId: 'refused-1', verdict: 'rename', name: '   ' }, 400],
    [{ loadEventId: 'refused-1', verdict: 'rename', name: 'n'.repeat(81) }, 400],
    [{ loadEventId: 'refused-1', verdict: 'confirm', name: 'kettle' }, 400],
    [{ loadEventId: 'refused-1', verdict: 'perhaps' }, 400],
    [{ verdict: 'confirm' }, 400],
    [{}, 400],
    [{ loadEventId: 'never-told', verdict: 'confirm' }, 404],
  ];
  for (const [body, status] of refusals) assertProblem(await judge(body), status, JSON.stringify(body));
  assertProblem(await judge({ loadEventId: 'refused-1', verdict: 'confirm' }, 'L2'), 404, 'of another device');
  assertProblem(await judge({ loadEventId: 'refused-1', verdict: 'confirm' }, 'nobody'), 404, 'of no device');
  assert.deepEqual(await judgementsOf(), kept);
});

test('who may judge is who knows the loads or answers for the shift; everybody who reads telemetry may read', async () => {
  const mayJudge = new Set(['shiftLeader', 'analyst', 'venueManager', 'technician']);
  const mayRead = new Set([...mayJudge, 'operator', 'regulator', 'display', 'integrator']);
  const roles = [...mayRead, 'systemAdmin', 'securityAdmin', 'auditor', 'insurer'];
  await tellLoad('rights-1');
  await contract.settle(device);
  for (const role of roles) {
    const token = await contract.provision.token(role, ['V1']);
    const client = new ApiClient(contract.process.webUrl, token);
    for (const path of ['/api/v1/events?deviceId=L1', '/api/v1/devices/L1/load-judgements'])
      assert.equal((await client.call('GET', path)).status, mayRead.has(role) ? 200 : 403, `${role}: GET ${path}`);
    const body = { loadEventId: 'rights-1', verdict: 'confirm' };
    const answer = await client.post('/api/v1/devices/L1/load-judgements', body);
    assert.equal(answer.status, mayJudge.has(role) ? 200 : 403, `${role}: judging`);
  }
  const said = (await judgementsOf()).filter(({ loadEventId }) => loadEventId === 'rights-1');
  assert.equal(said.length, mayJudge.size);
});

test('who is bound to a venue sees nothing of the loads of another', async () => {
  const other = await contract.device('L2', { venueId: 'V2' });
  await tellLoad('foreign-1', { epoch: 'f', seq: 1 }, other);
  await contract.settle(other);
  const client = new ApiClient(contract.process.webUrl, await contract.provision.token('analyst', ['V1']));
  assert.deepEqual((await eventsOf('deviceId=L2', client)).items, []);
  assert.equal((await client.call('GET', '/api/v1/devices/L2/load-judgements')).status, 404);
  const body = { loadEventId: 'foreign-1', verdict: 'reject' };
  assert.equal((await client.post('/api/v1/devices/L2/load-judgements', body)).status, 404);
  assert.deepEqual(await judgementsOf('L2'), []);
});

test('the document describes the shapes of evidence that terminals of our make send', async () => {
  const document = new OpenApiDocument(await contract.api.get('/api/openapi.json'));
  const schemas = objectAt(objectAt(document.root['components'], 'components')['schemas'], 'schemas');
  for (const name of ['LoadEvidence', 'ArcEvidence', 'HazardEvidence', 'DeviceEventRecord', 'LoadJudgement'])
    assert.ok(isObject(schemas[name]), `${name} is described`);
});

test('evidence above 16 KiB is left out, and the event is kept without it', async () => {
  const large = await contract.device('L4');
  const fits = { schema: 'x', text: 'x'.repeat(15 * 1024) };
  await tellLoad('large-1', { evidence: { ...fits, more: 'x'.repeat(2 * 1024) }, epoch: 'g', seq: 1 }, large);
  await tellLoad('large-2', { evidence: fits, epoch: 'g', seq: 2, at: Date.now() + 1_000 }, large);
  await contract.settle(large);
  const { items } = await eventsOf('deviceId=L4');
  assert.deepEqual(
    items.map(({ evidence }) => evidence),
    [fits, undefined],
  );
});

test('judgements outlive a kill of the centre', async () => {
  const kept = await judgementsOf();
  assert.ok(kept.length > 0);
  await contract.process.kill9();
  await contract.process.up();
  assert.deepEqual(await judgementsOf(), kept);
});

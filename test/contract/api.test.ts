import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type AlarmRow, type Page } from './client/api-client.ts';
import { assertProblem } from './client/assert-problem.ts';
import { ContractCentre } from './client/contract-centre.ts';
import type { DeviceClient } from './client/device-client.ts';
import { eventually } from './client/eventually.ts';
import { isObject, objectAt, OpenApiDocument } from './client/openapi-document.ts';
import { sendTestCapture } from './client/capture-chunks.ts';

const HOUR_MS = 3_600_000;

let contract: ContractCentre;
let api: ApiClient;
let device: DeviceClient;
let alarmId: string;

before(async () => {
  contract = await ContractCentre.start();
  api = contract.api;
  device = await contract.device('api-1');
  await contract.sayWhy();
  const now = Date.now();
  await device.telemetry({ epoch: 'a', seq: 1, at: now, values: { 't1.temperatureC': 31.5, 'c1.currentA': 4.25 } });
  await device.event({ epoch: 'a', seq: 2, at: now, kind: 'overload', point: 'c1', active: true, level: 'warning' });
  const evidence = { schema: 'of another make', loadEventId: 'load-1' };
  await device.event({ epoch: 'a', seq: 4, at: now, kind: 'loadOn', point: 'c1', level: 'attention', evidence });
  await device.telemetry({ epoch: 'a', seq: 0, at: now - 60_000, values: { 't1.temperatureC': 99 } });
  await device.send('telemetry', 'broken');
  await sendTestCapture(device, 'cap-1', 3);
  alarmId = (await eventually('the alarm', async () => (await api.alarmsOf('api-1'))[0])).id;
  await eventually('the capture', async () => (await api.call('GET', '/api/v1/captures/api-1:cap-1')).status === 200);
});
after(() => contract.dispose());

/** The paths the contract names, with what they need to answer 200 here. */
const promised = (): readonly (readonly [method: 'GET' | 'POST', template: string, path: string, body?: object])[] => [
  ['GET', '/api/v1/venues', '/api/v1/venues'],
  ['GET', '/api/v1/devices', '/api/v1/devices'],
  ['GET', '/api/v1/devices/{id}', '/api/v1/devices/api-1'],
  ['GET', '/api/v1/devices/{id}/points', '/api/v1/devices/api-1/points'],
  [
    'GET',
    '/api/v1/series',
    `/api/v1/series?point=api-1/t1.temperatureC&from=${Date.now() - HOUR_MS}&to=${Date.now()}&maxPoints=10`,
  ],
  ['GET', '/api/v1/alarms', '/api/v1/alarms?state=unacknowledged&category=warning&venueId=V1'],
  ['GET', '/api/v1/alarms/{id}/history', `/api/v1/alarms/${alarmId}/history`],
  ['GET', '/api/v1/events', '/api/v1/events?deviceId=api-1&kind=overload,loadOn&limit=5'],
  ['GET', '/api/v1/devices/{id}/load-judgements', '/api/v1/devices/api-1/load-judgements'],
  [
    'POST',
    '/api/v1/devices/{id}/load-judgements',
    '/api/v1/devices/api-1/load-judgements',
    { loadEventId: 'load-1', verdict: 'rename', name: 'kettle' },
  ],
  ['GET', '/api/v1/captures/{id}', '/api/v1/captures/api-1:cap-1'],
  ['GET', '/api/v1/captures/{id}/samples', '/api/v1/captures/api-1:cap-1/samples'],
  ['POST', '/api/v1/alarms/{id}/acknowledge', `/api/v1/alarms/${alarmId}/acknowledge`, { note: 'seen' }],
  [
    'POST',
    '/api/v1/alarms/{id}/shelve',
    `/api/v1/alarms/${alarmId}/shelve`,
    { until: new Date(Date.now() + HOUR_MS).toISOString(), reason: 'works' },
  ],
  ['GET', '/healthz', '/healthz'],
  ['GET', '/readyz', '/readyz'],
  ['GET', '/metrics', '/metrics'],
];

/** Further paths of the document that answer a GET without more than these parameters. */
const further = (): readonly (readonly [template: string, path: string])[] => [
  ['/api/v1/session', '/api/v1/session'],
  ['/api/v1/organisations', '/api/v1/organisations'],
  ['/api/v1/venues/{id}', '/api/v1/venues/V1'],
  ['/api/v1/alarms/{id}', `/api/v1/alarms/${alarmId}`],
  ['/api/v1/captures', '/api/v1/captures'],
  ['/api/v1/overview', '/api/v1/overview'],
  ['/api/v1/quarantine', '/api/v1/quarantine'],
  ['/api/v1/late-hazards', '/api/v1/late-hazards'],
];

const openApi = async (): Promise<OpenApiDocument> =>
  new OpenApiDocument(await new ApiClient(api.base).get('/api/openapi.json'));

test('the document is OpenAPI 3.1, names every promised path, and every reference points at something', async () => {
  const document = await openApi();
  assert.match(String(document.root['openapi']), /^3[.]1[.]\d+$/);
  const info = objectAt(document.root['info'], 'info');
  assert.ok(typeof info['title'] === 'string' && typeof info['version'] === 'string');
  const references = document.references();
  assert.ok(references.length > 0);
  for (const reference of references) document.resolve(reference);
  for (const [method, template] of promised()) document.operation(method, template);
  document.operation('POST', '/api/v1/login');
});

test('every operation describes its parameters, its answers and who may call it', async () => {
  const document = await openApi();
  const schemes = Object.keys(
    objectAt(objectAt(document.root['components'], 'components')['securitySchemes'], 'securitySchemes'),
  );
  assert.ok(schemes.length > 0);
  const ids = new Set<string>();
  const operations = document.operations();
  assert.ok(operations.length >= promised().length);
  for (const { method, path, definition } of operations) {
    const place = `${method} ${path}`;
    const responses = Object.entries(objectAt(definition['responses'], `${place} responses`));
    assert.ok(responses.length > 0, `${place} has no responses`);
    for (const [status, response] of responses) {
      assert.match(status, /^([1-5]\d\d|default)$/, place);
      assert.equal(typeof objectAt(response, place)['description'], 'string', `${place} ${status}: description`);
    }
    const security = definition['security'] ?? document.root['security'];
    assert.ok(Array.isArray(security), `${place} says nothing about security`);
    for (const alternative of security) {
      for (const scheme of Object.keys(objectAt(alternative, place)))
        assert.ok(schemes.includes(scheme), `${place}: ${scheme}`);
    }
    const parameters = (definition['parameters'] ?? []) as unknown[];
    const inPath = parameters
      .map((parameter) => objectAt(parameter, place))
      .filter((parameter) => parameter['in'] === 'path');
    const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    assert.deepEqual(
      inPath.map((parameter) => parameter['name']),
      wanted,
      `${place} path parameters`,
    );
    for (const parameter of inPath) assert.equal(parameter['required'], true, place);
    for (const parameter of parameters) assert.ok(isObject(objectAt(parameter, place)['schema']), place);
    const id = definition['operationId'];
    if (typeof id === 'string') {
      assert.ok(!ids.has(id), `operationId ${id} twice`);
      ids.add(id);
    }
  }
});

test('operations that need no log-in say so in the document, and no other does', async () => {
  const document = await openApi();
  const isOpen = ({ definition }: { definition: Record<string, unknown> }): boolean => {
    const security = definition['security'] ?? document.root['security'];
    return (
      Array.isArray(security) &&
      security.every((alternative) => Object.keys(objectAt(alternative, 'security')).length === 0)
    );
  };
  const stranger = new ApiClient(api.base);
  for (const operation of document.operations()) {
    const path = operation.path.replaceAll(/\{[^}]+\}/g, 'x');
    const { status } = await stranger.call(operation.method, path, operation.method === 'GET' ? undefined : {});
    // The address of this machine itself opens /metrics, which the document cannot express.
    if (operation.path === '/metrics') continue;
    assert.equal(
      status !== 401,
      isOpen(operation),
      `${operation.method} ${operation.path} answered ${status} without a log-in`,
    );
  }
});

test('every promised path answers, and every answer is what the document says', async () => {
  const document = await openApi();
  const calls = [...promised(), ...further().map(([template, path]) => ['GET', template, path] as const)];
  for (const [method, template, path, body] of calls) {
    const answer = await api.call(method, path, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    if (template === '/metrics') continue;
    const type = answer.headers.get('content-type') ?? '';
    assert.equal(
      document.mismatch(method, template, answer.status, type, answer.body),
      undefined,
      `${method} ${path}: ${answer.text.slice(0, 400)}`,
    );
  }
});

test('problems are what the document says, too', async () => {
  const document = await openApi();
  const stranger = new ApiClient(api.base);
  const cases: readonly (readonly [ApiClient, 'GET' | 'POST', string, string, object?])[] = [
    [stranger, 'GET', '/api/v1/alarms', '/api/v1/alarms'],
    [api, 'GET', '/api/v1/devices/{id}', '/api/v1/devices/nobody'],
    [api, 'GET', '/api/v1/series', '/api/v1/series'],
    [api, 'GET', '/api/v1/users', '/api/v1/users'],
    [api, 'POST', '/api/v1/alarms/{id}/shelve', `/api/v1/alarms/${alarmId}/shelve`, {}],
    [stranger, 'POST', '/api/v1/login', '/api/v1/login', { username: 'x', password: 'y' }],
  ];
  for (const [client, method, template, path, body] of cases) {
    const answer = await client.call(method, path, body);
    assert.ok(answer.status >= 400, path);
    const type = answer.headers.get('content-type') ?? '';
    assert.equal(document.mismatch(method, template, answer.status, type, answer.body), undefined, `${method} ${path}`);
  }
});

test('what the API gives has the words and units of the contract', async () => {
  const alarm = await api.alarm(alarmId);
  const keys = [
    'id',
    'kind',
    'category',
    'priority',
    'level',
    'state',
    'deviceId',
    'pointId',
    'venueId',
    'origin',
    'raisedAt',
    'receivedAt',
    'count',
  ];
  for (const key of keys) assert.ok(key in alarm, `alarm.${key}`);
  assert.deepEqual([alarm.kind, alarm.deviceId, alarm.venueId, alarm.origin], ['overload', 'api-1', 'V1', 'live']);
  for (const instant of [alarm.raisedAt, alarm.receivedAt])
    assert.match(instant, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d+)?(Z|[+-]\d\d:\d\d)$/);
  const { items } = await api.get<Page<{ id: string; unit: string; value?: number }>>('/api/v1/devices/api-1/points');
  // generic-terminal: eight circuits of nine quantities and eight temperatures.
  assert.equal(items.length, 8 * 9 + 8);
  assert.deepEqual(
    [items.find(({ id }) => id === 't1.temperatureC')?.value, items.find(({ id }) => id === 'c1.currentA')?.value],
    [31.5, 4.25],
  );
  assert.equal(
    items.some(({ id, value }) => id === 'c2.currentA' && value !== undefined),
    false,
    'unknown is absent',
  );
  const secret = contract.secretOf('api-1');
  assert.equal((await api.call('GET', '/api/v1/devices')).text.includes(secret), false);
  assert.doesNotMatch((await api.call('GET', '/api/v1/devices/api-1')).text, /secret|sha256/i);
});

test('every refusal is a problem with a stable code', async () => {
  const stranger = new ApiClient(api.base);
  assertProblem(await stranger.call('GET', '/api/v1/alarms'), 401, 'no log-in');
  assertProblem(
    await new ApiClient(api.base, 'fst_nonsense_token').call('GET', '/api/v1/alarms'),
    401,
    'unknown token',
  );
  assertProblem(
    await stranger.call('GET', '/api/v1/alarms', undefined, { authorization: 'Basic eDp5' }),
    401,
    'another scheme',
  );
  assertProblem(await api.call('GET', '/api/v1/users'), 403, 'no permission');
  assertProblem(await api.call('GET', '/api/v1/devices/nobody'), 404, 'unknown device');
  assertProblem(await api.call('GET', '/api/v1/alarms/nothing'), 404, 'unknown alarm');
  assertProblem(await api.call('GET', '/api/v1/captures/api-1:nothing'), 404, 'unknown capture');
  assertProblem(await api.call('GET', '/api/v1/captures/nothing/samples'), 404, 'unknown samples');
  assertProblem(await api.call('GET', '/api/v1/nothing'), 404, 'unknown path');
  assertProblem(await api.call('GET', '/api/v2/alarms'), 404, 'unknown version');
  assertProblem(await api.call('GET', '/api/v1/devices/%zz'), 400, 'broken escape');
  assertProblem(await api.call('GET', '/api/v1/devices/%00'), 404, 'U+0000 in an id');
  assertProblem(await api.call('GET', `/api/v1/devices/${'x'.repeat(300)}`), 414, 'endless id');
  for (const query of [
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=-1',
    'cursor=nonsense',
    'cursor=%00',
    'state=nonsense',
    'category=nonsense',
    'state=',
    `cursor=${'A'.repeat(600)}`,
  ]) {
    assertProblem(await api.call('GET', `/api/v1/alarms?${query}`), 400, query);
  }
  const acknowledge = `/api/v1/alarms/${alarmId}/acknowledge`;
  assertProblem(await api.post(acknowledge, '{"note":'), 400, 'not JSON');
  assertProblem(await api.post(acknowledge, '[1]'), 400, 'another shape');
  assertProblem(await api.post(acknowledge, { note: 5 }), 400, 'another type');
  assertProblem(await api.post(acknowledge, { note: 'x'.repeat(300_000) }), 413, 'too large');
  assertProblem(
    await api.post(acknowledge, '<note/>', { 'content-type': 'application/xml' }),
    415,
    'another content type',
  );
  const other = await api.call('DELETE', `/api/v1/alarms/${alarmId}`);
  assertProblem(other, other.status === 405 ? 405 : 404, 'another method');
});

test('alarms are filtered by state, category and venue', async () => {
  const filtered = await contract.device('filtered', { venueId: 'V-filter' });
  const seq = { epoch: 'f', at: Date.now() };
  await filtered.event({ ...seq, seq: 1, kind: 'smoke', point: 't1', active: true, level: 'alarm' });
  await filtered.event({ ...seq, seq: 2, kind: 'tamper', point: '', active: true, level: 'warning' });
  await filtered.event({ ...seq, seq: 3, kind: 'overload', point: 'c1', active: true, level: 'warning' });
  await eventually('three alarms', async () => (await api.alarmsOf('filtered')).length === 3);
  const overload = (await api.alarmsOf('filtered')).find(({ kind }) => kind === 'overload');
  await api.post(`/api/v1/alarms/${overload?.id}/acknowledge`);
  const kinds = async (query: string): Promise<string[]> =>
    (await api.get<Page<AlarmRow>>(`/api/v1/alarms?venueId=V-filter&${query}`)).items.map(({ kind }) => kind).sort();
  assert.deepEqual(await kinds(''), ['overload', 'smoke', 'tamper']);
  assert.deepEqual(await kinds('category=fire'), ['smoke']);
  assert.deepEqual(await kinds('category=supervisory'), ['tamper']);
  assert.deepEqual(await kinds('state=acknowledged'), ['overload']);
  assert.deepEqual(await kinds('state=unacknowledged,acknowledged&category=warning'), ['overload']);
  assert.deepEqual(await kinds('state=normal'), []);
  await filtered.event({ ...seq, seq: 4, kind: 'overload', point: 'c1', active: false, level: 'warning' });
  await eventually('the end', async () => (await kinds('state=normal')).length === 1);
  assert.deepEqual(await kinds(''), ['smoke', 'tamper'], 'without a state: what has not ended');
});

test('the health of the centre is open, its metrics are in the text format of Prometheus', async () => {
  const stranger = new ApiClient(api.base);
  assert.equal((await stranger.call('GET', '/healthz')).status, 200);
  assert.equal((await stranger.call('GET', '/readyz')).status, 200);
  const { status, text, headers } = await stranger.call('GET', '/metrics');
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  for (const line of text.trim().split('\n')) {
    assert.match(line, /^(# (HELP|TYPE) \S+ .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? [-+0-9.eE]+(NaN|Inf)?)$/, line);
  }
  const page = await stranger.call('GET', '/docs');
  assert.ok([200, 301, 302].includes(page.status), `/docs ${page.status}`);
});

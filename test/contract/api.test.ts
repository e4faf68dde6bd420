import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ApiClient,
  type AlarmRow,
  type Answer,
  type Page,
  type ProblemBody,
  type Series,
} from './client/api-client.ts';
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
  const now = Date.now();
  await device.telemetry({ epoch: 'a', seq: 1, at: now, values: { 't1.temperatureC': 31.5, 'c1.currentA': 4.25 } });
  await device.event({ epoch: 'a', seq: 2, at: now, kind: 'overload', point: 'c1', active: true, level: 'warning' });
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

function assertProblem(answer: Answer, status: number, what: string): void {
  assert.equal(answer.status, status, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
  const problem = answer.body as ProblemBody;
  assert.equal(problem.status, status, what);
  for (const key of ['type', 'title', 'code', 'detail'] as const)
    assert.ok(typeof problem[key] === 'string' && problem[key] !== '', `${what}: ${key}`);
  assert.match(problem.code, /^[a-z][A-Za-z0-9]+$/, `${what}: code ${problem.code}`);
}

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

async function everyPage<Item>(
  path: string,
  limit: number,
): Promise<{ readonly items: Item[]; readonly pages: number }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages < 100; pages++) {
    const joint = path.includes('?') ? '&' : '?';
    const page: Page<Item> = await api.get(
      `${path}${joint}limit=${limit}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return { items, pages };
  }
  throw new Error(`${path} has no end`);
}

test('pages hold every item once, also when many bear the same instant', async () => {
  const pager = await contract.device('pager');
  const at = Date.now();
  await Promise.all(
    Array.from({ length: 23 }, (_, index) =>
      pager.event({ epoch: 'p', seq: index, at, kind: `kind${index}`, point: 'c1', active: true, level: 'attention' }),
    ),
  );
  await eventually('23 alarms', async () => (await api.alarmsOf('pager')).length === 23);
  for (const limit of [1, 5, 23, 100]) {
    const { items, pages } = await everyPage<AlarmRow>('/api/v1/alarms?deviceId=pager', limit);
    assert.deepEqual(
      items.map(({ kind }) => kind).sort(),
      Array.from({ length: 23 }, (_, index) => `kind${index}`).sort(),
    );
    assert.equal(pages, Math.max(1, Math.ceil(23 / limit)), `pages of ${limit}`);
  }
  for (let index = 0; index < 7; index++) await contract.register(`paged-${index}`, { venueId: `VP${index}` });
  const devices = (await everyPage<{ id: string }>('/api/v1/devices', 3)).items.map(({ id }) => id);
  assert.equal(new Set(devices).size, devices.length);
  for (let index = 0; index < 7; index++) assert.ok(devices.includes(`paged-${index}`));
  const venues = (await everyPage<{ id: string }>('/api/v1/venues', 2)).items.map(({ id }) => id);
  assert.equal(new Set(venues).size, venues.length);
  assert.ok(venues.includes('VP6') && venues.includes('V1'));
  await Promise.all(Array.from({ length: 9 }, (_, index) => sendTestCapture(pager, `cap-${index}`, 100 + index)));
  await eventually(
    'nine captures',
    async () => (await everyPage('/api/v1/captures?deviceId=pager', 100)).items.length === 9,
  );
  const captures = (await everyPage<{ captureId: string }>('/api/v1/captures?deviceId=pager', 2)).items.map(
    ({ captureId }) => captureId,
  );
  assert.deepEqual(
    captures.sort(),
    Array.from({ length: 9 }, (_, index) => `cap-${index}`),
  );
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

const seriesOf = (query: string): Promise<Answer> => api.call('GET', `/api/v1/series?${query}`);

test('a series is asked for by instants of both kinds, and wrong questions are refused', async () => {
  const point = 'point=api-1/t1.temperatureC';
  const [from, to] = [Date.now() - HOUR_MS, Date.now() + 1_000];
  const byNumber = (await seriesOf(`${point}&from=${from}&to=${to}`)).body as Series;
  const byText = (
    await seriesOf(
      `${point}&from=${new Date(from).toISOString()}&to=${encodeURIComponent(new Date(to).toISOString().replace('Z', '+00:00'))}`,
    )
  ).body;
  assert.deepEqual(byText, byNumber);
  assert.deepEqual(
    byNumber.items.map(([, ...values]) => values),
    [
      [99, 99, 99],
      [31.5, 31.5, 31.5],
    ],
  );
  assert.equal(byNumber.downsampled, 1);
  const at = byNumber.items[1]?.[0] ?? 0;
  assert.equal(
    ((await seriesOf(`${point}&from=${at}&to=${at + 1}`)).body as Series).items.length,
    1,
    'from is inclusive',
  );
  assert.equal(
    ((await seriesOf(`${point}&from=${at - 1}&to=${at}`)).body as Series).items.length,
    0,
    'to is exclusive',
  );
  assert.deepEqual((await seriesOf(`point=api-1/c5.currentA&from=${from}&to=${to}`)).body, {
    items: [],
    downsampled: 1,
  });
  for (const query of [
    '',
    'point=api-1',
    'point=/t1',
    `${point}&from=x`,
    `${point}&from=${to}&to=${from}`,
    `${point}&maxPoints=0`,
    `${point}&maxPoints=x`,
    `${point}&from=2026-11-21`,
  ]) {
    assertProblem(await seriesOf(query), 400, query);
  }
  assertProblem(await seriesOf('point=api-1/zz.unknown'), 404, 'unknown point');
  assertProblem(await seriesOf('point=nobody/t1.temperatureC'), 404, 'unknown device');
});

test('one sample in 100,000 stays on the picture, buckets are true envelopes, and a gap has no row', async () => {
  const source = await contract.device('series');
  const periodMs = 100;
  const rowsPerBatch = 2_000;
  const batches = 50;
  const span = batches * rowsPerBatch * periodMs + HOUR_MS;
  const start = Math.floor((Date.now() - span - 60_000) / 1_000) * 1_000;
  const samples: [at: number, value: number][] = [];
  for (let batch = 0; batch < batches; batch++) {
    // An hour in the middle is missing.
    const at0 = start + batch * rowsPerBatch * periodMs + (batch >= batches / 2 ? HOUR_MS : 0);
    const values = Array.from({ length: rowsPerBatch }, (_, row) => {
      const index = batch * rowsPerBatch + row;
      if (index === 54_321) return 64.5;
      if (index === 77_777) return -12.25;
      return Math.round(2_000 + 500 * Math.sin(index / 3_000) + ((index * 7_919) % 13)) / 100;
    });
    values.forEach((value, row) => samples.push([at0 + row * periodMs, value]));
    await source.telemetry({
      epoch: 's',
      seq: batch,
      at0,
      periodMs,
      points: ['t2.temperatureC'],
      rows: values.map((value) => [value]),
    });
  }
  const end = start + span;
  const lastAt = samples.at(-1)?.[0] ?? 0;
  await eventually(
    'all samples',
    async () => (await api.series('series', 't2.temperatureC', lastAt, lastAt + 1)).items.length === 1,
    60_000,
  );
  for (const maxPoints of [1, 7, 100, 500, 2_000]) {
    const { items, downsampled } = await api.series('series', 't2.temperatureC', start, end, maxPoints);
    assert.ok(items.length > 0 && items.length <= maxPoints, `${items.length} rows for ${maxPoints}`);
    assert.equal(Math.max(...items.map(([, , max]) => max)), 64.5, `the peak with ${maxPoints}`);
    assert.equal(Math.min(...items.map(([, min]) => min)), -12.25, `the dip with ${maxPoints}`);
    const perRow = samples.length / items.length;
    assert.ok(
      downsampled > perRow / 2 && downsampled < perRow * 2,
      `downsampled ${downsampled}, ${perRow} samples per row`,
    );
    let next = 0;
    items.forEach(([at, min, max, last], index) => {
      const before = items[index + 1]?.[0] ?? end;
      const inside: number[] = [];
      while ((samples[next]?.[0] ?? Infinity) < before) inside.push(samples[next++]?.[1] ?? NaN);
      assert.ok(at >= start && inside.length > 0, `row at ${at} of ${maxPoints}`);
      assert.deepEqual(
        [min, max, last],
        [Math.min(...inside), Math.max(...inside), inside.at(-1)],
        `row ${index} of ${maxPoints}`,
      );
    });
    assert.equal(next, samples.length);
    if (maxPoints >= 100) {
      const widthMs = Math.ceil((end - start) / maxPoints);
      const gap = [start + (samples.length / 2) * periodMs, start + (samples.length / 2) * periodMs + HOUR_MS] as const;
      const within = items.filter(([at]) => at > gap[0] && at + widthMs < gap[1]);
      assert.deepEqual(within, []);
    }
  }
  const raw = await api.series('series', 't2.temperatureC', start, start + 5_000 * periodMs, 5_000);
  assert.equal(raw.downsampled, 1);
  assert.deepEqual(
    raw.items,
    samples.slice(0, 5_000).map(([at, value]) => [at, value, value, value]),
  );
});

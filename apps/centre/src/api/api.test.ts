import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { InjectOptions } from 'fastify';
import { ToldIsolations } from '../isolation/told-isolations.ts';
import { createLog } from '../platform/log.ts';
import { CommandDesk } from '../response/command-desk.ts';
import { createCommandSigner } from '../response/command-key.ts';
import { Accounts } from '../access/accounts.ts';
import { RegistryDesk } from '../registry/registry-desk.ts';
import { AlarmGrouping } from '../situation/alarm-grouping.ts';
import { EnergyToday } from '../situation/energy-today.ts';
import { event, house, registryChange, T0 } from '../situation/entries.fixture.ts';
import { Rooms } from '../situation/rooms.fixture.ts';
import { openReleases } from '../rollout/releases.ts';
import { createApi } from './api.ts';
import type { Api } from './api-instance.ts';
import type { LiveFeed } from './live-feed.ts';

let folder: string;
let rooms: Rooms;
let api: Api;
let feed: LiveFeed;
let operator: Record<string, string>;
let owner: Record<string, string>;
const troubles: string[] = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-api-'));
  rooms = await Rooms.open(folder);
  rooms.worker.start();
  await rooms.take('alarm', registryChange(house));
  const clock = { now: () => T0 };
  const accounts = new Accounts(rooms.store, clock, false);
  await accounts.load();
  const { situation, store, journal, worker, bus } = rooms;
  const log = createLog({ level: 'debug', json: false, write: (line) => void rooms.logged.push(line) });
  ({ api, feed } = await createApi({
    context: {
      accounts,
      situation,
      store,
      journal,
      worker,
      bus,
      clock,
      log,
      commands: new CommandDesk({
        signer: createCommandSigner(generateKeyPairSync('ed25519').privateKey),
        link: { isReachable: () => false, send: () => false },
        journal,
        situation,
        clock,
      }),
      mqttUrl: (host) => `mqtt://${host}:1883`,
      gb: { ask: async () => undefined, isConnected: () => false, isListening: () => false },
      grouping: new AlarmGrouping(clock),
      isolations: new ToldIsolations(situation),
      timeZone: 'Asia/Shanghai',
      energyToday: new EnergyToday('Asia/Shanghai'),
      registryDesk: new RegistryDesk({
        registry: situation.registry,
        clock,
        write: async (changes) => void (await rooms.take('alarm', registryChange(changes))),
      }),
      releases: openReleases({ releases: path.join(folder, 'releases'), keys: folder }),
      isDemo: false,
      version: '0.0.0',
      isTls: false,
      reportsPerSecond: () => 0,
      troubles: () => troubles,
    },
    console: { folder: path.join(folder, 'no-console'), isBuilding: () => false },
  }));
  await api.ready();
  const bearer = async (...token: Parameters<Accounts['tokens']['create']>) => ({
    authorization: `Bearer ${await accounts.tokens.create(...token)}`,
  });
  operator = await bearer('desk', 'operator', undefined, undefined);
  owner = await bearer('owner', 'venueManager', ['V2'], undefined);
});
after(async () => {
  await feed.close();
  await api.close();
  await rooms.close();
  await rm(folder, { recursive: true, force: true });
});

const problemOf = async (ask: InjectOptions) => {
  const response = await api.inject(ask);
  const body = response.json<{ status: number; code: string; detail: string }>();
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  assert.equal(body.status, response.statusCode);
  return [response.statusCode, body.code] as const;
};

let raisedCount = 0;
async function raise(deviceId = 'D1'): Promise<string> {
  const kind = `kind${++raisedCount}`;
  await rooms.take('alarm', event(deviceId, { at: T0, kind, point: 'c1', active: true, level: 'warning' }));
  const [alarm] = rooms.situation.alarms({ venues: 'all' }).filter((candidate) => candidate.kind === kind);
  assert.ok(alarm);
  return alarm.id;
}

test('every answer forbids foreign scripts, framing and sniffing, and what is of a venue is not cached', async () => {
  for (const url of ['/', '/api/v1/alarms', '/healthz', '/api/v1/nothing', '/api/openapi.json']) {
    const { headers } = await api.inject({ url, headers: operator });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'self'/, url);
    assert.doesNotMatch(policy, /script-src|unsafe-|https?:/, url);
    assert.match(policy, /frame-ancestors 'none'/, url);
    assert.deepEqual([headers['x-content-type-options'], headers['referrer-policy']], ['nosniff', 'no-referrer'], url);
    assert.equal(headers['cache-control'] === 'no-store', url.startsWith('/api/'), url);
  }
});

test('what is refused before a route has a say is a problem too', async () => {
  const post = { method: 'POST', url: '/api/v1/login' } as const;
  const json = { 'content-type': 'application/json' };
  assert.deepEqual(await problemOf({ ...post, headers: json, payload: '{"username":' }), [400, 'invalidJson']);
  assert.deepEqual(await problemOf({ ...post, headers: json, payload: '{"username":1}' }), [400, 'invalidRequest']);
  const tooLarge = JSON.stringify({ username: 'x', password: 'x'.repeat(300_000) });
  assert.equal((await problemOf({ ...post, headers: json, payload: tooLarge }))[0], 413);
  assert.equal((await problemOf({ ...post, headers: { 'content-type': 'text/csv' }, payload: 'a,b' }))[0], 415);
  assert.deepEqual(await problemOf({ url: '/api/v1/nothing' }), [404, 'notFound']);
  assert.deepEqual(await problemOf({ method: 'POST', url: '/wall' }), [404, 'notFound']);
});

test('a parameter that no store can hold is the caller’s error, not ours', async () => {
  const url = '/api/v1/alarms?deviceId=%00';
  assert.deepEqual(await problemOf({ url, headers: operator }), [400, 'invalidParameter']);
  assert.deepEqual(await problemOf({ url: '/api/v1/alarms/%00', headers: operator }), [400, 'invalidParameter']);
  assert.deepEqual(
    await problemOf({ url: '/api/v1/series?point=D1/c1.currentA&from=9999999999999990', headers: operator }),
    [400, 'invalidInstant'],
  );
});

test('a failure of ours says nothing of its inside, and the log says everything', async () => {
  const broken = test.mock.method(rooms.store, 'query', () => Promise.reject(new Error('relation "alarm" is broken')));
  try {
    const response = await api.inject({ url: '/api/v1/alarms', headers: operator });
    assert.equal(response.statusCode, 500);
    assert.doesNotMatch(response.body, /relation/);
    assert.ok(rooms.logged.some((line) => line.includes('request failed') && line.includes('relation')));
  } finally {
    broken.mock.restore();
  }
});

test('an act answers with the alarm as the worker left it, and the same key gets the same answer', async () => {
  const id = await raise();
  const ask = {
    method: 'POST',
    url: `/api/v1/alarms/${id}/acknowledge`,
    headers: { ...operator, 'idempotency-key': 'k1' },
    payload: { note: 'a NUL \0 in it' },
  } as const;
  const answers = await Promise.all([api.inject(ask), api.inject(ask)]);
  answers.push(await api.inject(ask));
  for (const answer of answers) {
    assert.equal(answer.statusCode, 200, answer.body);
    const { state, acknowledgedBy } = answer.json<{ state: string; acknowledgedBy: string }>();
    assert.deepEqual([state, acknowledgedBy], ['acknowledged', 'desk']);
  }
  assert.equal(await rooms.count("operator_act where act->>'alarmId' = $1", id), 1);
  assert.deepEqual(await problemOf({ ...ask, payload: { note: 'another' } }), [422, 'idempotencyKeyReused']);
});

test('an act that is not possible is refused with the code of the rule', async () => {
  const id = await raise();
  const post = (what: string, payload?: object) =>
    problemOf({ method: 'POST', url: `/api/v1/alarms/${id}/${what}`, headers: operator, ...(payload && { payload }) });
  const until = new Date(T0 + 25 * 3_600_000).toISOString();
  assert.deepEqual(await post('shelve', { until, reason: 'r' }), [422, 'shelveRefused']);
  assert.deepEqual(await post('shelve', { until: 'tomorrow', reason: 'r' }), [400, 'invalidRequest']);
  assert.deepEqual(await post('shelve', { reason: 'r' }), [400, 'invalidRequest']);
  assert.deepEqual(await post('inspect', { note: 'n' }), [403, 'forbidden']);
});

test('an alarm of another venue does not exist, neither to read nor to act on', async () => {
  const [mine, other] = [await raise('D9'), await raise('D1')];
  assert.equal((await api.inject({ url: `/api/v1/alarms/${mine}`, headers: owner })).statusCode, 200);
  for (const url of [`/api/v1/alarms/${other}`, `/api/v1/alarms/${other}/history`])
    assert.deepEqual(await problemOf({ url, headers: owner }), [404, 'notFound']);
  const { items } = (await api.inject({ url: '/api/v1/alarms', headers: owner })).json<{ items: { id: string }[] }>();
  assert.deepEqual(
    items.map(({ id }) => id),
    [mine],
  );
});

const loadOn = (deviceId: string, at: number, loadEventId: string, captureId?: string) =>
  event(deviceId, {
    at,
    kind: 'loadOn',
    point: 'c1',
    level: 'attention',
    confidence: 0.9,
    evidence: { schema: 'load/1', loadEventId },
    ...(captureId !== undefined && { captureId }),
  });

test('events of a device come newest first, by kind, by capture and page by page, with their evidence', async () => {
  await rooms.take(
    'alarm',
    loadOn('D2', T0 + 1, 'c1-1', 'k7'),
    loadOn('D2', T0 + 2, 'c1-2'),
    loadOn('D2', T0 + 2, 'c1-3'),
  );
  type Page = { items: { at: string; evidence: { loadEventId: string }; captureId?: string }[]; nextCursor?: string };
  const read = async (query: string, headers = operator) =>
    (await api.inject({ url: `/api/v1/events?deviceId=D2&${query}`, headers })).json<Page>();
  const [first] = (await read('captureId=D2:k7')).items;
  assert.deepEqual([first?.evidence.loadEventId, first?.captureId], ['c1-1', 'D2:k7']);
  const asked = { url: '/api/v1/events?deviceId=D2&kind=loadOn,arc', headers: operator };
  assert.deepEqual(await problemOf(asked), [403, 'reasonNeeded']);
  assert.equal((await read('')).items.length, 0, 'nor are they among the others');
  const why = { method: 'POST', url: '/api/v1/venues/V1/load-history-reasons', payload: { reason: 'false alarm?' } };
  assert.equal((await api.inject({ ...why, headers: operator } as InjectOptions)).statusCode, 201);
  const { items, nextCursor } = await read('kind=loadOn,loadOff&limit=2');
  assert.deepEqual(
    items.map(({ at }) => Date.parse(at) - T0),
    [2, 2],
  );
  assert.equal((await read('kind=arc')).items.length, 0);
  assert.equal((await read('', owner)).items.length, 0, 'of another venue nothing is seen');
  const rest = await read(`kind=loadOn&limit=2&cursor=${encodeURIComponent(nextCursor ?? '')}`);
  assert.deepEqual([rest.items.map(({ evidence }) => evidence.loadEventId), rest.nextCursor], [['c1-1'], undefined]);
  const wrong = await problemOf({ url: '/api/v1/events?deviceId=D2&captureId=D1:k7', headers: operator });
  assert.deepEqual(wrong, [400, 'invalidParameter']);
});

test('a load is confirmed, renamed or rejected by who may, once per key, and the device can be told', async () => {
  await rooms.take('alarm', loadOn('D9', T0 + 5, 'c1-9'));
  const url = '/api/v1/devices/D9/load-judgements';
  const judge = (payload: object, headers: Record<string, string> = owner) =>
    ({ method: 'POST', url, headers, payload }) as const;
  const rename = { loadEventId: 'c1-9', verdict: 'rename', name: '热得快' };
  const keyed = judge(rename, { ...owner, 'idempotency-key': 'j1' });
  const answers = [await api.inject(keyed), await api.inject(keyed)].map((answer) => {
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json<{ id: string; by: string; name: string }>();
  });
  assert.deepEqual(answers[0], answers[1]);
  assert.deepEqual([answers[0]?.by, answers[0]?.name], ['owner', '热得快']);
  assert.equal((await api.inject(judge({ loadEventId: 'c1-9', verdict: 'confirm' }))).statusCode, 200);
  const { items } = (await api.inject({ url, headers: owner })).json<{ items: { verdict: string }[] }>();
  assert.deepEqual(
    items.map(({ verdict }) => verdict),
    ['rename', 'confirm'],
  );
  const reused = judge({ ...rename, name: 'kettle' }, { ...owner, 'idempotency-key': 'j1' });
  assert.deepEqual(await problemOf(reused), [422, 'idempotencyKeyReused']);
  assert.deepEqual(await problemOf(judge({ loadEventId: 'c1-8', verdict: 'confirm' })), [404, 'notFound']);
  assert.deepEqual(await problemOf(judge({ ...rename, verdict: 'reject' })), [400, 'invalidParameter']);
  assert.deepEqual(await problemOf(judge({ loadEventId: 'c1-9', verdict: 'rename' })), [400, 'invalidParameter']);
  assert.deepEqual(await problemOf(judge(rename, operator)), [403, 'forbidden']);
  const elsewhere = { ...judge(rename), url: '/api/v1/devices/D1/load-judgements' };
  assert.deepEqual(await problemOf(elsewhere), [404, 'notFound']);
});

test('ready is not ready while something cannot be done, and it says what', async () => {
  const asked = async (): Promise<{ status: string; troubles: readonly string[]; functions: readonly object[] }> =>
    (await api.inject('/readyz')).json();
  const { status, troubles: none, functions } = await asked();
  assert.deepEqual([status, none], ['ready', []]);
  assert.deepEqual(
    functions,
    ['intake', 'alarms', 'screens', 'history', 'commands', 'relays'].map((name) => ({ name, state: 'works' })),
  );
  troubles.push('disk full');
  try {
    const response = await api.inject('/readyz');
    const { status: now, troubles: said } = await asked();
    assert.deepEqual([response.statusCode, now, said], [503, 'notReady', ['disk full']]);
    assert.equal((await api.inject('/healthz')).statusCode, 200, 'the process answers all the same');
  } finally {
    troubles.pop();
  }
});

test('metrics are text that Prometheus reads: every value has its type, and the journal is in it', async () => {
  const { body, headers } = await api.inject('/metrics');
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const lines = body.trimEnd().split('\n');
  const typed = new Set(lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]));
  for (const line of lines.filter((candidate) => !candidate.startsWith('#'))) {
    assert.match(line, /^[a-z_][a-z0-9_]*(\{[a-z]+="[A-Za-z0-9.]+"\})? -?\d+(\.\d+)?(e-\d+)?$/);
    assert.ok(typed.has(/^[a-z0-9_]+/.exec(line)?.[0]), line);
  }
  assert.match(body, /^fengsui_journal_backlog\{lane="alarm"\} 0$/m);
});

test('wrong passwords slow down the address that sends them', async () => {
  const attempt = () =>
    api.inject({ method: 'POST', url: '/api/v1/login', payload: { username: 'operator1', password: 'wrong' } });
  for (let i = 0; i < 5; i++) assert.equal((await attempt()).statusCode, 401);
  const refused = await attempt();
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.headers['retry-after'], '900');
});

test('without a built console a page says so, and the API is not hidden behind it', async () => {
  const page = await api.inject('/wall');
  assert.equal(page.statusCode, 503);
  assert.match(page.body, /npm run build/);
});

test('every answer that the document describes can be made: the first request for one is no place to find out', async () => {
  type Answers = Record<string, { content?: Record<string, { schema?: object }> }>;
  type Document = {
    readonly components: { readonly schemas: Record<string, object> };
    readonly paths: Record<string, Record<string, { readonly responses?: Answers }>>;
  };
  const text = (await api.inject('/api/openapi.json')).body.replaceAll('"#/components/schemas/', '"');
  const { components, paths } = JSON.parse(text) as Document;
  const named = Object.fromEntries(
    Object.entries(components.schemas).map(([$id, schema]) => [$id, { ...schema, $id }]),
  );
  const compile = SerializerSelector()(named);
  let count = 0;
  for (const [url, operations] of Object.entries(paths))
    for (const [method, { responses = {} }] of Object.entries(operations))
      for (const [httpStatus, { content = {} }] of Object.entries(responses)) {
        const schema = content['application/json']?.schema;
        if (schema === undefined) continue;
        assert.equal(typeof compile({ method, url, httpStatus, schema }), 'function', `${method} ${url}`);
        count++;
      }
  assert.ok(count > 50, `${count} answers`);
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import fastifyCookie from '@fastify/cookie';
import type { AuditDraft } from '../audit/audit-row.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { listAudit, verifyAudit } from '../audit/read-audit.ts';
import { Accounts } from '../access/accounts.ts';
import { createLog } from '../platform/log.ts';
import { Registry } from '../registry/registry.ts';
import { Situation } from '../situation/situation.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { Api } from './api-instance.ts';
import { auditActs } from './audit-acts.ts';
import { guardRoutes } from './authentication.ts';
import { answerAsAll, createHttpServer } from './http-server.ts';
import { ApiError } from './problem.ts';

let folder: string;
let store: Store;
let trail: AuditTrail;
let api: Api;
let isAway = false;
let handled: string[] = [];
let rowsBefore = 0;
let operator: Record<string, string>;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-audit-acts-'));
  await layMigratedStore(path.join(folder, 'store'));
  store = await createPgliteStore({ folder: path.join(folder, 'store') });
  const clock = { now: () => 1_795_222_800_000 };
  const log = createLog({ level: 'error', json: false, write: () => undefined });
  const accounts = new Accounts(store, clock, false);
  await accounts.load();
  operator = { authorization: `Bearer ${await accounts.tokens.create('desk', 'operator', undefined, undefined)}` };
  const breakable: Store = {
    ...store,
    query: (...given) => store.query(...given),
    commit: (steps) =>
      isAway ? Promise.reject(new StoreError('connection', 'the store is away')) : store.commit(steps),
  };
  trail = await AuditTrail.open({
    store: breakable,
    clock,
    log,
    timeZone: 'Asia/Shanghai',
    headFile: path.join(folder, 'head.json'),
    waitingFile: path.join(folder, 'waiting.jsonl'),
  });
  api = createHttpServer({});
  await api.register(fastifyCookie);
  answerAsAll(api, { log, isTls: false });
  guardRoutes(api, accounts);
  auditActs(api, { audit: trail, situation: new Situation(new Registry()), clock });
  const answer = (name: string) => async (): Promise<object> => {
    // What is on record when the handler runs.
    handled.push(`${name} behind ${(await rows()).map(({ result }) => result).join(' ')}`);
    return { ok: true };
  };
  api.post('/api/v1/alarms/:id/acknowledge', { config: { access: 'alarm.acknowledge' } }, answer('acknowledge'));
  api.post('/api/v1/venues/:id/ticks', { config: { access: 'work.open' } }, answer('tick'));
  api.post('/api/v1/refused', { config: { access: 'work.open' } }, async () => {
    throw new ApiError(409, 'orderClosed', 'it is closed');
  });
  api.post('/api/v1/login', { config: { access: 'anyone' } }, async (request) => {
    const { password } = request.body as { password: string };
    if (password !== 'right') throw new ApiError(401, 'wrongCredentials', 'no');
    return { ok: true };
  });
  api.post('/api/v1/ingest/:source', { config: { access: 'anyone', audit: 'none' } }, answer('push'));
  api.get('/api/v1/users', { config: { access: 'user.manage', audit: 'read' } }, answer('users'));
  api.get('/api/v1/contacts', { config: { access: 'contact.read', audit: 'read' } }, answer('contacts'));
  api.get('/api/v1/alarms', { config: { access: 'alarm.read' } }, answer('alarms'));
  await api.ready();
});
after(async () => {
  await api.close();
  await trail.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  handled = [];
  rowsBefore = trail.head.sequence;
});

const rows = async () =>
  (await listAudit(store, { limit: 100 })).filter(({ sequence }) => sequence > rowsBefore).reverse();
const told = async (...members: (keyof AuditDraft)[]) =>
  (await rows()).map((row) => members.map((member) => row[member]));
const post = (url: string, payload: object = {}, headers: Record<string, string> = operator) =>
  api.inject({ method: 'POST', url, payload, headers });

test('an act is on record before its handler runs, and what became of it when the answer is there', async () => {
  await post('/api/v1/venues/V1/ticks', { note: 'seen', password: 'MARKER' });
  assert.deepEqual(handled, ['tick behind asked']);
  assert.deepEqual(await told('by', 'role', 'via', 'act', 'target', 'venueId', 'what', 'result', 'status'), [
    ['desk', 'operator', 'token', 'POST /api/v1/venues/:id/ticks', '{"id":"V1"}', 'V1', '{"note":"seen","password":"(left out)"}', 'asked', undefined], // prettier-ignore
    ['desk', 'operator', 'token', 'POST /api/v1/venues/:id/ticks', '{"id":"V1"}', 'V1', undefined, 'done', 200],
  ]);
  assert.equal((await verifyAudit(store, trail.head)).broken, undefined);
});

test('what a route refuses is told with its code', async () => {
  await post('/api/v1/refused');
  assert.deepEqual(await told('result', 'status', 'code'), [
    ['asked', undefined, undefined],
    ['refused', 409, 'orderClosed'],
  ]);
});

test('reading is no act; reading what is sensitive is, and so is asking for what one may not', async () => {
  await api.inject({ url: '/api/v1/alarms', headers: operator });
  await post('/api/v1/ingest/cloud', {}, {});
  assert.deepEqual(await rows(), []);
  await api.inject({ url: '/api/v1/contacts?venueId=V1', headers: operator });
  await api.inject({ url: '/api/v1/users', headers: operator });
  assert.deepEqual(await told('by', 'act', 'result', 'code'), [
    ['desk', 'GET /api/v1/contacts', 'asked', undefined],
    ['desk', 'GET /api/v1/contacts', 'done', undefined],
    ['desk', 'GET /api/v1/users', 'refused', 'forbidden'],
  ]);
});

test('a log-in has one row, with the name and never the password; wrong ones do not fill the disk', async () => {
  await post('/api/v1/login', { username: 'wang', password: 'right' }, {});
  for (let n = 0; n < 50; n++) await post('/api/v1/login', { username: 'wang', password: 'MARKER' }, {});
  await post('/api/v1/login', { username: 'wang', password: 'right' }, {});
  const found = await rows();
  // One refusal of this minute was of the test before.
  assert.deepEqual(found.map(({ by, result }) => `${by} ${result}`), ['wang done', ...Array<string>(29).fill('wang refused'), 'wang done']); // prettier-ignore
  assert.equal(found.at(-1)?.leftOut, 21);
  assert.doesNotMatch(JSON.stringify(found), /MARKER|right/);
});

test('while it cannot be written alarms are acknowledged within seconds, and everything else waits', async () => {
  isAway = true;
  const begin = performance.now();
  assert.equal((await post('/api/v1/alarms/a1/acknowledge')).statusCode, 200);
  assert.ok(performance.now() - begin < 10_000);
  const refused = await post('/api/v1/venues/V1/ticks');
  assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [503, 'auditUnavailable']);
  assert.equal((await post('/api/v1/ingest/cloud', {}, {})).statusCode, 200, 'no act of a person');
  assert.equal((await post('/api/v1/login', { username: 'wang', password: 'right' }, {})).statusCode, 200);
  assert.deepEqual(handled, ['acknowledge behind ', 'push behind ']);
  isAway = false;
  const deadline = Date.now() + 60_000;
  while (trail.waitingCount > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(await told('act', 'result', 'code'), [
    ['POST /api/v1/alarms/:id/acknowledge', 'asked', undefined],
    ['POST /api/v1/alarms/:id/acknowledge', 'done', undefined],
    ['POST /api/v1/venues/:id/ticks', 'refused', 'auditUnavailable'],
    ['POST /api/v1/login', 'done', undefined],
  ]);
  assert.equal((await verifyAudit(store, trail.head)).broken, undefined);
});

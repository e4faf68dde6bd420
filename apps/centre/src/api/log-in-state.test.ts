import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fastifyCookie from '@fastify/cookie';
import { accountsFixture, HOUR_MS, MINUTE_MS, PASSWORD, T0 } from '../access/accounts.fixture.ts';
import type { Accounts } from '../access/accounts.ts';
import { createLog } from '../platform/log.ts';
import type { Api } from './api-instance.ts';
import { guardRoutes } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { answerAsAll, createHttpServer } from './http-server.ts';
import { confirmRoutes } from './routes/confirm-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';

const { open } = accountsFixture();

let api: Api;
let accounts: Accounts;
let clock: { at: number; now(): number };

before(async () => {
  ({ accounts, clock } = await open());
  const log = createLog({ level: 'error', json: false, write: () => undefined });
  api = createHttpServer({});
  await api.register(fastifyCookie);
  answerAsAll(api, { log, isTls: false });
  guardRoutes(api, accounts);
  const context = { accounts, clock, log, isDemo: false, isTls: false } as unknown as ApiContext;
  sessionRoutes(api, context);
  confirmRoutes(api, context);
  const answer = async (): Promise<object> => ({ ok: true });
  api.post('/api/v1/approve', { config: { access: 'isolation.approve', fresh: true } }, answer);
  api.post('/api/v1/alarms/:id/acknowledge', { config: { access: 'alarm.acknowledge' } }, answer);
  api.get('/api/v1/alarms', { config: { access: 'alarm.read' } }, answer);
  api.get('/api/v1/overview', { config: { access: 'overview.read' } }, answer);
  api.get('/api/v1/venues', { config: { access: 'registry.read' } }, answer);
  await api.ready();
});
after(() => api.close());

type Body = { readonly code?: string; readonly csrfToken?: string; readonly locksInS?: number };

async function sit(username: string) {
  await accounts.create(username, PASSWORD, 'shiftLeader', undefined);
  const answer = await api.inject({ method: 'POST', url: '/api/v1/login', payload: { username, password: PASSWORD } });
  const { csrfToken = '', locksInS } = answer.json<Body>();
  const cookie = `fengsui_session=${answer.cookies.find(({ name }) => name === 'fengsui_session')?.value}`;
  const ask = async (method: 'GET' | 'POST', path: string, payload?: object) => {
    const headers = { cookie, 'x-csrf-token': csrfToken };
    const { statusCode, body } = await api.inject({
      method,
      url: `/api/v1/${path}`,
      headers,
      ...(payload && { payload }),
    });
    return [statusCode, (JSON.parse(body) as Body).code] as const;
  };
  return { ask, locksInS };
}

test('what needs a fresh log-in is refused after five minutes, until its holder proves again who he is', async () => {
  clock.at = T0;
  const { ask } = await sit('leader');
  assert.deepEqual(await ask('POST', 'approve'), [200, undefined]);
  clock.at += 5 * MINUTE_MS;
  assert.deepEqual(await ask('POST', 'approve'), [403, 'confirmationNeeded']);
  assert.deepEqual(await ask('POST', 'alarms/1/acknowledge'), [200, undefined], 'other acts go on');
  assert.deepEqual(await ask('POST', 'session/confirm', { password: 'wrong' }), [403, 'wrongPassword']);
  assert.deepEqual(await ask('POST', 'approve'), [403, 'confirmationNeeded']);
  assert.deepEqual(await ask('POST', 'session/confirm', { password: PASSWORD }), [200, undefined]);
  assert.deepEqual(await ask('POST', 'approve'), [200, undefined]);
});

test('wrong passwords of a confirmation or an unlocking wait like those of a log-in', async () => {
  clock.at = T0;
  const { ask } = await sit('guesser');
  for (let n = 0; n < 5; n++)
    assert.equal(
      (await ask('POST', n % 2 === 0 ? 'session/confirm' : 'session/unlock', { password: `wrong ${n}` }))[0],
      403,
    );
  for (const path of ['session/confirm', 'session/unlock'])
    assert.deepEqual(await ask('POST', path, { password: PASSWORD }), [429, 'tooManyAttempts']);
});

test('in a locked log-in alarms and the overview are read, and nothing else is read or done before it is unlocked', async () => {
  clock.at = T0;
  const { ask, locksInS } = await sit('idler');
  assert.equal(locksInS, 900);
  clock.at += 14 * MINUTE_MS;
  assert.deepEqual(await ask('GET', 'venues'), [200, undefined], 'reading is no act');
  assert.deepEqual(await ask('POST', 'session/activity'), [200, undefined]);
  clock.at += 14 * MINUTE_MS;
  assert.deepEqual(await ask('POST', 'alarms/1/acknowledge'), [200, undefined]);
  clock.at += 15 * MINUTE_MS;
  for (const [method, path] of [
    ['GET', 'venues'],
    ['POST', 'alarms/1/acknowledge'],
    ['POST', 'approve'],
    ['POST', 'session/activity'],
  ] as const)
    assert.deepEqual(await ask(method, path), [423, 'sessionLocked'], path);
  for (const path of ['alarms', 'overview']) assert.deepEqual(await ask('GET', path), [200, undefined], path);
  assert.deepEqual(await ask('GET', 'session'), [200, undefined]);
  assert.deepEqual(await ask('POST', 'session/unlock', { password: 'wrong' }), [403, 'wrongPassword']);
  assert.deepEqual(await ask('GET', 'venues'), [423, 'sessionLocked']);
  assert.deepEqual(await ask('POST', 'session/unlock', { password: PASSWORD }), [200, undefined]);
  assert.deepEqual(await ask('GET', 'venues'), [200, undefined]);
  assert.deepEqual(await ask('POST', 'approve'), [403, 'confirmationNeeded'], 'to unlock is not to confirm');
  assert.deepEqual(await ask('POST', 'session/lock'), [200, undefined]);
  assert.deepEqual(await ask('POST', 'alarms/1/acknowledge'), [423, 'sessionLocked']);
  assert.deepEqual(await ask('POST', 'session/confirm', { password: PASSWORD }), [200, undefined]);
  assert.deepEqual(await ask('POST', 'alarms/1/acknowledge'), [200, undefined]);
});

test('a token is never locked and has nothing to confirm; no lock outlives the 12 hours', async () => {
  clock.at = T0;
  const headers = { authorization: `Bearer ${await accounts.tokens.create('t', 'shiftLeader', undefined, undefined)}` };
  const { ask } = await sit('sleeper');
  clock.at += 12 * HOUR_MS;
  assert.equal((await api.inject({ url: '/api/v1/venues', headers })).statusCode, 200);
  for (const path of ['lock', 'activity', 'unlock', 'confirm']) {
    const payload = { password: PASSWORD };
    const refused = await api.inject({ method: 'POST', url: `/api/v1/session/${path}`, headers, payload });
    assert.deepEqual([refused.statusCode, refused.json<Body>().code], [403, 'sessionNeeded'], path);
  }
  assert.deepEqual(await ask('POST', 'session/unlock', { password: PASSWORD }), [401, 'notLoggedIn']);
});

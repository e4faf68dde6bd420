import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastifyCookie from '@fastify/cookie';
import fastify, { type InjectOptions } from 'fastify';
import type { Accounts } from '../access/accounts.ts';
import type { Caller } from '../access/callers.ts';
import { permissionsOf } from '../access/role.ts';
import { callerOf, guardRoutes, isLoopback, SESSION_COOKIE, type RouteAccess } from './authentication.ts';
import { ApiError } from './problem.ts';

const CSRF = 'csrf-token-of-the-log-in';

const caller = (role: 'operator' | 'systemAdmin', more: Partial<Caller> = {}): Caller => ({
  username: role,
  role,
  permissions: new Set(permissionsOf(role, false)),
  scope: { venues: 'all' },
  ...more,
});

/** Three who are known: an operator by cookie, an operator and a system administrator by token. */
const accounts = {
  callerOfLogin: (token: string) =>
    token === 'cookie-of-operator' ? caller('operator', { csrfToken: CSRF }) : undefined,
  callerOfToken: (token: string) =>
    ({ 'token-of-operator': caller('operator'), 'token-of-admin': caller('systemAdmin') })[token],
  tokens: { used: () => undefined },
  logIns: { used: () => undefined, msUntilLocked: () => undefined },
} as unknown as Accounts;

async function open() {
  const app = fastify();
  await app.register(fastifyCookie);
  guardRoutes(app, accounts);
  app.setErrorHandler((error: unknown, _request, reply) =>
    error instanceof ApiError
      ? reply.code(error.status).send({ code: error.code })
      : reply.code(500).send(String(error)),
  );
  const route = (url: string, access: RouteAccess) => {
    app.get(url, { config: { access } }, async (request) => ({ role: request.caller?.role ?? null }));
    app.post(url, { config: { access } }, async (request) => ({ role: callerOf(request).role }));
  };
  route('/api/v1/anyone', 'anyone');
  route('/api/v1/loggedIn', 'loggedIn');
  route('/api/v1/alarms', 'alarm.read');
  route('/metrics', 'loopbackOrMetrics');
  app.get('/page', async () => ({ role: null }));
  return app;
}

async function answer(ask: InjectOptions): Promise<readonly [number, string | null]> {
  const app = await open();
  const response = await app.inject(ask);
  await app.close();
  const { role, code } = response.json<{ role?: string | null; code?: string }>();
  return [response.statusCode, role ?? code ?? null];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `${SESSION_COOKIE}=${token}` });

test('without a log-in only what is for anyone answers', async () => {
  assert.deepEqual(await answer({ url: '/api/v1/anyone' }), [200, null]);
  assert.deepEqual(await answer({ url: '/page' }), [200, null]);
  assert.deepEqual(await answer({ url: '/api/v1/loggedIn' }), [401, 'notLoggedIn']);
  assert.deepEqual(await answer({ url: '/api/v1/alarms' }), [401, 'notLoggedIn']);
});

test('a token or a cookie says who calls, and his permissions decide', async () => {
  assert.deepEqual(await answer({ url: '/api/v1/alarms', headers: bearer('token-of-operator') }), [200, 'operator']);
  assert.deepEqual(await answer({ url: '/api/v1/alarms', headers: cookie('cookie-of-operator') }), [200, 'operator']);
  assert.deepEqual(await answer({ url: '/api/v1/alarms', headers: bearer('token-of-admin') }), [403, 'forbidden']);
  assert.deepEqual(await answer({ url: '/api/v1/loggedIn', headers: bearer('token-of-admin') }), [200, 'systemAdmin']);
});

test('a wrong token is no log-in, also beside a good cookie; nor is a token of another form', async () => {
  const url = '/api/v1/alarms';
  for (const authorization of [
    'Bearer guess-guess',
    'Bearer ',
    'Basic token-of-operator',
    'token-of-operator',
    'bearer token-of-operator',
  ])
    assert.deepEqual(await answer({ url, headers: { authorization, ...cookie('cookie-of-operator') } }), [
      401,
      'notLoggedIn',
    ]);
  assert.deepEqual(await answer({ url, headers: cookie('token-of-operator') }), [401, 'notLoggedIn']);
  assert.deepEqual(await answer({ url, headers: bearer('cookie-of-operator') }), [401, 'notLoggedIn']);
});

test('a write with the cookie needs the CSRF token, a write with a token does not', async () => {
  const post = (headers: Record<string, string>) => answer({ method: 'POST', url: '/api/v1/alarms', headers });
  assert.deepEqual(await post(cookie('cookie-of-operator')), [403, 'csrfTokenMissing']);
  for (const wrong of ['', CSRF.slice(1), `${CSRF}x`, CSRF.toUpperCase()])
    assert.deepEqual(await post({ ...cookie('cookie-of-operator'), 'x-csrf-token': wrong }), [403, 'csrfTokenMissing']);
  assert.deepEqual(await post({ ...cookie('cookie-of-operator'), 'x-csrf-token': CSRF }), [200, 'operator']);
  assert.deepEqual(await post(bearer('token-of-operator')), [200, 'operator']);
});

test('metrics are for this machine, or for a token that may read them', async () => {
  const from = (remoteAddress: string, headers = {}) => answer({ url: '/metrics', remoteAddress, headers });
  assert.equal((await from('127.0.0.1'))[0], 200);
  assert.deepEqual(await from('10.0.0.9'), [403, 'forbidden']);
  assert.deepEqual(await from('10.0.0.9', bearer('token-of-operator')), [403, 'forbidden']);
  assert.equal((await from('10.0.0.9', bearer('token-of-admin')))[0], 200);
});

test('loopback is what the kernel says of the socket, in all its spellings', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopback(address), address);
  for (const address of [undefined, '', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0', '::2'])
    assert.ok(!isLoopback(address), String(address));
});

test('a route that does not say who may call it stops the start', async () => {
  for (const url of ['/api/v1/forgotten', '/healthz', '/readyz', '/metrics']) {
    const app = fastify();
    guardRoutes(app, accounts);
    assert.throws(() => app.get(url, async () => 'x'), new RegExp(`route ${url} does not say who may call it`));
    await app.close();
  }
});

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { OwedStep, Permission } from '@fengsui/protocol';
import type { Accounts } from '../access/accounts.ts';
import { sha256, type Caller } from '../access/callers.ts';
import { networkOf, type CallerRate, type RateKind } from '../access/caller-rate.ts';
import { addressOf } from './forwarded.ts';
import { ApiError } from './problem.ts';

export const SESSION_COOKIE = 'fengsui_session';

/** What a route asks of its caller. A route that does not say is refused at the start: default deny. */
export type RouteAccess = Permission | 'anyone' | 'loggedIn' | 'loopbackOrMetrics';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** Also for a log-in that owes a step (`Session.owes`): what that step needs. */
    whileOwing?: true;
    /** Also in a log-in that is locked. What reads alarms and the overview is, without it. */
    whileLocked?: true;
    /** Of a log-in that was confirmed a short while ago; a token is not asked (who must be a person, the route says). */
    fresh?: true;
    /** Makes a file or a paper: counted apart (`access.exportsPerMinute`). */
    isExport?: true;
  }
  interface FastifyRequest {
    caller?: Caller;
  }
}

export const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127[.]|::1$|::ffff:127[.])/.test(address);
}

/** The caller by bearer token or by cookie; a write with the cookie must carry the log-in's CSRF token. */
export function authenticate(accounts: Accounts, request: FastifyRequest): Caller | undefined {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const token = /^Bearer ([A-Za-z0-9_-]{8,256})$/.exec(authorization)?.[1];
    const caller = token === undefined ? undefined : accounts.callerOfToken(token);
    if (token !== undefined && caller !== undefined) accounts.tokens.used(token);
    return caller;
  }
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : accounts.callerOfLogin(cookie);
}

function checkCsrf(request: FastifyRequest, caller: Caller): void {
  if (caller.csrfToken === undefined || !WRITES.has(request.method)) return;
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const expected = Buffer.from(caller.csrfToken);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new ApiError(403, 'csrfTokenMissing', 'send the csrfToken of the log-in back as X-CSRF-Token');
  }
}

/** Guards every route of the instance by its `config.access`. */
export function guardRoutes(app: FastifyInstance, accounts: Accounts, rate?: CallerRate): void {
  app.addHook('onRoute', (route) => {
    const isOurs = route.url.startsWith('/api/v1') || ['/healthz', '/readyz', '/metrics'].includes(route.url);
    if (isOurs && route.config?.access === undefined)
      throw new Error(`route ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    // Files of the console, the API description and unknown paths: nothing of a venue is in them.
    if (access === undefined || access === 'anyone') return;
    const caller = authenticate(accounts, request);
    if (access === 'loopbackOrMetrics') {
      const isHere = request.forwarded === undefined && isLoopback(request.socket.remoteAddress);
      if (isHere || caller?.permissions.has('metrics.read') === true) return;
      throw new ApiError(403, 'forbidden', 'metrics are for this machine itself or a token with metrics.read');
    }
    checkRate(request, caller, rate);
    if (caller === undefined)
      throw new ApiError(401, 'notLoggedIn', 'log in, or send a valid token as "Authorization: Bearer …"');
    // Also of who is refused: the audit names him.
    request.caller = caller;
    checkCsrf(request, caller);
    if (caller.owes !== undefined && request.routeOptions.config.whileOwing !== true) throw owing(caller.owes);
    if (access !== 'loggedIn' && !caller.permissions.has(access)) {
      throw new ApiError(403, 'forbidden', `role ${caller.role} has no permission ${access}`);
    }
    const cookie = request.cookies[SESSION_COOKIE];
    if (caller.csrfToken === undefined || cookie === undefined) return;
    checkLogIn(accounts, request, cookie);
    // Reading is no act: a screen asks by itself. Nor is what unlocks: it may be wrong.
    if (WRITES.has(request.method) && request.routeOptions.config.whileLocked !== true) accounts.logIns.used(cookie);
  });
}

/** @throws ApiError 429. What is done about alarms, who is called, and the way out and in again are never refused. */
function checkRate(request: FastifyRequest, caller: Caller | undefined, rate: CallerRate | undefined): void {
  if (rate === undefined) return;
  const { access = '', isExport, whileLocked } = request.routeOptions.config;
  const isWrite = WRITES.has(request.method);
  const kind: RateKind = caller === undefined ? 'stranger' : isExport === true ? 'export' : isWrite ? 'write' : 'read';
  const isUrgent = isWrite ? access.startsWith('alarm.') || whileLocked === true : access === 'contact.read';
  if (caller !== undefined && isUrgent) return;
  // Of an account all log-ins together; of tokens, whose names need not differ, each.
  const who =
    caller === undefined
      ? networkOf(addressOf(request))
      : caller.csrfToken === undefined
        ? sha256(request.headers.authorization ?? '')
        : caller.username;
  const waitS = rate.retryAfterS(kind, who);
  if (waitS === undefined) return;
  const headers = { 'retry-after': String(waitS) };
  throw new ApiError(
    429,
    'tooManyRequests',
    `more requests than are taken in a minute; try again in ${waitS} s`,
    headers,
  );
}

/** @throws ApiError when the log-in is locked, or has to be confirmed first. */
function checkLogIn({ logIns }: Accounts, request: FastifyRequest, cookie: string): void {
  const { access, whileLocked, fresh } = request.routeOptions.config;
  const isDuty = request.method === 'GET' && (access === 'alarm.read' || access === 'overview.read');
  if (logIns.msUntilLocked(cookie) === 0 && whileLocked !== true && !isDuty)
    throw new ApiError(423, 'sessionLocked', 'nobody has acted here for a while: POST /api/v1/session/unlock');
  if (fresh === true && !logIns.isFresh(cookie))
    throw new ApiError(403, 'confirmationNeeded', 'confirm who you are first: POST /api/v1/session/confirm');
}

const owing = (step: OwedStep): ApiError =>
  ({
    newPassword: new ApiError(403, 'passwordChangeDue', 'set a new password first: POST /api/v1/session/password'),
    secondFactor: new ApiError(
      403,
      'secondFactorDue',
      'this account needs a second factor first: POST /api/v1/session/second-factor',
    ),
  })[step];

export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new ApiError(401, 'notLoggedIn', 'log in first');
  return request.caller;
}

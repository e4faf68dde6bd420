import { Session } from '@fengsui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Caller } from '../../access/callers.ts';
import { LoginThrottle } from '../../access/login-throttle.ts';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../forwarded.ts';
import { ApiError, Problem } from '../problem.ts';

const SHORTEST_REFUSAL_MS = 20;

export function sessionRoutes(api: Api, context: ApiContext): void {
  const { accounts, clock, log, isDemo, isTls } = context;
  const throttle = new LoginThrottle();

  const sessionOf = (caller: Caller): Session => ({
    username: caller.username,
    role: caller.role,
    permissions: [...caller.permissions],
    ...(caller.scope.venues !== 'all' && { venueIds: [...caller.scope.venues] }),
    csrfToken: caller.csrfToken ?? '',
    demo: isDemo,
  });

  const opened = (
    reply: FastifyReply,
    { token, caller }: { readonly token: string; readonly caller: Caller },
  ): Session => {
    void reply.setCookie(SESSION_COOKIE, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isTls,
      maxAge: caller.role === 'display' ? 365 * 86_400 : 12 * 3_600,
    });
    return sessionOf(caller);
  };

  const refused = async (request: FastifyRequest, name: string): Promise<ApiError> => {
    const address = addressOf(request);
    throttle.failed(name, address, clock.now());
    log.warn('log-in refused', { name, address });
    await new Promise((resolve) => setTimeout(resolve, SHORTEST_REFUSAL_MS));
    return new ApiError(401, 'wrongCredentials', 'user name or password is wrong');
  };

  const checkThrottle = (request: FastifyRequest, name: string): void => {
    const wait = throttle.retryAfterS(name, addressOf(request), clock.now());
    if (wait === undefined) return;
    throw new ApiError(429, 'tooManyAttempts', `too many wrong attempts; try again in ${wait} s`, {
      'retry-after': String(wait),
    });
  };

  api.post(
    '/api/v1/login',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Log in with user name and password; sets the session cookie',
        tags: ['session'],
        body: Type.Object({ username: Type.String({ maxLength: 64 }), password: Type.String({ maxLength: 1024 }) }),
        response: { 200: Session, default: Problem },
      },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      checkThrottle(request, username);
      const login = await accounts.logIn(username, password);
      if (login === undefined) throw await refused(request, username);
      throttle.succeeded(username, addressOf(request));
      log.info('logged in', { username, address: addressOf(request) });
      return opened(reply, login);
    },
  );

  api.post(
    '/api/v1/founder/claim',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Use the one-time link that the first start printed',
        tags: ['session'],
        body: Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) }),
        response: { 200: Session, default: Problem },
      },
    },
    async (request, reply) => {
      checkThrottle(request, 'founder link');
      const login = await accounts.claimFounderLink(request.body.token);
      if (login === undefined) {
        throttle.failed('founder link', addressOf(request), clock.now());
        throw new ApiError(
          410,
          'linkUsed',
          'this link was used, is older than 24 h, or never was; a restart prints a new one',
        );
      }
      log.info('founder link used', { address: addressOf(request) });
      return opened(reply, login);
    },
  );

  api.post(
    '/api/v1/logout',
    {
      config: { access: 'loggedIn' },
      schema: { summary: 'End this log-in', tags: ['session'], response: { 204: Type.Null(), default: Problem } },
    },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) await accounts.logOut(token);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null);
    },
  );

  api.get(
    '/api/v1/session',
    {
      config: { access: 'loggedIn' },
      schema: { summary: 'Who is logged in', tags: ['session'], response: { 200: Session, default: Problem } },
    },
    async (request) => sessionOf(callerOf(request)),
  );
}

import { Session } from '@fengsui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Caller } from '../../access/callers.ts';
import { lifeOf, type Place } from '../../access/log-ins.ts';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../forwarded.ts';
import { ApiError, Problem } from '../problem.ts';
import { rememberPlace, withinThrottle } from '../within-throttle.ts';

const SHORTEST_REFUSAL_MS = 20;

export function sessionRoutes(api: Api, context: ApiContext): void {
  const { accounts, log, isDemo, isTls } = context;

  const sessionOf = (caller: Caller): Session => ({
    username: caller.username,
    role: caller.role,
    permissions: [...caller.permissions],
    ...(caller.scope.venues !== 'all' && { venueIds: [...caller.scope.venues] }),
    csrfToken: caller.csrfToken ?? '',
    demo: isDemo,
    ...(caller.owes !== undefined && { owes: caller.owes }),
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
      maxAge: lifeOf(caller.role) / 1000,
    });
    return sessionOf(caller);
  };

  const placeOf = (request: FastifyRequest): Place => ({
    address: addressOf(request),
    agent: request.headers['user-agent'] ?? '',
  });

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
      const login = await withinThrottle(context, request, username, async () => {
        const outcome = await accounts.logIn(username, password, placeOf(request));
        return { outcome, isRight: outcome !== undefined };
      });
      if (login === undefined) {
        log.warn('log-in refused', { name: username, address: addressOf(request) });
        await new Promise((resolve) => setTimeout(resolve, SHORTEST_REFUSAL_MS));
        throw new ApiError(401, 'wrongCredentials', 'user name or password is wrong');
      }
      log.info('logged in', { username, address: addressOf(request) });
      const session = opened(reply, login);
      await rememberPlace(context, request, reply, username);
      return session;
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
      const login = await withinThrottle(
        context,
        request,
        'founder link',
        async () => {
          const outcome = await accounts.claimFounderLink(request.body.token, placeOf(request));
          return { outcome, isRight: outcome !== undefined };
        },
        false,
      );
      if (login === undefined) {
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
    '/api/v1/display/claim',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Light a wall screen by its one-time link: role display, for a year',
        tags: ['session'],
        body: Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) }),
        response: { 200: Session, default: Problem },
      },
    },
    async (request, reply) => {
      const login = await withinThrottle(
        context,
        request,
        'display link',
        async () => {
          const outcome = await accounts.claimDisplayLink(request.body.token, placeOf(request));
          return { outcome, isRight: outcome !== undefined };
        },
        false,
      );
      if (login === undefined)
        throw new ApiError(410, 'linkUsed', 'this link was used, is older than 24 h, or never was; ask for a new one');
      log.info('display link used', { username: login.caller.username, address: addressOf(request) });
      return opened(reply, login);
    },
  );

  api.post(
    '/api/v1/logout',
    {
      config: { access: 'loggedIn', whileOwing: true },
      schema: { summary: 'End this log-in', tags: ['session'], response: { 204: Type.Null(), default: Problem } },
    },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) await accounts.logIns.endOwn(token);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send(null);
    },
  );

  api.get(
    '/api/v1/session',
    {
      config: { access: 'loggedIn', whileOwing: true, audit: 'none' },
      schema: { summary: 'Who is logged in', tags: ['session'], response: { 200: Session, default: Problem } },
    },
    async (request) => sessionOf(callerOf(request)),
  );
}

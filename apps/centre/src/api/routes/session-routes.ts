import { Session } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import { Code } from '../parameters.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../forwarded.ts';
import { openSession, placeOf } from '../open-session.ts';
import { ApiError, Problem } from '../problem.ts';
import { sessionOf } from '../session-view.ts';
import { rememberPlace, withinThrottle } from '../within-throttle.ts';

const SHORTEST_REFUSAL_MS = 20;

export function sessionRoutes(api: Api, context: ApiContext): void {
  const { accounts, log } = context;

  api.post(
    '/api/v1/login',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Log in with user name, password and, where it has a second factor, a code; sets the session cookie',
        tags: ['session'],
        body: Type.Object({
          username: Type.String({ maxLength: 64 }),
          password: Type.String({ maxLength: 1024 }),
          code: Type.Optional(Code),
        }),
        response: { 200: Session, default: Problem },
      },
    },
    async (request, reply) => {
      const { username, password, code } = request.body;
      const login = await withinThrottle(context, request, username, async ({ isKnown }) => {
        const outcome = await accounts.credentials.logIn(username, password, { ...placeOf(request), isKnown }, code);
        return { outcome, isRight: outcome === 'codeNeeded' ? 'undecided' : outcome !== undefined };
      });
      if (login === 'codeNeeded')
        throw new ApiError(401, 'codeNeeded', 'send the code of the second factor too, or a recovery code');
      if (login === undefined) {
        log.warn('log-in refused', { name: username, address: addressOf(request) });
        await new Promise((resolve) => setTimeout(resolve, SHORTEST_REFUSAL_MS));
        throw new ApiError(401, 'wrongCredentials', 'user name, password or code is wrong');
      }
      log.info('logged in', { username, address: addressOf(request) });
      const session = openSession(context, reply, login);
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
      return openSession(context, reply, login);
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
      return openSession(context, reply, login);
    },
  );

  api.post(
    '/api/v1/logout',
    {
      config: { access: 'loggedIn', whileOwing: true, whileLocked: true },
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
      config: { access: 'loggedIn', whileOwing: true, whileLocked: true, audit: 'none' },
      schema: { summary: 'Who is logged in', tags: ['session'], response: { 200: Session, default: Problem } },
    },
    async (request) => sessionOf(context, request, callerOf(request)),
  );
}

import { LinkedIdentity, Session } from '@fengsui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BEGUN_MS, OpenIdError, type Identity, type OpenId, type Purpose } from '../../access/open-id.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../forwarded.ts';
import { openSession, placeOf } from '../open-session.ts';
import { ownLogIn } from '../own-log-in.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { rememberPlace } from '../within-throttle.ts';

/** What was begun, sealed; opens nothing by itself. */
const BEGUN_COOKIE = 'fengsui_open_id';

const Begun = Type.Object({ url: Type.String({ description: 'where the browser is to go' }) });
const Returned = Type.Object({
  state: Type.String({ maxLength: 128 }),
  parameters: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 4_096 }), {
    maxProperties: 16,
    description: 'of the address the provider sent the browser to, but for state: code, iss, error …',
  }),
});

/** Log-in by the OpenID Connect provider of another house, beside the password. */
export function openIdRoutes(api: Api, context: ApiContext): void {
  const { accounts, openId, log, isTls } = context;

  const provider = (): OpenId => {
    if (openId === undefined) throw new ApiError(404, 'noOpenId', 'no OpenID Connect provider is configured here');
    return openId;
  };
  const cookie = { path: '/api/v1', httpOnly: true, sameSite: 'strict', secure: isTls } as const;
  const begin = async (reply: FastifyReply, purpose: Purpose): Promise<{ url: string }> => {
    const { url, sealed } = await provider().begin(purpose).catch(asProblem);
    void reply.setCookie(BEGUN_COOKIE, sealed, { ...cookie, maxAge: BEGUN_MS / 1000 });
    return { url };
  };
  type ReturnedBody = { readonly state: string; readonly parameters: Readonly<Record<string, string>> };
  const end = async (
    request: FastifyRequest,
    reply: FastifyReply,
    body: ReturnedBody,
    kind: Purpose['kind'],
  ): Promise<Identity & { readonly purpose: Purpose }> => {
    const sealed = request.cookies[BEGUN_COOKIE];
    // Once, whatever comes of it.
    void reply.clearCookie(BEGUN_COOKIE, { path: cookie.path });
    const found = await provider().end(sealed, body).catch(asProblem);
    if (found.purpose.kind === kind) return found;
    throw new ApiError(410, 'openIdExpired', 'this was begun for something else: begin again');
  };

  api.get(
    '/api/v1/open-id',
    {
      config: { access: 'anyone', audit: 'none' },
      schema: {
        summary: 'Whether people can log in by an OpenID Connect provider, and what the button says',
        tags: ['session'],
        response: { 200: Type.Object({ name: Type.Optional(Type.String()) }), default: Problem },
      },
    },
    async () => (openId === undefined ? {} : { name: openId.settings.name }),
  );

  api.post(
    '/api/v1/open-id/begin',
    {
      config: { access: 'anyone', audit: 'none' },
      schema: {
        summary: 'Begin to log in by the provider',
        tags: ['session'],
        response: { 200: Begun, default: Problem },
      },
    },
    async (_request, reply) => begin(reply, { kind: 'logIn' }),
  );

  api.post(
    '/api/v1/open-id/log-in',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Log in with what the provider sent back; sets the session cookie',
        tags: ['session'],
        body: Returned,
        response: { 200: Session, default: Problem },
      },
    },
    async (request, reply) => {
      const identity = await end(request, reply, request.body, 'logIn');
      const username = await accounts.identities.usernameOf(identity);
      const shown =
        username !== undefined && provider().settings.secondFactor === 'provider' && identity.hasSecondFactor;
      const login =
        username === undefined
          ? undefined
          : await accounts.credentials.logInRecognised(username, placeOf(request), shown);
      if (login === 'secondFactorNeeded')
        throw new ApiError(
          403,
          'openIdFactorMissing',
          'this account takes a second factor, which the provider did not ask for: log in with password and code',
        );
      if (username === undefined || login === undefined) {
        log.warn('log-in by OpenID Connect refused', { subject: identity.subject, address: addressOf(request) });
        throw new ApiError(
          403,
          'openIdUnknown',
          'no account that is open is linked to this one: log in with your password and link it under your name',
        );
      }
      // Of the row in the audit.
      request.caller = login.caller;
      log.info('logged in by OpenID Connect', { username, address: addressOf(request) });
      const session = openSession(context, reply, login);
      await rememberPlace(context, request, reply, username);
      return session;
    },
  );

  api.get(
    '/api/v1/session/open-id',
    {
      config: { access: 'loggedIn', audit: 'none' },
      schema: {
        summary: 'Who the own account is at the provider',
        tags: ['session'],
        response: { 200: LinkedIdentity, default: Problem },
      },
    },
    async (request) => {
      ownLogIn(request);
      return (await accounts.identities.of(callerOf(request).username)) ?? {};
    },
  );

  api.post(
    '/api/v1/session/open-id/begin',
    {
      config: { access: 'loggedIn', fresh: true },
      schema: {
        summary: 'Begin to link the own account to one at the provider',
        tags: ['session'],
        response: { 200: Begun, default: Problem },
      },
    },
    async (request, reply) => {
      ownLogIn(request);
      const { username } = callerOf(request);
      if (!accounts.isAccount(username)) throw new ApiError(403, 'sessionNeeded', 'this log-in has no account');
      return begin(reply, { kind: 'link', username });
    },
  );

  api.post(
    '/api/v1/session/open-id',
    {
      config: { access: 'loggedIn' },
      schema: {
        summary: 'Link the own account with what the provider sent back',
        tags: ['session'],
        body: Returned,
        response: { 200: LinkedIdentity, default: Problem },
      },
    },
    async (request, reply) => {
      ownLogIn(request);
      const { username } = callerOf(request);
      const { purpose, issuer, subject } = await end(request, reply, request.body, 'link');
      if (purpose.kind !== 'link' || purpose.username !== username)
        throw new ApiError(410, 'openIdExpired', 'this was begun by somebody else: begin again');
      if (!(await accounts.identities.link(username, { issuer, subject })))
        throw new ApiError(409, 'openIdTaken', 'another account here is linked to it; its user unlinks it first');
      log.info('linked to OpenID Connect', { username });
      return { issuer, subject };
    },
  );

  api.delete(
    '/api/v1/session/open-id',
    {
      config: { access: 'loggedIn', fresh: true },
      schema: {
        summary: 'Unlink the own account from the provider; its log-ins go on',
        tags: ['session'],
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      ownLogIn(request);
      const { username } = callerOf(request);
      if (!(await accounts.identities.unlink(username))) throw notFound('a link of this account');
      log.info('unlinked from OpenID Connect', { username });
      return reply.code(204).send(null);
    },
  );
}

const statusOf = { openIdAway: 503, openIdExpired: 410, openIdRefused: 401 } as const;

function asProblem(error: unknown): never {
  if (!(error instanceof OpenIdError)) throw error;
  throw new ApiError(statusOf[error.code], error.code, error.message);
}

import { Account, oneOf, page, roles } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import type { Refusal } from '../../access/refusal.ts';
import type { Api } from '../api-instance.ts';
import { callerOf, SESSION_COOKIE } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { IdempotentAnswers } from '../idempotent-answers.ts';
import { requireKnownBound } from '../known-bound.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const VenueIds = Type.Array(Type.String({ maxLength: 128 }), { maxItems: 10_000 });
const NewAccount = Type.Object({
  username: Type.String({ minLength: 2, maxLength: 64 }),
  password: Type.String({ maxLength: 1024 }),
  role: oneOf(roles),
  venueIds: Type.Optional(VenueIds),
  organisationId: Type.Optional(
    Type.String({ maxLength: 128, description: 'sees the venues of it and of those below it, as they are then' }),
  ),
  mustChangePassword: Type.Optional(
    Type.Boolean({ description: 'the password opens nothing but its own change, for 72 h; default false' }),
  ),
});
const Change = Type.Object({
  role: Type.Optional(oneOf(roles)),
  venueIds: Type.Optional(Type.Union([VenueIds, Type.Null()], { description: 'null = all venues' })),
  organisationId: Type.Optional(
    Type.Union([Type.String({ maxLength: 128 }), Type.Null()], { description: 'null = of no organisation' }),
  ),
  disabled: Type.Optional(Type.Boolean({ description: 'true ends all its log-ins at once' })),
});
const ByName = Type.Object({ username: Type.String({ maxLength: 64 }) });
const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });

export function userRoutes(api: Api, { accounts, situation, log }: ApiContext): void {
  const answers = new IdempotentAnswers<Account>();

  api.get(
    '/api/v1/users',
    {
      config: { audit: 'read', access: 'user.manage' },
      schema: { summary: 'Accounts', tags: ['users'], response: { 200: page(Type.Ref('Account')), default: Problem } },
    },
    async () => ({ items: [...accounts.list()] }),
  );

  api.post(
    '/api/v1/users',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Create an account',
        tags: ['users'],
        headers: IdempotencyKey,
        body: NewAccount,
        response: { 201: Account, default: Problem },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const by = callerOf(request).username;
      return reply.code(201).send(await answers.once(request, () => create(body, by)));
    },
  );

  api.patch(
    '/api/v1/users/:username',
    {
      config: { access: 'user.manage' },
      schema: {
        summary:
          'Change role, venues and organisation of an account, disable or enable it; holds at once, also for what it has open',
        tags: ['users'],
        params: ByName,
        body: Change,
        response: { 200: Account, default: Problem },
      },
    },
    async (request) => {
      const { username } = request.params;
      requireKnown(request.body);
      const by = callerOf(request).username;
      const changed = await accounts.change(username, request.body, by);
      if ('refused' in changed) throw problemOf(changed);
      const { role, disabled } = changed;
      log.info('account changed', { username, role, disabled, by });
      return changed;
    },
  );

  api.post(
    '/api/v1/users/:username/password',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Give an account a one-time password, shown this once; all its log-ins end',
        tags: ['users'],
        params: ByName,
        response: { 200: Type.Object({ password: Type.String() }), default: Problem },
      },
    },
    async (request) => {
      const { username } = request.params;
      const given = await accounts.credentials.givePassword(username);
      if ('refused' in given) throw problemOf(given);
      log.info('one-time password given', { username, by: callerOf(request).username });
      return given;
    },
  );

  api.post(
    '/api/v1/users/:username/unlock',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Forget the wrong passwords given for this account: nobody waits any longer',
        tags: ['users'],
        params: ByName,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      if (!accounts.list().some((account) => account.username === username)) throw notFound(`account ${username}`);
      accounts.throttle.forget(username);
      log.info('account unlocked', { username, by: callerOf(request).username });
      return reply.code(204).send(null);
    },
  );

  api.get(
    '/api/v1/logins',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Log-ins of everybody that are alive, newest first',
        tags: ['users'],
        response: { 200: page(Type.Ref('LogIn')), default: Problem },
      },
    },
    async (request) => ({ items: [...accounts.logIns.list(undefined, request.cookies[SESSION_COOKIE])] }),
  );

  api.delete(
    '/api/v1/logins/:id',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'End a log-in, whosever it is',
        tags: ['users'],
        params: ById,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const username = await accounts.logIns.end(id);
      if (username === undefined) throw notFound(`log-in ${id}`);
      log.info('log-in ended', { username, by: callerOf(request).username });
      return reply.code(204).send(null);
    },
  );

  const create = async (
    { username, password, role, venueIds, organisationId, mustChangePassword = false }: Static<typeof NewAccount>,
    by: string,
  ) => {
    requireKnown({ ...(venueIds && { venueIds }), ...(organisationId !== undefined && { organisationId }) });
    const more = { isGiven: mustChangePassword, organisationId };
    const created = await accounts.create(username, password, role, venueIds, more);
    if ('refused' in created) throw problemOf(created);
    log.info('account created', { username, role, by });
    return created;
  };

  const requireKnown = (bound: Parameters<typeof requireKnownBound>[1]): void =>
    requireKnownBound(situation.registry, bound, 'invalidAccount');
}

const statuses: Readonly<Record<string, number>> = {
  accountExists: 409,
  lastSecurityAdmin: 409,
  ownRights: 403,
  notFound: 404,
};

const problemOf = ({ refused: { code, detail } }: Refusal): ApiError =>
  new ApiError(statuses[code] ?? 422, code, detail);

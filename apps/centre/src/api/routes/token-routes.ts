import { oneOf, page, permissions, tokenRoles } from '@fengsui/protocol';
import { Type } from 'typebox';
import { permissionsOfRole } from '../../access/role.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { IdempotentAnswers } from '../idempotent-answers.ts';
import { requireKnownBound } from '../known-bound.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const Name = Type.String({ minLength: 1, maxLength: 64 });
const VenueIds = Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 10_000 }));
const NewToken = Type.Object({
  name: Name,
  role: oneOf(tokenRoles),
  venueIds: VenueIds,
  organisationId: Type.Optional(
    Type.String({ maxLength: 128, description: 'sees the venues of it and of those below it, as they are then' }),
  ),
  permissions: Type.Optional(
    Type.Array(oneOf(permissions), { minItems: 1, description: 'of those of the role; absent = all of them' }),
  ),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_660, description: 'until it expires; absent = never' })),
});
const DAY_MS = 86_400_000;

/** Tokens of programs, and links that light a wall. */
export function tokenRoutes(api: Api, { accounts, situation, clock, log }: ApiContext): void {
  // Who got no answer asks again, and no token is left over that works and that nobody has.
  const tokens = new IdempotentAnswers<{ readonly token: string }>();
  const links = new IdempotentAnswers<{ readonly path: string; readonly expiresAt: string }>();

  api.get(
    '/api/v1/tokens',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'API tokens that are not revoked, newest first',
        tags: ['users'],
        response: { 200: page(Type.Ref('ApiToken')), default: Problem },
      },
    },
    async () => ({ items: [...accounts.tokens.list()] }),
  );

  api.post(
    '/api/v1/tokens',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Make an API token for a program, shown this once',
        tags: ['users'],
        headers: IdempotencyKey,
        body: NewToken,
        response: { 201: Type.Object({ token: Type.String() }), default: Problem },
      },
    },
    async (request, reply) => {
      const { name, role, venueIds, organisationId, permissions: wanted, days } = request.body;
      requireKnownBound(situation.registry, request.body, 'invalidToken');
      const beyond = wanted?.find((word) => !permissionsOfRole[role].includes(word));
      if (beyond !== undefined) throw new ApiError(422, 'invalidToken', `role ${role} has no permission ${beyond}`);
      const expiresAt = days === undefined ? undefined : clock.now() + days * DAY_MS;
      const made = await tokens.once(request, async () => {
        const token = await accounts.tokens.create(name, role, venueIds, expiresAt, wanted, organisationId);
        log.info('token made', { name, role, by: callerOf(request).username });
        return { token };
      });
      return reply.code(201).send(made);
    },
  );

  api.delete(
    '/api/v1/tokens/:id',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Revoke an API token: what works with it is refused at once',
        tags: ['users'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const name = await accounts.tokens.revoke(id);
      if (name === undefined) throw notFound(`token ${id}`);
      log.info('token revoked', { name, by: callerOf(request).username });
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/v1/display-links',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Make a link that lights a wall screen once, within 24 h, without a password',
        tags: ['users'],
        headers: IdempotencyKey,
        body: Type.Object({ name: Name, venueIds: VenueIds }),
        response: { 201: Type.Object({ path: Type.String(), expiresAt: Type.String() }), default: Problem },
      },
    },
    async (request, reply) => {
      const { name, venueIds } = request.body;
      requireKnownBound(situation.registry, request.body, 'invalidToken');
      const made = await links.once(request, async () => {
        const { token, expiresAt } = await accounts.displayLinks.create(name, venueIds);
        log.info('display link made', { name, by: callerOf(request).username });
        return { path: `/wall-link#token=${token}`, expiresAt: new Date(expiresAt).toISOString() };
      });
      return reply.code(201).send(made);
    },
  );
}

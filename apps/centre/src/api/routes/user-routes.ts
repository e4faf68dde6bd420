import { Account, oneOf, page, roles } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { IdempotentAnswers } from '../idempotent-answers.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const NewAccount = Type.Object({
  username: Type.String({ minLength: 2, maxLength: 64 }),
  password: Type.String({ maxLength: 1024 }),
  role: oneOf(roles),
  venueIds: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 10_000 })),
});

export function userRoutes(api: Api, { accounts, situation, log }: ApiContext): void {
  const answers = new IdempotentAnswers<Account>();

  api.get(
    '/api/v1/users',
    {
      config: { access: 'user.manage' },
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

  const create = async ({ username, password, role, venueIds }: Static<typeof NewAccount>, by: string) => {
    const unknown = venueIds?.find((id) => situation.registry.venue(id) === undefined);
    if (unknown !== undefined)
      throw new ApiError(422, 'invalidAccount', `venue ${JSON.stringify(unknown)} does not exist`);
    const created = await accounts.create(username, password, role, venueIds);
    if ('refused' in created) {
      const { code, detail } = created.refused;
      throw new ApiError(code === 'accountExists' ? 409 : 422, code, detail);
    }
    log.info('account created', { username, role, by });
    return created;
  };
}

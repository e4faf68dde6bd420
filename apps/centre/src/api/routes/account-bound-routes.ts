import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

const Named = { id: Type.String(), name: Type.String(), nameEn: Type.Optional(Type.String()) };

/** What an account may be bound to: names alone, for who gives rights and need not see what they open. */
export function accountBoundRoutes(api: Api, { situation }: ApiContext): void {
  const { registry } = situation;
  const all = { venues: 'all' } as const;

  api.get(
    '/api/v1/account-bounds',
    {
      config: { access: 'user.manage' },
      schema: {
        summary: 'Organisations and venues by name, to choose from',
        tags: ['users'],
        response: {
          200: Type.Object({
            organisations: Type.Array(
              Type.Object({ ...Named, parentId: Type.Optional(Type.String()), venueCount: Type.Integer() }),
            ),
            venues: Type.Array(Type.Object({ ...Named, organisationId: Type.String() })),
          }),
          default: Problem,
        },
      },
    },
    () => ({
      organisations: registry.organisations(all).map(({ id, name, nameEn, parentId }) => ({
        id,
        name,
        ...(nameEn !== undefined && { nameEn }),
        ...(parentId !== undefined && { parentId }),
        venueCount: registry.venuesBelow(id).length,
      })),
      venues: registry.venues(all).map(({ id, name, nameEn, organisationId }) => ({
        id,
        name,
        ...(nameEn !== undefined && { nameEn }),
        organisationId,
      })),
    }),
  );
}

import { Contact } from '@fengsui/protocol';
import { Type } from 'typebox';
import { putContact, removeContact } from '../../registry/contact-change.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { venueInScope } from '../in-scope.ts';
import { Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 128 }), contactId: Type.String({ maxLength: 64 }) });
const { name, role, phone, rank, language, ways } = Contact.properties;
const path = '/api/v1/venues/:id/contacts/:contactId';

/** Who is called about a venue, written one by one; many at once come with an import. */
export function contactRoutes(api: Api, { situation: { registry }, registryDesk }: ApiContext): void {
  api.put(
    path,
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write a contact of a venue',
        tags: ['registry'],
        params: ById,
        body: Type.Object({ name, role, phone, rank, language, ways }),
        response: { 200: Contact, default: Problem },
      },
    },
    async (request) => {
      const { id: venueId, contactId: id } = request.params;
      venueInScope(registry, callerOf(request).scope, venueId);
      return orProblem(putContact(registryDesk, { id, venueId, ...request.body }));
    },
  );

  api.delete(
    path,
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Remove a contact: name and number are erased, not kept',
        tags: ['registry'],
        params: ById,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { id: venueId, contactId } = request.params;
      venueInScope(registry, callerOf(request).scope, venueId);
      await orProblem(removeContact(registryDesk, venueId, contactId));
      return reply.code(204).send(null);
    },
  );
}

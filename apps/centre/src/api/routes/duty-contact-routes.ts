import { CallOut, Contact, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { isInScope, type Scope } from '../../access/scope.ts';
import { putContact, removeContact } from '../../registry/contact-change.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { testCall } from '../call-out-order.ts';
import type { ApiContext } from '../context.ts';
import { notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const tags = ['call-outs'];

/** The people of the duty desk itself: called while nobody there acknowledges. Of no venue: for who may see every venue. */
export function dutyContactRoutes(api: Api, context: ApiContext): void {
  const { registryDesk, situation } = context;
  const { name, role, phone, rank, language, ways } = Contact.properties;
  const path = '/api/v1/duty-contacts/:contactId';
  const ById = Type.Object({ contactId: Type.String({ maxLength: 64 }) });
  /** For who sees only some venues they are not there. */
  const find = (scope: Scope, contactId: string): void => {
    if (!isInScope(scope, '')) throw notFound(`contact ${contactId}`);
  };

  api.get(
    '/api/v1/duty-contacts',
    {
      config: { access: 'contact.read', audit: 'read' },
      schema: {
        summary: 'People of the duty desk, who are called while nobody there acknowledges',
        tags,
        response: { 200: page(Type.Ref('Contact')), default: Problem },
      },
    },
    async (request) => {
      const items = situation.registry.contactsOf('');
      return { items: isInScope(callerOf(request).scope, '') ? [...items] : [] };
    },
  );

  api.put(
    path,
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Write a person of the duty desk',
        tags,
        params: ById,
        body: Type.Object({ name, role, phone, rank, language, ways }),
        response: { 200: Contact, default: Problem },
      },
    },
    async (request) => {
      find(callerOf(request).scope, request.params.contactId);
      return orProblem(putContact(registryDesk, { id: request.params.contactId, venueId: '', ...request.body }));
    },
  );

  api.delete(
    path,
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'Remove a person of the duty desk: name and number are erased, not kept',
        tags,
        params: ById,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      find(callerOf(request).scope, request.params.contactId);
      await orProblem(removeContact(registryDesk, '', request.params.contactId));
      return reply.code(204).send(null);
    },
  );

  api.post(
    `${path}/test-call`,
    {
      config: { access: 'contact.read' },
      schema: {
        summary: 'Test whether this person of the duty desk is reached',
        tags,
        params: ById,
        response: { 201: CallOut, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username: by } = callerOf(request);
      const { contactId } = request.params;
      find(scope, contactId);
      return reply.code(201).send(await testCall(context, { venueId: '', contactId, by }));
    },
  );
}

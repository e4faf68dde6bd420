import { CallOut, page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { callOutView } from '../../call-out/call-out-view.ts';
import { findCallOut, listCallOuts } from '../../call-out/read-call-outs.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { testCall } from '../call-out-order.ts';
import type { ApiContext } from '../context.ts';
import { incidentInScope } from '../incident-in-scope.ts';
import { venueInScope } from '../in-scope.ts';
import { notFound, Problem } from '../problem.ts';
import { callAnswerRoutes } from './call-answer-routes.ts';
import { callPageRoutes } from './call-page-routes.ts';
import { dutyContactRoutes } from './duty-contact-routes.ts';

const tags = ['call-outs'];
const Id = Type.String({ minLength: 1, maxLength: 128 });

/** Who is called about an incident, and tests of the way: docs/reference/call-out.md. */
export function callOutRoutes(api: Api, context: ApiContext): void {
  const { store, situation } = context;

  api.get(
    '/api/v1/incidents/:id/call-outs',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Who is called about it, by which way, and who answered; oldest first',
        tags,
        params: Type.Object({ id: Id }),
        response: { 200: page(CallOut), default: Problem },
      },
    },
    async (request) => {
      const { id } = await incidentInScope(context, request, request.params.id);
      const { scope, permissions } = callerOf(request);
      const found = await listCallOuts(scope, store, id);
      return { items: found.map((callOut) => callOutView(callOut, permissions.has('contact.read'))) };
    },
  );

  api.get(
    '/api/v1/call-outs/:id',
    {
      config: { access: 'contact.read' },
      schema: {
        summary: 'One call-out, or one test of a way',
        tags,
        params: Type.Object({ id: Id }),
        response: { 200: CallOut, default: Problem },
      },
    },
    async (request) => {
      const found = await findCallOut(callerOf(request).scope, store, request.params.id);
      if (found === undefined) throw notFound(`call-out ${request.params.id}`);
      return callOutView(found, true);
    },
  );

  api.post(
    '/api/v1/venues/:id/contacts/:contactId/test-call',
    {
      config: { access: 'contact.read' },
      schema: {
        summary: 'Test whether this person is reached: each way in turn until it is answered, said to be a test',
        tags,
        params: Type.Object({ id: Id, contactId: Id }),
        response: { 201: CallOut, default: Problem },
      },
    },
    async (request, reply) => {
      const { id, contactId } = request.params;
      venueInScope(situation.registry, callerOf(request).scope, id);
      return reply.code(201).send(await testCall(context, { venueId: id, contactId, by: callerOf(request).username }));
    },
  );

  dutyContactRoutes(api, context);
  callAnswerRoutes(api, context);
  callPageRoutes(api, context);
}

import {
  CallSheet,
  FireMessageText,
  Incident,
  IncidentFile,
  IncidentHandlers,
  incidentStates,
  IncidentStep,
  page,
} from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isInScope } from '../../access/scope.ts';
import { fireFacts } from '../../fire-command/fire-facts.ts';
import { listFireMessages } from '../../fire-command/read-fire-messages.ts';
import { handlersOf } from '../../incident/incident-handlers.ts';
import { findIncidentFile, listIncidentFiles } from '../../incident/read-incident-files.ts';
import { incidentStepView, incidentView } from '../../incident/incident-view.ts';
import type { KeptIncident } from '../../incident/kept-incident.ts';
import { listIncidents, listIncidentSteps } from '../../incident/read-incidents.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { incidentInScope } from '../incident-in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseWords } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { incidentActRoutes } from './incident-act-routes.ts';

const tags = ['incidents'];
const Id = Type.String({ minLength: 1, maxLength: 64 });
const ById = Type.Object({ id: Id });

/** Incidents 警情: docs/reference/procedures.md. */
export function incidentRoutes(api: Api, context: ApiContext): void {
  const { situation, store, accounts } = context;
  incidentActRoutes(api, context);

  api.get(
    '/api/v1/incidents',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Incidents, newest first; without `state` all that are not closed',
        tags,
        querystring: Type.Object({
          state: Type.Optional(
            Type.String({ description: `one or more of ${incidentStates.join(', ')}, separated by commas` }),
          ),
          venueId: Type.Optional(Type.String({ maxLength: 128 })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('Incident')), default: Problem },
      },
    },
    async (request) => {
      const { state, venueId, limit = DEFAULT_LIMIT, cursor } = request.query;
      const position = cursor === undefined ? undefined : decodeCursor(cursor, ['number', 'string']);
      const found = await listIncidents(callerOf(request).scope, store, {
        ...(state !== undefined && { states: parseWords('state', state, incidentStates) }),
        ...(venueId !== undefined && { venueId }),
        limit: limit + 1,
        ...(position !== undefined && { after: { openedAt: position[0] as number, id: position[1] as string } }),
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return {
        items: items.map(incidentView),
        ...(hasMore && { nextCursor: encodeCursor([last.openedAt, last.id]) }),
      };
    },
  );

  const find = (request: FastifyRequest, id: string): Promise<KeptIncident> => incidentInScope(context, request, id);

  api.get(
    '/api/v1/incidents/:id',
    {
      config: { access: 'alarm.read' },
      schema: { summary: 'One incident', tags, params: ById, response: { 200: Incident, default: Problem } },
    },
    async (request) => incidentView(await find(request, request.params.id)),
  );

  api.get(
    '/api/v1/incidents/:id/history',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Every step of it, oldest first',
        tags,
        params: ById,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(IncidentStep), default: Problem },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const { scope, permissions } = callerOf(request);
      const after = cursor === undefined ? 0 : (decodeCursor(cursor, ['number'])[0] as number);
      const found = await listIncidentSteps(scope, store, { id, after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(({ number, step }) => incidentStepView(number, step, permissions.has('contact.read'))),
        ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor([last.number]) }),
      };
    },
  );

  api.get(
    '/api/v1/incidents/:id/call-sheet',
    {
      config: { access: 'incident.handle', audit: 'read' },
      schema: {
        summary: 'What is read out on the telephone to the fire-command side, as it is known now',
        tags,
        params: ById,
        response: { 200: CallSheet, default: Problem },
      },
    },
    async (request) => fireFacts(situation.registry, await find(request, request.params.id)),
  );

  api.get(
    '/api/v1/incidents/:id/messages',
    {
      config: { access: 'incident.handle', audit: 'read' },
      schema: {
        summary: 'Messages to the fire-command side, as they were made, oldest first',
        description: 'What became of each is in the history of the incident.',
        tags,
        params: ById,
        response: { 200: page(FireMessageText), default: Problem },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      return { items: await listFireMessages(callerOf(request).scope, store, id) };
    },
  );

  api.get(
    '/api/v1/incidents/:id/files',
    {
      config: { access: 'incident.handle' },
      schema: {
        summary: 'Recordings and pictures of it, oldest first, each with its SHA-256',
        tags,
        params: ById,
        response: { 200: page(IncidentFile), default: Problem },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      return { items: await listIncidentFiles(callerOf(request).scope, store, id) };
    },
  );

  api.get(
    '/api/v1/incidents/:id/files/:fileId',
    {
      config: { access: 'incident.handle', audit: 'read' },
      schema: {
        summary: 'A recording or picture, as it was sent',
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 64 }), fileId: Type.String({ maxLength: 64 }) }),
        response: {
          200: {
            description: 'its bytes',
            content: { '*/*': { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { id: incidentId, fileId } = request.params;
      await find(request, incidentId);
      const found = await findIncidentFile(callerOf(request).scope, store, { incidentId, fileId });
      if (found === undefined) throw notFound(`file ${fileId} of incident ${incidentId}`);
      const { mediaType, sha256 } = found.file;
      const extension = mediaType.split('/')[1] ?? 'bin';
      // Opened by itself it is saved, not shown: what somebody sent must not run as a page of ours.
      void reply.header('content-disposition', `attachment; filename="${fileId.replace(/\W/g, '')}.${extension}"`);
      void reply.header('cross-origin-resource-policy', 'same-origin');
      void reply.header('etag', `"${sha256}"`);
      return reply.type(mediaType).send(Buffer.from(found.body));
    },
  );

  api.get(
    '/api/v1/incidents/:id/handlers',
    {
      config: { access: 'incident.handle' },
      schema: {
        summary: 'People it may be offered to, with how many open incidents each has',
        tags,
        params: ById,
        response: { 200: IncidentHandlers, default: Problem },
      },
    },
    async (request) => {
      const { place } = await find(request, request.params.id);
      const { scope } = callerOf(request);
      const seen = [...situation.incidents.open()].filter((one) => isInScope(scope, one.place.venueId));
      return { people: handlersOf(accounts.people(), seen, place.venueId) };
    },
  );
}

import { Instant, Mapping, MappingSet } from '@fengsui/protocol';
import { Type } from 'typebox';
import { readParsed } from '../../intake/foreign/read-message.ts';
import { addMappedDevices, addVariant, putMapping } from '../../registry/foreign-desk.ts';
import type { KeptMapping } from '../../registry/foreign-sources.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { MAPPING_BODY_BYTES, mappingOf, SourceId, Statement, statementView, Unread } from '../foreign-views.ts';
import { sourceInScope } from '../in-scope.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const SourceMapping = Type.Object({
  sourceId: Type.String(),
  version: Type.Integer(),
  putAt: Instant,
  putBy: Type.String(),
  mapping: Type.Union([Mapping, MappingSet]),
});

/** How the messages of foreign sources are read. */
export function mappingRoutes(api: Api, { situation, registryDesk }: ApiContext): void {
  const { registry } = situation;
  const access = 'foreign.manage' as const;
  const tags = ['foreign'];

  api.get(
    '/api/v1/mappings/:source',
    {
      config: { access },
      schema: {
        summary: 'The mapping in use',
        tags,
        params: SourceId,
        response: { 200: SourceMapping, default: Problem },
      },
    },
    async (request) => {
      const { id } = sourceInScope(registry, callerOf(request).scope, request.params.source);
      const kept = registry.foreign.mapping(id);
      if (kept === undefined) throw notFound(`a mapping of source ${id}`);
      return mappingView(kept);
    },
  );

  api.put(
    '/api/v1/mappings/:source',
    {
      config: { access },
      bodyLimit: MAPPING_BODY_BYTES,
      schema: {
        summary: 'Put the next version of a mapping',
        description: 'The body is the mapping. What waits is read by it when asked: POST /api/v1/inbox/replay.',
        tags,
        params: SourceId,
        body: Type.Unknown(),
        response: { 200: SourceMapping, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      return mappingView(await orProblem(putMapping(registryDesk, id, mappingOf(request.body), username)));
    },
  );

  api.post(
    '/api/v1/mappings/try',
    {
      config: { access },
      bodyLimit: MAPPING_BODY_BYTES,
      schema: {
        summary: 'What a mapping makes of a message; nothing is kept',
        tags,
        body: Type.Object(
          {
            mapping: Type.Unknown(),
            body: Type.Unknown({ description: 'the message, as JSON' }),
            topic: Type.Optional(Type.String({ maxLength: 1024, description: 'of MQTT' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            statements: Type.Array(Statement),
            unmapped: Type.Array(Unread),
            unmappedCount: Type.Integer(),
            warnings: Type.Array(Type.String()),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const venues = scope.venues === 'all' ? {} : { venueIds: scope.venues };
      const { mapping, body, topic } = request.body;
      const message = { json: { value: body }, ...(topic !== undefined && { topic }) };
      const read = readParsed(registry, venues, mappingOf(mapping), message);
      const { waiting, waitingCount, warnings } = read;
      return {
        statements: read.statements.map(({ statement }) => statementView(statement)),
        unmapped: [...waiting],
        unmappedCount: waitingCount,
        warnings: [...warnings],
      };
    },
  );

  api.post(
    '/api/v1/mappings/:source/variants',
    {
      config: { access },
      bodyLimit: MAPPING_BODY_BYTES,
      schema: {
        summary: 'Put one more mapping in front of those the source has, in place of one of the same name',
        tags,
        params: SourceId,
        body: Type.Unknown(),
        response: { 200: SourceMapping, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      const variant = mappingOf(request.body);
      if ('variants' in variant) throw new ApiError(422, 'invalidMapping', 'variants: expected a single mapping');
      return mappingView(await orProblem(addVariant(registryDesk, id, variant, username)));
    },
  );

  api.post(
    '/api/v1/mappings/:source/devices',
    {
      config: { access },
      schema: {
        summary: 'Add devices to the tables of the mapping in use',
        tags,
        params: SourceId,
        body: Type.Object(
          {
            devices: Type.Record(Type.String({ minLength: 1, maxLength: 128 }), Type.String({ maxLength: 64 }), {
              maxProperties: 1000,
              description: 'the platform’s id → ours',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 200: SourceMapping, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      return mappingView(await orProblem(addMappedDevices(registryDesk, id, request.body.devices, username)));
    },
  );
}

const mappingView = ({ putAt, ...kept }: KeptMapping) => ({ ...kept, putAt: new Date(putAt).toISOString() });

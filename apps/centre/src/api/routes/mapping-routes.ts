import { Instant, Mapping, readMapping, unmappedReasons } from '@fengsui/protocol';
import { Type } from 'typebox';
import { ForeignInbox, type WaitingMessage } from '../../intake/foreign/inbox.ts';
import { readParsed } from '../../intake/foreign/read-message.ts';
import { putMapping } from '../../registry/foreign-desk.ts';
import { isSourceInScope, type ForeignSource, type KeptMapping } from '../../registry/foreign-sources.ts';
import type { Scope } from '../../registry/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const APPLIED_TIMEOUT_MS = 10_000;
/** A table of 20,000 devices. */
const MAPPING_BODY_BYTES = 2 * 1024 * 1024;
const SourceId = Type.Object({ source: Type.String({ maxLength: 128 }) });
const InboxId = Type.Object({ id: Type.String({ maxLength: 64 }) });

const Unread = Type.Object({
  report: Type.Optional(Type.Integer({ description: 'number of the report in the message, from 0' })),
  field: Type.String({ description: 'path of the mapping that met it' }),
  reason: Type.String({
    description: `notJson, noMapping, unknownDevice, revokedDevice, retiredDevice, ${unmappedReasons.join(', ')}`,
  }),
  value: Type.String({ description: 'what was found, shortened' }),
});

const Waiting = {
  id: Type.String(),
  sourceId: Type.String(),
  receivedAt: Instant,
  count: Type.Integer({ description: 'how often the same message came' }),
  bytes: Type.Integer(),
  unmapped: Type.Array(Unread, { description: 'the first 20' }),
  unmappedCount: Type.Integer(),
};
const InboxMessage = Type.Object(Waiting);
const InboxMessageWithBody = Type.Object({
  ...Waiting,
  text: Type.Optional(Type.String({ description: 'the message, when it is UTF-8' })),
  payloadBase64: Type.Optional(Type.String({ description: 'the message, when it is not' })),
});

const SourceMapping = Type.Object({
  sourceId: Type.String(),
  version: Type.Integer(),
  putAt: Instant,
  putBy: Type.String(),
  mapping: Mapping,
});

const Source = Type.Object({
  id: Type.String(),
  venueIds: Type.Optional(Type.Array(Type.String(), { description: 'it speaks for devices of these; absent = all' })),
  createdAt: Instant,
  revokedAt: Type.Optional(Instant),
  mappingVersion: Type.Optional(Type.Integer()),
});

const Statement = Type.Object({
  kind: Type.String({ description: 'values or condition' }),
  deviceId: Type.String(),
  at: Type.Optional(Type.Integer({ description: 'epoch milliseconds' })),
  key: Type.Optional(Type.String()),
  values: Type.Optional(Type.Record(Type.String(), Type.Number())),
  eventKind: Type.Optional(Type.String()),
  point: Type.Optional(Type.String()),
  level: Type.Optional(Type.String()),
  active: Type.Optional(Type.Boolean()),
});

/** Foreign sources, how their messages are read, and those that nobody can read yet. */
export function mappingRoutes(api: Api, { store, journal, situation, clock, worker, registryDesk }: ApiContext): void {
  const { registry } = situation;
  const inbox = new ForeignInbox({ store, journal, registry, clock });
  const access = 'foreign.manage' as const;
  const tags = ['foreign'];

  const findSource = (scope: Scope, id: string): ForeignSource => {
    const source = registry.foreign.source(id);
    if (source === undefined || !isSourceInScope(scope, source)) throw notFound(`source ${id}`);
    return source;
  };
  const findMessage = async (scope: Scope, id: string) => {
    const found = await inbox.find(sourceIdsOf(scope), id);
    if (found === undefined) throw notFound(`message ${id}`);
    return found;
  };
  const sourceIdsOf = (scope: Scope): readonly string[] => registry.foreign.sources(scope).map(({ id }) => id);
  /** What the answer says can be seen by who asks next. */
  const untilApplied = async (): Promise<void> => {
    for (const lane of ['alarm', 'bulk'] as const)
      await worker.reached(lane, journal.lastSequence(lane), APPLIED_TIMEOUT_MS);
  };

  api.get(
    '/api/v1/sources',
    {
      config: { access },
      schema: {
        summary: 'Foreign platforms whose venues are all in scope',
        tags,
        response: { 200: Type.Object({ items: Type.Array(Source) }), default: Problem },
      },
    },
    async (request) => ({
      items: registry.foreign.sources(callerOf(request).scope).map(({ id, venueIds, createdAt, revokedAt }) => {
        const version = registry.foreign.mapping(id)?.version;
        return {
          id,
          ...(venueIds !== undefined && { venueIds: [...venueIds] }),
          createdAt: new Date(createdAt).toISOString(),
          ...(revokedAt !== undefined && { revokedAt: new Date(revokedAt).toISOString() }),
          ...(version !== undefined && { mappingVersion: version }),
        };
      }),
    }),
  );

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
      const { id } = findSource(callerOf(request).scope, request.params.source);
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
      const { id } = findSource(scope, request.params.source);
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
          { mapping: Type.Unknown(), body: Type.Unknown({ description: 'the message, as JSON' }) },
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
      const read = readParsed(registry, venues, mappingOf(request.body.mapping), request.body.body);
      const statements = read.statements.map(({ statement }) =>
        statement.kind === 'values' ? { ...statement, values: { ...statement.values } } : statement,
      );
      const { waiting, waitingCount, warnings } = read;
      return { statements, unmapped: [...waiting], unmappedCount: waitingCount, warnings: [...warnings] };
    },
  );

  api.get(
    '/api/v1/inbox',
    {
      config: { access },
      schema: {
        summary: 'Messages of foreign platforms that could not be read, newest first',
        tags,
        querystring: Type.Object({
          source: Type.Optional(Type.String({ maxLength: 128 })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: {
          200: Type.Object({ items: Type.Array(InboxMessage), nextCursor: Type.Optional(Type.String()) }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { source, limit = DEFAULT_LIMIT, cursor } = request.query;
      const sourceIds = sourceIdsOf(callerOf(request).scope).filter((id) => source === undefined || id === source);
      const position = cursor === undefined ? undefined : decodeCursor(cursor, ['number', 'string']);
      const before =
        position === undefined ? undefined : { receivedAt: position[0] as number, id: position[1] as string };
      const found = await inbox.list(sourceIds, limit + 1, before);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const isMore = found.length > limit && last !== undefined;
      return {
        items: items.map(messageView),
        ...(isMore && { nextCursor: encodeCursor([last.receivedAt, last.id]) }),
      };
    },
  );

  api.get(
    '/api/v1/inbox/:id',
    {
      config: { access },
      schema: {
        summary: 'One waiting message as it came',
        tags,
        params: InboxId,
        response: { 200: InboxMessageWithBody, default: Problem },
      },
    },
    async (request) => {
      const { body, ...message } = await findMessage(callerOf(request).scope, request.params.id);
      return { ...messageView(message), ...bodyView(body) };
    },
  );

  api.delete(
    '/api/v1/inbox/:id',
    {
      config: { access },
      schema: {
        summary: 'Throw a waiting message away',
        tags,
        params: InboxId,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await inbox.discard(await findMessage(callerOf(request).scope, request.params.id));
      await untilApplied();
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/v1/inbox/replay',
    {
      config: { access },
      schema: {
        summary: 'Read what waits of a source once more; its reports are marked late',
        tags,
        body: Type.Object({ source: Type.String({ maxLength: 128 }) }, { additionalProperties: false }),
        response: {
          200: Type.Object({
            messages: Type.Integer({ description: 'that waited' }),
            mapped: Type.Integer({ description: 'statements that became reports' }),
            settled: Type.Integer({ description: 'messages of which nothing waits any more' }),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const outcome = await inbox.replay(findSource(callerOf(request).scope, request.body.source));
      await untilApplied();
      return outcome;
    },
  );
}

function mappingOf(document: unknown): Mapping {
  const read = readMapping(document);
  if (read.kind === 'mapping') return read.mapping;
  throw new ApiError(422, 'invalidMapping', read.problems.join('; '));
}

const mappingView = ({ putAt, ...kept }: KeptMapping) => ({ ...kept, putAt: new Date(putAt).toISOString() });

const messageView = ({ receivedAt, unmapped, ...message }: WaitingMessage) => ({
  ...message,
  unmapped: [...unmapped],
  receivedAt: new Date(receivedAt).toISOString(),
});

function bodyView(body: Uint8Array): { readonly text: string } | { readonly payloadBase64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body) };
  } catch {
    return { payloadBase64: Buffer.from(body).toString('base64') };
  }
}

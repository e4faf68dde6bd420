import { InboxGroup, Instant } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import { ForeignInbox, type WaitingMessage } from '../../intake/foreign/inbox.ts';
import { readMessage } from '../../intake/foreign/read-message.ts';
import type { Scope } from '../../access/scope.ts';
import { INBOX_MESSAGES } from '../../situation/commit/foreign-steps.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { MAPPING_BODY_BYTES, mappingOf, Statement, statementView, Unread } from '../foreign-views.ts';
import { sourceInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';

const APPLIED_TIMEOUT_MS = 10_000;
const GroupId = Type.Object({ source: Type.String({ maxLength: 128 }), shape: Type.String({ maxLength: 64 }) });
const SHOWN_OF_GROUP = 50;
const SHOWN_BYTES = 1024 * 1024;
const TRIED_LISTED = 50;
const InboxId = Type.Object({ id: Type.String({ maxLength: 64 }) });

const Waiting = {
  id: Type.String(),
  sourceId: Type.String(),
  receivedAt: Instant,
  count: Type.Integer({ description: 'how often the same message came' }),
  bytes: Type.Integer(),
  unmapped: Type.Array(Unread, { description: 'the first 20' }),
  unmappedCount: Type.Integer(),
  topic: Type.Optional(Type.String({ description: 'of MQTT' })),
  shape: Type.Optional(Type.String({ description: 'messages of one shape are one group' })),
};
const InboxMessage = Type.Object(Waiting);
const InboxMessageWithBody = Type.Object({
  ...Waiting,
  text: Type.Optional(Type.String({ description: 'the message, when it is UTF-8' })),
  payloadBase64: Type.Optional(Type.String({ description: 'the message, when it is not' })),
});

/** Messages of foreign platforms that nobody can read yet: in groups, tried, read once more. */
export function inboxRoutes(api: Api, { store, journal, situation, clock, worker }: ApiContext): void {
  const { registry } = situation;
  const inbox = new ForeignInbox({ store, journal, registry, clock });
  const access = 'foreign.manage' as const;
  const tags = ['foreign'];

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
    '/api/v1/inbox/groups',
    {
      config: { access },
      schema: {
        summary: 'Waiting messages by source and shape, the newest group first',
        tags,
        querystring: Type.Object({ source: Type.Optional(Type.String({ maxLength: 128 })) }),
        response: { 200: Type.Object({ items: Type.Array(InboxGroup) }), default: Problem },
      },
    },
    async (request) => {
      const { source } = request.query;
      const sourceIds = sourceIdsOf(callerOf(request).scope).filter((id) => source === undefined || id === source);
      const groups = await inbox.groups(sourceIds);
      return {
        items: groups.map(({ firstAt, newestAt, reasons, ...group }) => ({
          ...group,
          firstAt: new Date(firstAt).toISOString(),
          newestAt: new Date(newestAt).toISOString(),
          reasons: [...reasons],
        })),
      };
    },
  );

  api.get(
    '/api/v1/inbox/groups/:source/:shape',
    {
      config: { access },
      schema: {
        summary: 'The newest messages of a group as they came',
        tags,
        params: GroupId,
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                id: Type.String(),
                receivedAt: Instant,
                topic: Type.Optional(Type.String()),
                text: Type.Optional(Type.String()),
                payloadBase64: Type.Optional(Type.String()),
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { id } = sourceInScope(registry, callerOf(request).scope, request.params.source);
      const items = [];
      let bytes = 0;
      for (const { body, receivedAt, ...message } of await inbox.bodies(id, request.params.shape, SHOWN_OF_GROUP)) {
        bytes += body.byteLength;
        if (bytes > SHOWN_BYTES && items.length > 0) break;
        items.push({ ...message, receivedAt: new Date(receivedAt).toISOString(), ...bodyView(body) });
      }
      return { items };
    },
  );

  api.post(
    '/api/v1/inbox/try',
    {
      config: { access },
      bodyLimit: MAPPING_BODY_BYTES,
      schema: {
        summary: 'What a mapping would make of all waiting messages of a group; nothing is kept',
        tags,
        body: Type.Object(
          { source: Type.String({ maxLength: 128 }), shape: Type.String({ maxLength: 64 }), mapping: Type.Unknown() },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            messages: Type.Integer(),
            read: Type.Integer({ description: 'messages of which nothing would wait any more' }),
            statementCount: Type.Integer(),
            statements: Type.Array(Statement, { description: 'the first 50' }),
            unmapped: Type.Array(Unread, { description: 'the first 50' }),
            unmappedCount: Type.Integer(),
            warnings: Type.Array(Type.String()),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { source: sourceId, shape, mapping: document } = request.body;
      const source = sourceInScope(registry, callerOf(request).scope, sourceId);
      const mapping = mappingOf(document);
      const statements: Static<typeof Statement>[] = [];
      const unmapped: Static<typeof Unread>[] = [];
      const warnings = new Set<string>();
      const sum = { messages: 0, read: 0, statementCount: 0, unmappedCount: 0 };
      for (const { body, topic } of await inbox.bodies(source.id, shape, INBOX_MESSAGES)) {
        const one = readMessage(registry, source, mapping, body, topic);
        sum.messages++;
        if (one.waitingCount === 0) sum.read++;
        sum.statementCount += one.statements.length;
        sum.unmappedCount += one.waitingCount;
        for (const { statement } of one.statements)
          if (statements.length < TRIED_LISTED) statements.push(statementView(statement));
        for (const part of one.waiting) if (unmapped.length < TRIED_LISTED) unmapped.push(part);
        for (const warning of one.warnings) if (warnings.size < TRIED_LISTED) warnings.add(warning);
      }
      return { ...sum, statements, unmapped, warnings: [...warnings] };
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
      const outcome = await inbox.replay(sourceInScope(registry, callerOf(request).scope, request.body.source));
      await untilApplied();
      return outcome;
    },
  );
}

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

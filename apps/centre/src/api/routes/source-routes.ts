import { NewSource, Source, SourceChange } from '@fengsui/protocol';
import { Type } from 'typebox';
import { ForeignInbox } from '../../intake/foreign/inbox.ts';
import { changeSource, createSource, renewSourceSecret, revokeSource } from '../../registry/foreign-desk.ts';
import { kindOf, type ForeignSource } from '../../registry/foreign-sources.ts';
import { isInScope } from '../../access/scope.ts';
import { bearerOf } from '../../situation/foreign/foreign-state.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { SourceId } from '../foreign-views.ts';
import { sourceInScope } from '../in-scope.ts';
import { ApiError, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const BODY_BYTES = 256 * 1024;
const Secret = Type.Object({
  sourceId: Type.String(),
  secret: Type.Optional(Type.String({ description: 'shown this once; none for an outside broker' })),
});

/** Foreign platforms: who they are, how they reach us or we them, and how that stands. Secrets are written, never read. */
export function sourceRoutes(api: Api, context: ApiContext): void {
  const { store, journal, situation, clock, registryDesk, foreign } = context;
  const { registry } = situation;
  const inbox = new ForeignInbox({ store, journal, registry, clock });
  const access = 'foreign.manage' as const;
  const tags = ['foreign'];

  const view = (source: ForeignSource, waiting: number): Source => {
    const kind = kindOf(source);
    const state = situation.foreignStates.get(source.id);
    const heardAt = Math.max(foreign?.reception.heardAt(source.id) ?? 0, state?.lastMessageAt ?? 0);
    const version = registry.foreign.mapping(source.id)?.version;
    const { name, topics, broker, awayFaultMs, venueIds, createdBy, changedAt, changedBy, revokedAt } = source;
    const isFault =
      situation.condition(`${bearerOf(source.id)}//sourceAway`)?.condition.sources['centre'] !== undefined;
    return {
      id: source.id,
      kind,
      ...(name !== undefined && { name }),
      ...(kind === 'httpPush' && { scheme: source.scheme ?? 'fengsui' }),
      ...(topics !== undefined && { topics: [...topics] }),
      ...(broker !== undefined && { broker: brokerView(broker) }),
      ...(awayFaultMs !== undefined && { awayFaultMinutes: Math.round(awayFaultMs / 60_000) }),
      ...(venueIds !== undefined && { venueIds: [...venueIds] }),
      createdAt: instant(source.createdAt),
      ...(createdBy !== undefined && { createdBy }),
      ...(changedAt !== undefined && { changedAt: instant(changedAt) }),
      ...(changedBy !== undefined && { changedBy }),
      ...(revokedAt !== undefined && { revokedAt: instant(revokedAt) }),
      ...(version !== undefined && { mappingVersion: version }),
      waiting,
      ...(heardAt > 0 && { lastMessageAt: instant(heardAt) }),
      ...(state?.link !== undefined && {
        link: { ...state.link, since: instant(state.link.since), isFault },
      }),
      ...(kind === 'mqttTopic' && { sessions: foreign?.sessionsOf(source.id) ?? 0 }),
    };
  };

  api.get(
    '/api/v1/sources',
    {
      config: { access },
      schema: {
        summary: 'Foreign platforms whose venues are all in scope, and how they stand',
        tags,
        response: { 200: Type.Object({ items: Type.Array(Source) }), default: Problem },
      },
    },
    async (request) => {
      const sources = registry.foreign.sources(callerOf(request).scope);
      const counts = await inbox.counts(sources.map(({ id }) => id));
      return { items: sources.map((source) => view(source, counts.get(source.id) ?? 0)) };
    },
  );

  api.post(
    '/api/v1/sources',
    {
      config: { access },
      bodyLimit: BODY_BYTES,
      schema: {
        summary: 'Register a foreign platform: pushes by HTTP, topics at our MQTT door, or an outside broker',
        description: 'docs/reference/mapping.md#a-source',
        tags,
        body: NewSource,
        response: { 201: Secret, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { venueIds } = request.body;
      // Who is bound to venues makes no source that speaks for others.
      if (scope.venues !== 'all' && (venueIds === undefined || !venueIds.every((id) => isInScope(scope, id))))
        throw new ApiError(
          422,
          'unknownVenue',
          'venueIds: expected venues of yours; a source without them speaks for all',
        );
      return reply.code(201).send(await orProblem(createSource(registryDesk, request.body, username)));
    },
  );

  api.put(
    '/api/v1/sources/:source',
    {
      config: { access },
      bodyLimit: BODY_BYTES,
      schema: {
        summary: 'Change name, topics or broker; a broker’s password that is not given stays',
        tags,
        params: SourceId,
        body: SourceChange,
        response: { 200: Source, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      await orProblem(changeSource(registryDesk, id, request.body, username));
      return view(sourceInScope(registry, scope, id), (await inbox.counts([id])).get(id) ?? 0);
    },
  );

  api.post(
    '/api/v1/sources/:source/secret',
    {
      config: { access },
      schema: {
        summary: 'A new secret, shown this once; the old one ends at once',
        tags,
        params: SourceId,
        response: { 200: Secret, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      return orProblem(renewSourceSecret(registryDesk, id, username));
    },
  );

  api.post(
    '/api/v1/sources/:source/revoke',
    {
      config: { access },
      schema: {
        summary: 'Take nothing from the source any more; what waits of it stays',
        tags,
        params: SourceId,
        response: { 200: Source, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = sourceInScope(registry, scope, request.params.source);
      await orProblem(revokeSource(registryDesk, id, username));
      return view(sourceInScope(registry, scope, id), (await inbox.counts([id])).get(id) ?? 0);
    },
  );
}

const instant = (at: number): string => new Date(at).toISOString();

const brokerView = ({ url, clientId, username, password, ca }: NonNullable<ForeignSource['broker']>) => ({
  url,
  clientId,
  ...(username !== undefined && { username }),
  hasPassword: password !== undefined,
  hasCa: ca !== undefined,
});

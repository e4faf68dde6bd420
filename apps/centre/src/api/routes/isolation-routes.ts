import { randomUUID } from 'node:crypto';
import { categories } from '@fengsui/alarm';
import { canonicalJson, FireWatch, Isolation, isolationKinds, IsolationReach, oneOf, page } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { isInScope } from '../../access/scope.ts';
import { reachOf } from '../../isolation/apply-isolation.ts';
import type { IsolationAct, IsolationActMeta } from '../../isolation/isolation-act.ts';
import { isolationView } from '../../isolation/isolation-view.ts';
import type { IsolationTarget, KeptIsolation } from '../../isolation/kept-isolation.ts';
import { findIsolation, listIsolations } from '../../isolation/read-isolations.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const strict = { additionalProperties: false } as const;
const tags = ['isolations'];
const Id = Type.String({ minLength: 1, maxLength: 64 });
const ById = Type.Object({ id: Id });
const Target = {
  venueId: Id,
  areaId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'with everything below it' })),
  deviceId: Type.Optional(Id),
} as const;
const Asked = Type.Object(
  {
    ...Target,
    kind: oneOf(isolationKinds),
    categories: Type.Optional(Type.Array(oneOf(categories), { minItems: 1, uniqueItems: true })),
    until: Type.String({ format: 'date-time', description: 'isolated: at most 24 h from now; onTest: 8 h' }),
    reason: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }),
    fireWatch: Type.Optional(FireWatch),
  },
  strict,
);

/** What rings nobody for a bounded time: docs/reference/isolation.md. */
export function isolationRoutes(api: Api, context: ApiContext): void {
  const { situation, store } = context;
  const view = (request: FastifyRequest, isolation: KeptIsolation): Isolation =>
    isolationView(situation, isolation, { mayReadContacts: callerOf(request).permissions.has('contact.read') });
  const needVenue = (request: FastifyRequest, venueId: string): void => {
    if (situation.registry.venue(venueId) === undefined || !isInScope(callerOf(request).scope, venueId))
      throw notFound(`venue ${venueId}`);
  };
  /** What this process knows of it, which is never older than the store. */
  const find = async (request: FastifyRequest, id: string): Promise<KeptIsolation> => {
    const found = await findIsolation(callerOf(request).scope, store, id);
    if (found === undefined) throw notFound(`isolation ${id}`);
    request.auditVenueId = found.place.venueId;
    return situation.isolations.of(found.place.venueId, id) ?? found;
  };
  const perform = async (request: FastifyRequest, venueId: string, given: IsolationAct): Promise<Isolation> => {
    const act = JSON.parse(storableJson(given)) as IsolationAct;
    const meta: IsolationActMeta = {
      actId: requestIdOf(request) ?? randomUUID(),
      venueId,
      by: callerOf(request).username,
      at: context.clock.now(),
      isIsolation: true,
      act,
    };
    const wanted = canonicalJson(act);
    const outcome = await awaitAct(context, meta, (stored) => canonicalJson(stored) === wanted);
    if (outcome.kind !== 'isolated') throw new Error(`the act became ${outcome.kind}`);
    return view(request, outcome.isolation);
  };

  api.get(
    '/api/v1/isolations',
    {
      config: { access: 'alarm.read' },
      schema: {
        summary: 'Isolations and tests: those asked for and active, or all that ever were, newest first',
        tags,
        querystring: Type.Object({
          venueId: Type.Optional(Id),
          open: Type.Optional(Type.Boolean({ description: 'only those asked for or active' })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Isolation), default: Problem },
      },
    },
    async (request) => {
      const { venueId, open, limit = DEFAULT_LIMIT, cursor } = request.query;
      const { scope } = callerOf(request);
      if (open === true) {
        const items = situation.isolations
          .open()
          .filter(({ place }) => isInScope(scope, place.venueId) && (venueId ?? place.venueId) === place.venueId)
          .sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1));
        return { items: items.map((isolation) => view(request, isolation)) };
      }
      const after = cursor === undefined ? undefined : (decodeCursor(cursor, ['number', 'string']) as [number, string]);
      const found = await listIsolations(scope, store, {
        ...(venueId !== undefined && { venueId }),
        ...(after !== undefined && { after }),
        limit: limit + 1,
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map((isolation) => view(request, isolation)),
        ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor([last.askedAt, last.id]) }),
      };
    },
  );

  api.get(
    '/api/v1/venues/:id/isolation-reach',
    {
      config: { access: 'registry.read' },
      schema: {
        summary: 'How many devices an isolation of this target would reach, and whether it takes two people',
        tags,
        params: ById,
        querystring: Type.Object({ areaId: Type.Optional(Id), deviceId: Type.Optional(Id) }),
        response: { 200: IsolationReach, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      needVenue(request, id);
      const { devices, lifeSafety } = reachOf(situation.registry, id, targetOf(request.query));
      return { detectorCount: devices.length, lifeSafetyCount: lifeSafety.length };
    },
  );

  api.post(
    '/api/v1/isolations',
    {
      config: { access: 'isolation.ask' },
      schema: {
        summary: 'Isolate a venue, an area or a device, or set it on test',
        description:
          'It begins at once, or, where it holds detectors that lives depend on, when another person has approved it. It ' +
          'ends by itself; what is still active then is raised anew.',
        tags,
        headers: IdempotencyKey,
        body: Asked,
        response: { 201: Isolation, default: Problem },
      },
    },
    async (request, reply) => {
      const { venueId, kind, categories: wanted, until, reason, fireWatch } = request.body;
      needVenue(request, venueId);
      const act: IsolationAct = {
        kind: 'ask',
        target: targetOf(request.body),
        isolation: kind,
        ...(wanted !== undefined && { categories: wanted }),
        until: Date.parse(until),
        reason,
        ...(fireWatch !== undefined && { fireWatch }),
      };
      return reply.code(201).send(await perform(request, venueId, act));
    },
  );

  api.post(
    '/api/v1/isolations/:id/approve',
    {
      config: { access: 'isolation.approve', fresh: true },
      schema: {
        summary: 'Approve what another person asked for: it begins',
        tags,
        params: ById,
        headers: IdempotencyKey,
        response: { 200: Isolation, default: Problem },
      },
    },
    async (request) => {
      const isolation = await find(request, request.params.id);
      if (callerOf(request).csrfToken === undefined)
        throw new ApiError(403, 'sessionNeeded', 'a person approves, logged in with an own account; a token cannot');
      return perform(request, isolation.place.venueId, { kind: 'approve', isolationId: isolation.id });
    },
  );

  api.post(
    '/api/v1/isolations/:id/end',
    {
      config: { access: 'isolation.ask' },
      schema: {
        summary: 'End one at once, or withdraw what was asked for',
        tags,
        params: ById,
        headers: IdempotencyKey,
        response: { 200: Isolation, default: Problem },
      },
    },
    async (request) => {
      const isolation = await find(request, request.params.id);
      return perform(request, isolation.place.venueId, { kind: 'end', isolationId: isolation.id });
    },
  );
}

function targetOf({ areaId, deviceId }: Pick<Static<typeof Asked>, 'areaId' | 'deviceId'>): IsolationTarget {
  if (areaId !== undefined && deviceId !== undefined)
    throw new ApiError(422, 'invalidTarget', 'areaId and deviceId: expected one of them, or none for the whole venue');
  return { ...(areaId !== undefined && { areaId }), ...(deviceId !== undefined && { deviceId }) };
}

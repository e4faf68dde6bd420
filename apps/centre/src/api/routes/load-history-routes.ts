import { LoadHistoryErasure, LoadHistoryReason, page, type Role } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Caller } from '../../access/callers.ts';
import { eraseLoadHistory } from '../../record/load-history-erasure.ts';
import { giveReason, holdsReason, listReasons } from '../../record/load-history-reasons.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { venueInScope } from '../in-scope.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { ApiError, Problem } from '../problem.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 128 }) });
const path = '/api/v1/venues/:id/load-history-reasons';
/** Of one request; what is left is deleted by the next. */
const ERASE_MS = 20_000;

/** Whose venue it is, and machines under contract, which no reason could be asked of; their reading is audited. */
const NEED_NO_REASON: ReadonlySet<Role> = new Set(['venueManager', 'integrator']);

/** What is switched on and off when shows how people live: staff say why they look, and the owner reads who did. */
export function loadHistoryRoutes(api: Api, { store, situation: { registry }, clock }: ApiContext): void {
  api.post(
    path,
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Say why one looks at load histories of a venue; for half an hour they are shown',
        tags: ['events'],
        params: ById,
        body: Type.Object({
          reason: Type.String({ minLength: 4, maxLength: 500, pattern: '\\S\\s*\\S\\s*\\S\\s*\\S' }),
        }),
        response: { 201: LoadHistoryReason, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username, role } = callerOf(request);
      const venue = venueInScope(registry, scope, request.params.id);
      // A wall is seen by whoever walks past.
      if (role === 'display') throw new ApiError(403, 'forbidden', 'role display sees no load histories');
      const { reason } = request.body;
      const given = await giveReason(store, { venueId: venue.id, by: username, role, reason, at: clock.now() });
      return reply.code(201).send(given);
    },
  );

  api.get(
    path,
    {
      config: { access: 'privacy.read' },
      schema: {
        summary: 'Who looked at load histories of the venue, and why; newest first',
        tags: ['events'],
        params: ById,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('LoadHistoryReason')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const venue = venueInScope(registry, callerOf(request).scope, request.params.id);
      const before =
        cursor === undefined ? undefined : (decodeCursor(cursor, ['number', 'string']) as [number, string]);
      const found = await listReasons(store, venue.id, before, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { items, ...(hasMore && { nextCursor: encodeCursor([Date.parse(last.at), last.id]) }) };
    },
  );

  api.post(
    '/api/v1/venues/:id/load-history-erasures',
    {
      config: { access: 'privacy.erase', fresh: true },
      schema: {
        summary: 'Delete when which load of the venue was switched; alarms, hazards and what an alarm names stay',
        tags: ['events'],
        params: ById,
        response: { 200: LoadHistoryErasure, default: Problem },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const venue = venueInScope(registry, caller.scope, request.params.id);
      if (caller.csrfToken === undefined)
        throw new ApiError(403, 'sessionNeeded', 'a person deletes, logged in with an own account; a token cannot');
      const devices = [...registry.allDevices()].filter(({ venueId }) => venueId === venue.id).map(({ id }) => id);
      const until = performance.now() + ERASE_MS;
      return eraseLoadHistory(store, venue.id, devices, () => performance.now() >= until);
    },
  );
}

/** Whether the caller may see when which load was switched on this device. In a simulated venue nobody lives. */
export async function maySeeLoadHistory(
  { store, clock }: ApiContext,
  { role, username }: Caller,
  { venueId, origin }: Pick<DeviceRecord, 'venueId' | 'origin'>,
): Promise<boolean> {
  if (origin === 'simulated' || NEED_NO_REASON.has(role)) return true;
  return role !== 'display' && (await holdsReason(store, username, venueId, clock.now()));
}

import { page } from '@fengsui/protocol';
import { Type } from 'typebox';
import { listLateHazards, listQuarantine, type Positioned, type QualityQuery } from '../../record/report-quality.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { Problem } from '../problem.ts';

const Query = Type.Object({ deviceId: Type.Optional(Type.String({ maxLength: 64 })), limit: Limit, cursor: Cursor });

/** What is wrong with what devices send: nothing that was acknowledged disappears in silence. */
export function qualityRoutes(api: Api, { store }: ApiContext): void {
  api.get(
    '/api/v1/quarantine',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Messages that could not be used, with the reason, newest first',
        tags: ['quality'],
        querystring: Query,
        response: { 200: page(Type.Ref('QuarantinedMessage')), default: Problem },
      },
    },
    async (request) =>
      pageByReceipt(await listQuarantine(callerOf(request).scope, store, queryOf(request.query)), request.query.limit),
  );

  api.get(
    '/api/v1/late-hazards',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'Limits exceeded by reports that arrived too late to raise, newest first',
        tags: ['quality'],
        querystring: Query,
        response: { 200: page(Type.Ref('LateHazard')), default: Problem },
      },
    },
    async (request) =>
      pageByReceipt(await listLateHazards(callerOf(request).scope, store, queryOf(request.query)), request.query.limit),
  );
}

function queryOf({
  deviceId,
  limit = DEFAULT_LIMIT,
  cursor,
}: {
  deviceId?: string;
  limit?: number;
  cursor?: string;
}): QualityQuery {
  const before = cursor === undefined ? undefined : (decodeCursor(cursor, ['number', 'number']) as [number, number]);
  return { limit: limit + 1, ...(deviceId !== undefined && { deviceId }), ...(before !== undefined && { before }) };
}

function pageByReceipt<Item>(
  found: readonly Positioned<Item>[],
  limit = DEFAULT_LIMIT,
): { items: Item[]; nextCursor?: string } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items: shown.map(({ item }) => item), ...(hasMore && { nextCursor: encodeCursor(last.position) }) };
}

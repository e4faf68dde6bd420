import { Readable } from 'node:stream';
import { AuditHead, auditResults, oneOf, page, type AuditRecord } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import { auditCsv } from '../../audit/audit-csv.ts';
import type { AuditRow } from '../../audit/audit-row.ts';
import { chainHead, listAudit, type AuditFilter } from '../../audit/read-audit.ts';
import { lastStamp } from '../../audit/stamp-rows.ts';
import { withOffset } from '../../platform/zone-offset.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseInstant } from '../parameters.ts';
import { Problem } from '../problem.ts';

const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const filters = {
  by: Text,
  act: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the beginning of it' })),
  venueId: Text,
  result: Type.Optional(oneOf(auditResults)),
  from: Type.Optional(Type.String({ description: 'ISO 8601 with offset or epoch ms' })),
  to: Type.Optional(Type.String({ description: 'exclusive' })),
};
const Filters = Type.Object(filters);

type Served = Pick<ApiContext, 'store' | 'auditInspection' | 'auditCare' | 'log'>;

/** Who did what, for the auditor. That he read it is a row as well. */
export function auditRoutes(api: Api, context: Served): void {
  const { store, auditInspection, log } = context;

  api.get(
    '/api/v1/audit',
    {
      config: { access: 'audit.read', audit: 'read' },
      schema: {
        summary: 'Rows of the audit, newest first',
        tags: ['audit'],
        querystring: Type.Object({ ...filters, limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('AuditRecord')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, ...given } = request.query;
      const before = cursor === undefined ? undefined : (decodeCursor(cursor, ['number'])[0] as number);
      const rows = await listAudit(store, {
        ...filterOf(given),
        ...(before !== undefined && { before }),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const hasMore = rows.length > limit && last !== undefined;
      return { items: shown.map(recordOf), ...(hasMore && { nextCursor: encodeCursor([last.sequence]) }) };
    },
  );

  api.get(
    '/api/v1/audit/export',
    {
      config: { access: 'audit.read', audit: 'read', isExport: true },
      schema: {
        summary: 'Rows of the audit as CSV, newest first, all of them',
        tags: ['audit'],
        querystring: Filters,
        response: {
          200: {
            description: 'CSV in UTF-8',
            content: { 'text/csv': { schema: Type.Unsafe<Readable>(Type.String()) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="audit.csv"')
        .send(Readable.from(auditCsv(store, filterOf(request.query)))),
  );

  api.get(
    '/api/v1/audit/head',
    {
      config: { access: 'audit.read' },
      schema: {
        summary: 'The last row and its hash: kept elsewhere, it shows a tail that was cut off',
        tags: ['audit'],
        response: { 200: AuditHead, default: Problem },
      },
    },
    () => headOf(context),
  );

  api.post(
    '/api/v1/audit/verify',
    {
      config: { access: 'audit.read', isExport: true },
      schema: {
        summary: 'Verify the whole chain; what comes of it is a row, and stands in the head',
        tags: ['audit'],
        response: { 202: AuditHead, default: Problem },
      },
    },
    async (request, reply) => {
      // Of a long chain it takes minutes: nobody waits for it.
      auditInspection
        ?.run(callerOf(request).username)
        .catch((error: unknown) => log.error('audit not verified', { reason: String(error) }));
      return reply.code(202).send(await headOf(context));
    },
  );
}

async function headOf({ store, auditInspection }: Served): Promise<AuditHead> {
  const stamp = await lastStamp(store);
  const verified = await auditInspection?.last();
  const verifying = auditInspection?.readCount;
  return {
    ...(await chainHead(store)),
    attested: stamp === undefined ? 'self' : 'stamped',
    ...(stamp !== undefined && {
      stamp: { sequence: stamp.stamped.sequence, at: new Date(stamp.at).toISOString() },
    }),
    ...(verified !== undefined && {
      verified: {
        at: withOffset(verified.at, verified.zoneOffset),
        isWhole: verified.isWhole,
        count: verified.count,
        sequence: verified.head.sequence,
        ...(verified.broken !== undefined && { brokenAt: verified.broken.sequence }),
      },
    }),
    ...(verifying !== undefined && { verifying }),
  };
}

function filterOf({ from, to, ...filter }: Static<typeof Filters>): Omit<AuditFilter, 'limit'> {
  return {
    ...filter,
    ...(from !== undefined && { from: parseInstant('from', from) }),
    ...(to !== undefined && { to: parseInstant('to', to) }),
  };
}

const recordOf = ({ at, zoneOffset, ...row }: AuditRow): AuditRecord => ({ ...row, at: withOffset(at, zoneOffset) });

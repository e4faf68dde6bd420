import { AuditHead, auditResults, oneOf, page, type AuditRecord } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { AuditRow } from '../../audit/audit-row.ts';
import { chainHead, listAudit } from '../../audit/read-audit.ts';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseInstant } from '../parameters.ts';
import { Problem } from '../problem.ts';

const MINUTE_MS = 60_000;
const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));

/** Who did what, for the auditor. That he read it is a row as well. */
export function auditRoutes(api: Api, { store }: Pick<ApiContext, 'store'>): void {
  api.get(
    '/api/v1/audit',
    {
      config: { access: 'audit.read', audit: 'read' },
      schema: {
        summary: 'Rows of the audit, newest first',
        tags: ['audit'],
        querystring: Type.Object({
          by: Text,
          act: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the beginning of it' })),
          venueId: Text,
          result: Type.Optional(oneOf(auditResults)),
          from: Type.Optional(Type.String({ description: 'ISO 8601 with offset or epoch ms' })),
          to: Type.Optional(Type.String({ description: 'exclusive' })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('AuditRecord')), default: Problem },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, cursor, from, to, ...filter } = request.query;
      const before = cursor === undefined ? undefined : (decodeCursor(cursor, ['number'])[0] as number);
      const rows = await listAudit(store, {
        ...filter,
        ...(from !== undefined && { from: parseInstant('from', from) }),
        ...(to !== undefined && { to: parseInstant('to', to) }),
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
    '/api/v1/audit/head',
    {
      config: { access: 'audit.read' },
      schema: {
        summary: 'The last row and its hash: kept elsewhere, it shows a tail that was cut off',
        tags: ['audit'],
        response: { 200: AuditHead, default: Problem },
      },
    },
    async () => ({ ...(await chainHead(store)), attested: 'self' as const }),
  );
}

const recordOf = ({ at, zoneOffset, ...row }: AuditRow): AuditRecord => ({ ...row, at: withOffset(at, zoneOffset) });

/** `2026-11-23T15:30:00.123+08:00`. */
function withOffset(at: number, offset: string): string {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  if (sign === undefined) return new Date(at).toISOString();
  const shiftMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  return `${new Date(at + shiftMs).toISOString().slice(0, -1)}${offset}`;
}

import type { Store } from '../store/store.ts';
import type { AuditRow } from './audit-row.ts';
import { listAudit, type AuditFilter } from './read-audit.ts';
import { withOffset } from '../platform/zone-offset.ts';

const PAGE_ROWS = 1_000;
const COLUMNS = [
  'sequence',
  'at',
  'by',
  'role',
  'via',
  'from',
  'act',
  'target',
  'venueId',
  'what',
  'result',
  'status',
  'code',
  'requestId',
  'leftOut',
  'hash',
] as const satisfies readonly (keyof AuditRow)[];

/** Rows as CSV (RFC 4180), newest first, page by page. The mark at its beginning tells spreadsheets that it is UTF-8. */
export async function* auditCsv(store: Store, filter: Omit<AuditFilter, 'limit'>): AsyncGenerator<string> {
  yield `\ufeff${COLUMNS.join(',')}\r\n`;
  let { before } = filter;
  for (;;) {
    const rows = await listAudit(store, { ...filter, ...(before !== undefined && { before }), limit: PAGE_ROWS });
    if (rows.length > 0) yield rows.map(csvLine).join('');
    before = rows.at(-1)?.sequence;
    if (before === undefined || rows.length < PAGE_ROWS) return;
  }
}

export function csvLine(row: AuditRow): string {
  const shown = { ...row, at: withOffset(row.at, row.zoneOffset) };
  return `${COLUMNS.map((column) => csvCell(shown[column])).join(',')}\r\n`;
}

/** What a stranger typed as his name shall be no formula in somebody's spreadsheet. */
function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

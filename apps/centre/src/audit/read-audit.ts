import type { SqlValue, Store } from '../store/store.ts';
import { auditColumns, CHAIN_BEGINNING, rowOf, type AuditRow, type ChainHead } from './audit-row.ts';
import { verifyChain, type ChainVerdict } from './verify-chain.ts';

const PAGE_ROWS = 1_000;
/** The act of the row that retention leaves: `what` names the last row that was removed, and its hash. */
export const RETENTION_ACT = 'audit retention';

/** The act of the row that says: the chain has not come through the head that was kept. */
export const HEAD_ACT = 'audit head';

const SELECT = `select ${auditColumns.join(', ')} from audit_row`;

export type AuditFilter = {
  readonly by?: string;
  /** The beginning of it. */
  readonly act?: string;
  readonly venueId?: string;
  readonly result?: string;
  readonly from?: number;
  readonly to?: number;
  /** Only rows before this one. */
  readonly before?: number;
  readonly limit: number;
};

/** Newest first. */
export async function listAudit(store: Store, filter: AuditFilter): Promise<readonly AuditRow[]> {
  const params: SqlValue[] = [];
  const conditions: string[] = [];
  const where = (condition: string, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(condition.replace('?', `$${params.length}`));
  };
  where('by_name = ?::text', filter.by);
  where('starts_with(act, ?::text)', filter.act);
  where('venue_id = ?::text', filter.venueId);
  where('result = ?::text', filter.result);
  where('at >= ?::int8', filter.from);
  where('at < ?::int8', filter.to);
  where('sequence < ?::int8', filter.before);
  params.push(filter.limit);
  const clause = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return (await store.query(`${SELECT}${clause} order by sequence desc limit $${params.length}::int8`, params)).map(
    rowOf,
  );
}

export async function chainHead(store: Store): Promise<ChainHead> {
  const [row] = await store.query('select sequence, hash from audit_row order by sequence desc limit 1');
  return row === undefined ? CHAIN_BEGINNING : { sequence: row['sequence'] as number, hash: row['hash'] as string };
}

/** What the first row that is left follows: the chain's own beginning, or what retention wrote down of the last it took. */
export async function chainBeginning(store: Store): Promise<ChainHead> {
  const [first] = await store.query('select sequence from audit_row order by sequence limit 1');
  const before = ((first?.['sequence'] as number | undefined) ?? 1) - 1;
  if (before < 1) return CHAIN_BEGINNING;
  const rows = await store.query(`select what from audit_row where act = $1 and via = 'centre'`, [RETENTION_ACT]);
  for (const { what } of rows) {
    const removed = removedOf(what);
    if (removed?.sequence === before) return removed;
  }
  return CHAIN_BEGINNING;
}

function removedOf(what: unknown): ChainHead | undefined {
  try {
    const { removedThrough, hash } = JSON.parse(String(what)) as { removedThrough: number; hash: string };
    return { sequence: removedThrough, hash };
  } catch {
    return undefined;
  }
}

/** In order, from the first behind a sequence. */
export async function rowsAfter(store: Store, sequence: number, limit: number): Promise<readonly AuditRow[]> {
  const sql = `${SELECT} where sequence > $1::int8 order by sequence limit $2::int8`;
  return (await store.query(sql, [sequence, limit])).map(rowOf);
}

/** Page by page: a chain of any length takes the memory of a page. */
export async function* auditRows(store: Store, onRead: (count: number) => void = () => undefined) {
  let after = Number.MIN_SAFE_INTEGER;
  let count = 0;
  for (;;) {
    const page = await rowsAfter(store, after, PAGE_ROWS);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sequence;
    count += page.length;
    onRead(count);
  }
}

/** The whole chain as the store has it, against the head that is kept outside. */
export async function verifyAudit(
  store: Store,
  kept: ChainHead | undefined,
  onRead?: (count: number) => void,
): Promise<ChainVerdict> {
  return verifyChain(auditRows(store, onRead), kept, await chainBeginning(store));
}

import type { SqlValue, Store } from '../store/store.ts';

/** Rows one transaction deletes: an alarm's commit waits for one of them at most. */
export const PIECE_ROWS = 500;
const PIECE_CAPTURES = 10;

export type Which = {
  readonly table: string;
  /** Which rows, after `from <table> t where`. */
  readonly where: string;
  readonly params: readonly SqlValue[];
};

/** How many rows were deleted; a recording goes with its samples. Ends between two pieces when it is to stop. */
export async function deleteInPieces(
  store: Store,
  { table, where, params }: Which,
  isStopping: () => boolean,
): Promise<number> {
  let rows = 0;
  const isCapture = table === 'capture';
  const old = `select t.ctid from ${table} t where ${where} limit ${isCapture ? PIECE_CAPTURES : PIECE_ROWS}`;
  const chunks = 'chunks as (delete from capture_chunk where capture in (select id from gone)) ';
  const sql =
    `with gone as (delete from ${table} where ctid = any(array(${old})) returning ${isCapture ? 'id' : '1'}) ` +
    `${isCapture ? `, ${chunks}` : ''}select count(*) as count from gone`;
  while (!isStopping()) {
    const [[gone] = []] = await store.commit([{ kind: 'sql', sql, params }]);
    if (gone?.['count'] === 0) break;
    rows += gone?.['count'] as number;
  }
  return rows;
}

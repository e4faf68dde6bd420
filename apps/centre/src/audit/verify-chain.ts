import { CHAIN_BEGINNING, hashOfRow, type AuditRow, type ChainHead } from './audit-row.ts';

export type ChainFault = {
  /** Of the first row that is not what it was, or that is gone. */
  readonly sequence: number;
  readonly fault: 'changed' | 'missing' | 'tailMissing' | 'tailChanged';
  readonly expected: string;
  readonly found: string;
};

export type ChainVerdict = { readonly count: number; readonly head: ChainHead; readonly broken?: ChainFault };

/**
 * Follows the chain, row by row in order of their sequence, and names the first that is broken.
 *
 * @param kept the head as it is kept outside of the table: the chain must have come through it.
 * @param beginning what the first row follows; retention leaves another than that of the first row of all.
 */
export async function verifyChain(
  rows: AsyncIterable<AuditRow> | Iterable<AuditRow>,
  kept: ChainHead | undefined,
  beginning: ChainHead = CHAIN_BEGINNING,
): Promise<ChainVerdict> {
  let head = beginning;
  let count = 0;
  const brokenAt = (sequence: number, fault: ChainFault['fault'], expected: string, found: string): ChainVerdict => ({
    count,
    head,
    broken: { sequence, fault, expected, found },
  });
  for await (const row of rows) {
    const next = head.sequence + 1;
    if (row.sequence !== next) return brokenAt(next, 'missing', `row ${next}`, `row ${row.sequence}`);
    const expected = expectedHash(row, head.hash);
    if (row.hash !== expected) return brokenAt(next, 'changed', expected, row.hash);
    if (kept?.sequence === next && kept.hash !== row.hash) return brokenAt(next, 'tailChanged', kept.hash, row.hash);
    head = { sequence: row.sequence, hash: row.hash };
    count++;
  }
  if (kept !== undefined && kept.sequence > head.sequence) {
    const next = head.sequence + 1;
    return brokenAt(next, 'tailMissing', `rows up to ${kept.sequence}`, `the last is ${head.sequence}`);
  }
  return { count, head };
}

function expectedHash(row: AuditRow, previousHash: string): string {
  try {
    return hashOfRow(row, previousHash);
  } catch (error) {
    // Never written so: a lone surrogate has no canonical form.
    return error instanceof RangeError ? error.message : String(error);
  }
}

import type { Store } from '../store/store.ts';
import type { AuditDraft, ChainHead } from './audit-row.ts';
import { verifyTimeStamp } from './time-stamp.ts';

/** The act of a row that holds a stamp of a row before it. */
export const STAMP_ACT = 'audit stamp';

export type StampRow = {
  /** Of the row that holds it. */
  readonly sequence: number;
  readonly stamped: ChainHead;
  /** DER. */
  readonly token: Buffer;
};

/** What became of the stamps of a chain that is whole otherwise. */
export type StampVerdict = {
  readonly count: number;
  /** False without the authority's certificate: then nothing is said of them. */
  readonly areChecked: boolean;
  /** The newest that holds: all rows up to `sequence` were there at `at`. */
  readonly last?: { readonly sequence: number; readonly at: number; readonly authority: string };
  readonly wrong: readonly { readonly sequence: number; readonly fault: string }[];
};

export const stampDraft = (head: ChainHead, token: Buffer): AuditDraft => ({
  by: 'centre',
  via: 'centre',
  act: STAMP_ACT,
  what: JSON.stringify({ sequence: head.sequence, hash: head.hash, token: token.toString('base64') }),
  result: 'done',
});

/** The newest. */
export async function lastStamp(store: Store): Promise<(StampRow & { readonly at: number }) | undefined> {
  const [row] = await store.query(
    `select sequence, at, what from audit_row where act = $1 and via = 'centre' order by sequence desc limit 1`,
    [STAMP_ACT],
  );
  const stamp = row && stampOf(row['sequence'] as number, row['what']);
  return stamp && { ...stamp, at: row?.['at'] as number };
}

/** Each against the row it stamps, as far as that is still there, and against the authority's certificates (PEM). */
export async function verifyStamps(store: Store, certificates: string | undefined): Promise<StampVerdict> {
  const rows = await store.query(
    `select stamp.sequence, stamp.what, (stamp.what::json ->> 'sequence')::int8 as of, row.hash
       from audit_row stamp left join audit_row row on row.sequence = (stamp.what::json ->> 'sequence')::int8
      where stamp.act = $1 and stamp.via = 'centre' order by stamp.sequence`,
    [STAMP_ACT],
  );
  const wrong: { readonly sequence: number; readonly fault: string }[] = [];
  let last: StampVerdict['last'];
  for (const row of rows) {
    const sequence = row['sequence'] as number;
    const stamp = stampOf(sequence, row['what']);
    const hash = row['hash'] as string | null;
    if (stamp === undefined) wrong.push({ sequence, fault: 'it cannot be read' });
    else if (hash !== null && hash !== stamp.stamped.hash) wrong.push({ sequence, fault: 'it stamps something else' });
    else if (certificates !== undefined) {
      try {
        const { at, authority } = verifyTimeStamp(stamp.token, stamp.stamped.hash, certificates);
        last = { sequence: stamp.stamped.sequence, at, authority };
      } catch (error) {
        wrong.push({ sequence, fault: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return { count: rows.length, areChecked: certificates !== undefined, wrong, ...(last !== undefined && { last }) };
}

function stampOf(sequence: number, what: unknown): StampRow | undefined {
  try {
    const said = JSON.parse(String(what)) as { sequence: number; hash: string; token: string };
    const stamped = { sequence: said.sequence, hash: said.hash };
    return { sequence, stamped, token: Buffer.from(said.token, 'base64') };
  } catch {
    return undefined;
  }
}

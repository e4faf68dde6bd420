import { randomUUID } from 'node:crypto';
import type { LoadHistoryReason, Role } from '@fengsui/protocol';
import type { Row, Store } from '../store/store.ts';

/** Long enough to look into a fault, short enough to be asked again the next time. */
export const REASON_HOLDS_MS = 30 * 60_000;

type Given = Pick<LoadHistoryReason, 'venueId' | 'by' | 'role' | 'reason'> & { readonly at: number };

/** Kept for good: the owner reads it whenever he wants to. Durable before anything is seen. */
export async function giveReason(store: Store, { venueId, by, role, reason, at }: Given): Promise<LoadHistoryReason> {
  const id = randomUUID();
  const until = at + REASON_HOLDS_MS;
  await store.commit([
    {
      kind: 'sql',
      sql:
        `insert into load_history_reason (id, venue_id, username, role, reason, at, until_at) ` +
        `values ($1, $2, $3, $4, $5, $6, $7)`,
      params: [id, venueId, by, role, reason, at, until],
    },
  ]);
  return { id, venueId, by, role, reason, at: iso(at), until: iso(until) };
}

/** Whether a reason that was given for the venue still holds. */
export async function holdsReason(store: Store, by: string, venueId: string, now: number): Promise<boolean> {
  const rows = await store.query(
    `select 1 as found from load_history_reason where venue_id = $1 and username = $2 and until_at > $3 limit 1`,
    [venueId, by, now],
  );
  return rows.length > 0;
}

/** Newest first. `before` is the position of the last one seen. */
export async function listReasons(
  store: Store,
  venueId: string,
  before: readonly [at: number, id: string] | undefined,
  limit: number,
): Promise<readonly LoadHistoryReason[]> {
  const rows = await store.query(
    `select * from load_history_reason where venue_id = $1
       and ($2::int8 is null or (at, id) < ($2::int8, $3::text)) order by at desc, id desc limit $4`,
    [venueId, before?.[0] ?? null, before?.[1] ?? null, limit],
  );
  return rows.map(reasonOf);
}

const iso = (at: number): string => new Date(at).toISOString();

const reasonOf = (row: Row): LoadHistoryReason => ({
  id: row['id'] as string,
  venueId: row['venue_id'] as string,
  by: row['username'] as string,
  role: row['role'] as Role,
  reason: row['reason'] as string,
  at: iso(row['at'] as number),
  until: iso(row['until_at'] as number),
});

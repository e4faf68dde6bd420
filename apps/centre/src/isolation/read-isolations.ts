import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptIsolation } from './kept-isolation.ts';

/** Of the scope, by when they were asked for, newest first. */
export async function listIsolations(
  scope: Scope,
  store: Store,
  { venueId, after, limit }: { venueId?: string; after?: readonly [askedAt: number, id: string]; limit: number },
): Promise<readonly KeptIsolation[]> {
  const sql =
    `select doc from isolation where ($1::text[] is null or venue_id = any($1::text[])) ` +
    `and ($2::text is null or venue_id = $2) ` +
    `and ($3::int8 is null or (doc->>'askedAt')::int8 < $3 or ((doc->>'askedAt')::int8 = $3 and id > $4)) ` +
    `order by (doc->>'askedAt')::int8 desc, id limit $5`;
  const [at, id] = after ?? [null, ''];
  const rows = await store.query(sql, [scopeParameter(scope), venueId ?? null, at, id, limit]);
  return rows.map(({ doc }) => doc as KeptIsolation);
}

export async function findIsolation(scope: Scope, store: Store, id: string): Promise<KeptIsolation | undefined> {
  const sql = `select doc from isolation where ($1::text[] is null or venue_id = any($1::text[])) and id = $2`;
  const [row] = await store.query(sql, [scopeParameter(scope), id]);
  return row?.['doc'] as KeptIsolation | undefined;
}

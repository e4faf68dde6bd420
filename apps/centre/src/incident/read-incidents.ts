import type { IncidentState } from '@fengsui/protocol';
import { narrow, scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptIncident, KeptIncidentStep } from './kept-incident.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

export type IncidentQuery = {
  readonly states?: readonly IncidentState[];
  readonly venueId?: string;
  readonly limit: number;
  readonly after?: { readonly openedAt: number; readonly id: string };
};

/** Newest first. Without `states`: those that are not closed. */
export async function listIncidents(
  scope: Scope,
  store: Store,
  query: IncidentQuery,
): Promise<readonly KeptIncident[]> {
  const seen = narrow(scope, query.venueId === undefined ? undefined : [query.venueId]);
  const rows = await store.query(
    `select doc from incident where ${IN_SCOPE}
       and (case when $2::text[] is not null then state = any($2::text[]) else not closed end)
       and ($3::int8 is null or (opened_at, id) < ($3::int8, $4::text))
     order by opened_at desc, id desc limit $5`,
    [scopeParameter(seen), query.states ?? null, query.after?.openedAt ?? null, query.after?.id ?? null, query.limit],
  );
  return rows.map(({ doc }) => doc as KeptIncident);
}

export async function findIncident(scope: Scope, store: Store, id: string): Promise<KeptIncident | undefined> {
  const [row] = await store.query(`select doc from incident where ${IN_SCOPE} and id = $2`, [
    scopeParameter(scope),
    id,
  ]);
  return row?.['doc'] as KeptIncident | undefined;
}

export type NumberedStep = { readonly number: number; readonly step: KeptIncidentStep };

/** Oldest first, those after `after`. */
export async function listIncidentSteps(
  scope: Scope,
  store: Store,
  { id, after, limit }: { readonly id: string; readonly after: number; readonly limit: number },
): Promise<readonly NumberedStep[]> {
  const sql = `select number, doc from incident_step where ${IN_SCOPE} and incident_id = $2 and number > $3 order by number limit $4`;
  const rows = await store.query(sql, [scopeParameter(scope), id, after, limit]);
  return rows.map(({ number, doc }) => ({ number: number as number, step: doc as KeptIncidentStep }));
}

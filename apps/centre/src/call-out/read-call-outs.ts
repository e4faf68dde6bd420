import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptCallOut } from './kept-call-out.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

/** Of one incident, oldest first. */
export async function listCallOuts(scope: Scope, store: Store, incidentId: string): Promise<readonly KeptCallOut[]> {
  const sql = `select doc from call_out where ${IN_SCOPE} and incident_id = $2 order by opened_at, id`;
  const rows = await store.query(sql, [scopeParameter(scope), incidentId]);
  return rows.map(({ doc }) => doc as KeptCallOut);
}

export async function findCallOut(scope: Scope, store: Store, id: string): Promise<KeptCallOut | undefined> {
  const [row] = await store.query(`select doc from call_out where ${IN_SCOPE} and id = $2`, [
    scopeParameter(scope),
    id,
  ]);
  return row?.['doc'] as KeptCallOut | undefined;
}

import type { FireMessageText } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';

/** Of one incident, oldest first. */
export async function listFireMessages(scope: Scope, store: Store, incidentId: string): Promise<FireMessageText[]> {
  const rows = await store.query(
    `select doc from fire_message where ($1::text[] is null or venue_id = any($1::text[])) and incident_id = $2
     order by made_at, id`,
    [scopeParameter(scope), incidentId],
  );
  return rows.map(({ doc }) => doc as FireMessageText);
}

import type { AlarmVerdict } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';

/** What people found an alarm to be, oldest first; the newest 100. */
export async function listAlarmVerdicts(scope: Scope, store: Store, alarmId: string): Promise<readonly AlarmVerdict[]> {
  const rows = await store.query(
    `select doc from alarm_verdict where ($1::text[] is null or venue_id = any($1::text[])) and alarm_id = $2 ` +
      `order by number desc limit 100`,
    [scopeParameter(scope), alarmId],
  );
  return rows.map(({ doc }) => doc as AlarmVerdict).reverse();
}

import { scopeParameter, type Scope } from '../access/scope.ts';
import type { GbDutyCheck } from '../situation/gb26875/gb-situation.ts';
import type { Store } from '../store/store.ts';

/** On-duty checks of a device, newest first; the last 100. */
export async function listDutyChecks(scope: Scope, store: Store, deviceId: string): Promise<readonly GbDutyCheck[]> {
  const rows = await store.query(
    `select doc from gb_duty_check where ($1::text[] is null or venue_id = any($1::text[]))
       and doc ->> 'deviceId' = $2 order by (doc ->> 'askedAt')::int8 desc limit 100`,
    [scopeParameter(scope), deviceId],
  );
  return rows.map(({ doc }) => doc as GbDutyCheck);
}

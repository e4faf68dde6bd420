import type { AlarmChange as StoredChange, AlarmState, Category, Origin } from '@fengsui/alarm';
import type { Alarm, AlarmChange } from '@fengsui/protocol';
import { narrow, scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';

export type AlarmQuery = {
  readonly states?: readonly AlarmState[];
  readonly category?: Category;
  readonly venueId?: string;
  readonly deviceId?: string;
  readonly limit: number;
  /** Of the last alarm of the page before. */
  readonly after?: { readonly raisedAt: number; readonly id: string };
};

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

/** Newest first. Without `states`: all alarms that have not ended. */
export async function listAlarms(scope: Scope, store: Store, query: AlarmQuery): Promise<readonly Alarm[]> {
  const seen = narrow(scope, query.venueId === undefined ? undefined : [query.venueId]);
  const rows = await store.query(
    `select doc from alarm where ${IN_SCOPE}
       and (case when $2::text[] is null then not ended else state = any($2::text[]) end)
       and ($3::text is null or category = $3) and ($4::text is null or device_id = $4)
       and ($5::int8 is null or (raised_at, id) < ($5::int8, $6::text))
     order by raised_at desc, id desc limit $7`,
    [
      scopeParameter(seen),
      query.states ?? null,
      query.category ?? null,
      query.deviceId ?? null,
      query.after?.raisedAt ?? null,
      query.after?.id ?? null,
      query.limit,
    ],
  );
  return rows.map(({ doc }) => doc as Alarm);
}

/** Clocks of devices may be wrong: what was received in the time may have been raised that much before or after it. */
const CLOCKS_MS = 24 * 3_600_000;

/** Received in [from, to), by the order of their raising; ended ones, too. The newest, where there are more than `limit`. */
export async function alarmsReceived(
  scope: Scope,
  store: Store,
  query: { readonly from: number; readonly to: number; readonly origin: Origin; readonly limit: number },
): Promise<readonly Alarm[]> {
  const { from, to, origin, limit } = query;
  const rows = await store.query(
    `select doc from alarm where ${IN_SCOPE} and origin = $2 and raised_at between $3::int8 and $4::int8
     order by raised_at desc, id desc limit $5`,
    [scopeParameter(scope), origin, from - CLOCKS_MS, to + CLOCKS_MS, limit],
  );
  const isWithin = ({ receivedAt }: Alarm): boolean => Date.parse(receivedAt) >= from && Date.parse(receivedAt) < to;
  return rows
    .map(({ doc }) => doc as Alarm)
    .filter(isWithin)
    .reverse();
}

export async function findAlarm(scope: Scope, store: Store, id: string): Promise<Alarm | undefined> {
  const rows = await store.query(`select doc from alarm where ${IN_SCOPE} and id = $2`, [scopeParameter(scope), id]);
  return rows[0]?.['doc'] as Alarm | undefined;
}

/** Every step of an alarm's life, oldest first. */
export async function alarmHistory(scope: Scope, store: Store, id: string): Promise<readonly AlarmChange[]> {
  const rows = await store.query(`select doc from alarm_change where ${IN_SCOPE} and alarm_id = $2 order by number`, [
    scopeParameter(scope),
    id,
  ]);
  return rows.map(({ doc }) => {
    const { at, alarmId: _own, ...change } = doc as StoredChange;
    return { at: new Date(at).toISOString(), ...change };
  });
}

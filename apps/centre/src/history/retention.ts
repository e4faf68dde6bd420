import { PARTITION_COUNT, type Lane } from '../journal/entry.ts';
import type { Row, Step, Store } from '../store/store.ts';
import type { LocalDays } from './local-days.ts';
import type { KeptFrom } from './roller.ts';
import { deleteInPieces, PIECE_ROWS, type Which } from './delete-in-pieces.ts';
import { IS_OF_LOAD, OF_A_LOAD, OF_NO_ALARM } from './load-rows.ts';
import { detachedTables, partitionsOf } from './partitions.ts';

const DAY_MS = 86_400_000;
const DEVICES_AT_ONCE = 20;

/** Days that each kind of data is kept; `docs/reference/history.md` has the clauses. */
export type Retention = {
  readonly rawDays: number;
  readonly minuteDays: number;
  readonly quarterDays: number;
  readonly dayDays: number;
  readonly captureDays: number;
  readonly quarantineDays: number;
  readonly eventDays: number;
  readonly loadHistoryDays: number;
};

export type DroppedKind =
  'raw' | 'minute' | 'quarter' | 'day' | 'capture' | 'quarantine' | 'event' | 'loadHistory' | 'partValue';

export type Dropped = {
  readonly kind: DroppedKind;
  /** A partition, or the table rows were deleted of. */
  readonly name: string;
  /** Everything in it was older. */
  readonly until: number;
  /** Of a partition what the statistics believe. */
  readonly rows: number;
  readonly bytes: number;
};

/** Days at the site's midnight: what is kept of a level begins with a whole day. */
export function keptFromOf(retention: Retention, days: LocalDays, now: number): KeptFrom {
  const from = (count: number): number => days.startOf(now - count * DAY_MS);
  return { minute: from(retention.minuteDays), quarter: from(retention.quarterDays), day: from(retention.dayDays) };
}

/**
 * Takes raw days out of `telemetry` that are older than they are kept. From here on they do not change: a row that
 * comes for such a day goes to the default partition. They are dropped when all of them is in the roll-ups.
 */
export async function detachRaw(store: Store, { rawDays }: Retention, now: number): Promise<void> {
  const [state] = await store.query('select before_until, before_done from history_state');
  for (const name of await partitionsOf(store, 'telemetry')) {
    const until = name === 'telemetry_before' ? (state?.['before_until'] as number) : endOfDay(name);
    if (until === undefined || until > now - rawDays * DAY_MS) continue;
    if (name === 'telemetry_before' && state?.['before_done'] !== true) continue;
    const moved: Step = {
      kind: 'sql',
      sql: 'update history_state set raw_from = greatest(raw_from, $1)',
      params: [until],
    };
    await store.commit([{ kind: 'sql', sql: `alter table telemetry detach partition ${name}` }, moved]);
  }
}

/** End of the UTC day of `telemetry_20261122`; undefined for another name. */
function endOfDay(name: string): number | undefined {
  const [, year, month, day] = /_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return day === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day) + 1);
}

/** End of the UTC month of `telemetry_quarter_202611`. */
function endOfMonth(name: string): number | undefined {
  const [, year, month] = /_(\d{4})(\d\d)$/.exec(name) ?? [];
  return month === undefined ? undefined : Date.UTC(Number(year), Number(month));
}

/**
 * Drops raw days that were detached and of which every row is in the roll-ups. Another process that owns some of their
 * partitions may have it still to do: they wait for the next time.
 */
export async function dropDetached(store: Store, told: (dropped: Dropped) => void, now: number): Promise<void> {
  for (const name of await detachedTables(store)) {
    if (!(await isRolledUp(store, name))) continue;
    const [state] = await store.query('select before_until from history_state');
    const until = endOfDay(name) ?? (state?.['before_until'] as number);
    await dropTable(store, 'raw', name, until, now, told);
  }
}

/** By index, of each journal partition the newest row of each lane. */
async function isRolledUp(store: Store, table: string): Promise<boolean> {
  const newest = (which: string): string =>
    `(select ${which}(lane_sequence) from ${table} where partition = p.id and lane_sequence <> 0)`;
  const least = (lane: Lane): string => `coalesce((select min(s) from unnest(r.${lane}) s), 0)`;
  const sql =
    `select 1 as one from (select n::int2 as id from generate_series(0, ${PARTITION_COUNT - 1}) n) p ` +
    `left join history_rolled r on r.partition = p.id ` +
    `where ${newest('max')} > ${least('bulk')} or -${newest('min')} > ${least('alarm')} limit 1`;
  return (await store.query(sql)).length === 0;
}

/** Drops whole partitions of the roll-ups that are older than they are kept. */
export async function dropRollUps(
  store: Store,
  keptFrom: KeptFrom,
  now: number,
  told: (dropped: Dropped) => void,
): Promise<void> {
  for (const [kind, endOf] of [
    ['minute', endOfDay],
    ['quarter', endOfMonth],
  ] as const) {
    for (const name of await partitionsOf(store, `telemetry_${kind}`)) {
      const until = endOf(name);
      if (until !== undefined && until <= keptFrom[kind]) await dropTable(store, kind, name, until, now, told);
    }
  }
}

async function dropTable(
  store: Store,
  kind: DroppedKind,
  name: string,
  until: number,
  now: number,
  told: (dropped: Dropped) => void,
): Promise<void> {
  const sql =
    'select reltuples::float8 as rows, pg_total_relation_size(oid)::float8 as bytes from pg_class where oid = $1::regclass';
  const [size] = await store.query(sql, [name]);
  const rows = Math.max(0, Number(size?.['rows'] ?? 0));
  const dropped: Dropped = { kind, name, until, rows, bytes: Number(size?.['bytes'] ?? 0) };
  await store.commit([{ kind: 'sql', sql: `drop table ${name}` }, noteStep(dropped, now)]);
  told(dropped);
}

const noteStep = ({ kind, name, until, rows, bytes }: Dropped, now: number): Step => ({
  kind: 'sql',
  sql: `insert into history_drop (kind, name, dropped_at, until_at, row_count, bytes) values ($1, $2, $3, $4, $5, $6)`,
  params: [kind, name, now, until, Math.round(rows), bytes],
});

type Deletion = Which & { readonly kind: DroppedKind; readonly until: number };

/** Rows that stand in no day's partition of their own, deleted piece by piece. */
export async function deleteOld(
  store: Store,
  retention: Retention,
  keptFrom: KeptFrom,
  now: number,
  told: (dropped: Dropped) => void,
  isStopping: () => boolean,
): Promise<void> {
  const before = (days: number): number => now - days * DAY_MS;
  const rawUntil = Math.floor(before(retention.rawDays) / DAY_MS) * DAY_MS;
  const captureUntil = before(retention.captureDays);
  const quarantineUntil = before(retention.quarantineDays);
  const loadsUntil = before(retention.loadHistoryDays);
  const deletions: readonly Deletion[] = [
    {
      // Late rows: only what the roll-ups of their device hold already.
      kind: 'raw',
      table: 'telemetry_default',
      until: rawUntil,
      where:
        't.at < $1 and t.lane_sequence <> 0 and exists (select 1 from history_rolled r where r.partition = t.partition ' +
        'and t.lane_sequence <= (select min(s) from unnest(r.bulk) s) ' +
        'and -t.lane_sequence <= (select min(s) from unnest(r.alarm) s))',
      params: [rawUntil],
    },
    { kind: 'day', table: 'telemetry_day', until: keptFrom.day, where: 't.at < $1', params: [keptFrom.day] },
    {
      kind: 'quarantine',
      table: 'quarantine',
      until: quarantineUntil,
      where: 't.received_at < $1',
      params: [quarantineUntil],
    },
    {
      kind: 'capture',
      table: 'capture',
      until: captureUntil,
      where: `t.received_at < $1 and ${OF_NO_ALARM}`,
      params: [captureUntil],
    },
    {
      // Before the events that say whose recordings they are.
      kind: 'loadHistory',
      table: 'capture',
      until: loadsUntil,
      where: `t.received_at < $1 and ${OF_A_LOAD} and ${OF_NO_ALARM}`,
      params: [loadsUntil],
    },
  ];
  for (const deletion of deletions) await deletePieces(store, deletion, now, told, isStopping);
  const eventUntil = before(retention.eventDays);
  const perDevice: readonly PerDevice[] = [
    { kind: 'loadHistory', table: 'event', until: loadsUntil, which: IS_OF_LOAD },
    { kind: 'event', table: 'event', until: eventUntil },
    { kind: 'partValue', table: 'part_value', until: eventUntil },
  ];
  for (const deletion of perDevice) await deletePerDevice(store, deletion, now, told, isStopping);
}

async function deletePieces(
  store: Store,
  { kind, table, until, where, params }: Deletion,
  now: number,
  told: (dropped: Dropped) => void,
  isStopping: () => boolean,
): Promise<void> {
  const rows = await deleteInPieces(store, { table, where, params }, isStopping);
  await note(store, { kind, name: table, until, rows, bytes: 0 }, now, told);
}

type PerDevice = Pick<Deletion, 'kind' | 'table' | 'until'> & {
  /** Of the rows `e`; absent: all. */
  readonly which?: string;
};

/** By the index there is: (device, at). */
async function deletePerDevice(
  store: Store,
  { kind, table, until, which = 'true' }: PerDevice,
  now: number,
  told: (dropped: Dropped) => void,
  isStopping: () => boolean,
): Promise<void> {
  let rows = 0;
  const devices = (await store.query('select id from device order by id')).map(({ id }: Row) => id as string);
  for (let from = 0; from < devices.length && !isStopping();) {
    const some = devices.slice(from, from + DEVICES_AT_ONCE);
    const sql =
      `with gone as (delete from ${table} where ctid = any(array(select t.ctid from unnest($1::text[]) d (id) ` +
      `cross join lateral (select ctid from ${table} e where e.device_id = d.id and e.at < $2 and ${which} limit ${PIECE_ROWS}) t ` +
      `limit ${PIECE_ROWS})) returning 1) select count(*) as count from gone`;
    const [[gone] = []] = await store.commit([{ kind: 'sql', sql, params: [some, until] }]);
    const count = gone?.['count'] as number;
    rows += count;
    if (count < PIECE_ROWS) from += DEVICES_AT_ONCE;
  }
  await note(store, { kind, name: table, until, rows, bytes: 0 }, now, told);
}

async function note(store: Store, dropped: Dropped, now: number, told: (dropped: Dropped) => void): Promise<void> {
  if (dropped.rows === 0) return;
  await store.commit([noteStep(dropped, now)]);
  told(dropped);
}

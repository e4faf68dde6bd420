import { levelNames, levelsOf, type Level } from '../history/level.ts';
import { LocalDays } from '../history/local-days.ts';
import { sliceOfDevice } from '../history/cell.ts';
import type { Store } from '../store/store.ts';

/** A row of live telemetry is stored well within this of its instant; later ones come with the next fold. */
const STORED_WITHIN_MS = 60_000;
const MINUTE_MS = 60_000;
/** More than the clocks of any zone are changed by. */
export const CLOCK_CHANGE_MS = 2 * 3_600_000;

/** From where a series is answered. */
export type SeriesPlan =
  | { readonly source: 'raw'; readonly from: number; readonly widthMs: number }
  | {
      readonly source: Level['name'];
      readonly table: string;
      /** Beginning of the first bucket. */
      readonly from: number;
      /** A whole number of the level's buckets. */
      readonly widthMs: number;
      /** From here on the raw rows count: the roll-ups may not have them yet. */
      readonly openFrom: number;
    };

/** How far back each kind goes, and how far forward the roll-ups of these devices. */
export type HistoryReach = {
  readonly rawFrom: number;
  readonly rolledTo: number;
  readonly levels: Readonly<Record<Level['name'], Level>>;
  /** What begins earlier has been dropped from the level. */
  readonly keptFrom: Readonly<Record<Level['name'], number>>;
};

export async function readReach(
  store: Store,
  devices: readonly { readonly id: string; readonly partition: number }[],
): Promise<HistoryReach> {
  const [state] = await store.query(
    `select time_zone, raw_from, before_done, ` +
      `(select coalesce(jsonb_object_agg(kind, until_at), '{}') from (select kind, max(until_at) as until_at ` +
      `from history_drop group by kind) d) as dropped, ` +
      `(select coalesce(jsonb_object_agg(partition, to_jsonb(at)), '{}') from history_rolled ` +
      `where partition = any($1::int2[])) as rolled from history_state`,
    [devices.map(({ partition }) => partition)],
  );
  const dropped = state?.['dropped'] as Readonly<Record<string, number>>;
  const rolled = state?.['rolled'] as Readonly<Record<string, readonly number[]>>;
  const zone = (state?.['time_zone'] as string | null) ?? 'UTC';
  const reached = devices.map(({ id, partition }) => rolled[partition]?.[sliceOfDevice(id)] ?? 0);
  return {
    rawFrom: state?.['raw_from'] as number,
    // While rows from before there were roll-ups are being added, only the raw ones tell everything.
    rolledTo: state?.['before_done'] === true ? Math.min(...reached) : 0,
    levels: levelsOf(new LocalDays(zone)),
    keptFrom: { minute: dropped['minute'] ?? 0, quarter: dropped['quarter'] ?? 0, day: dropped['day'] ?? 0 },
  };
}

/** The finest kind that still has the beginning and gives no more than `maxPoints` rows. */
export function planSeries(
  { from, to, maxPoints }: { readonly from: number; readonly to: number; readonly maxPoints: number },
  { rawFrom, rolledTo, levels, keptFrom }: HistoryReach,
): SeriesPlan {
  const rawWidthMs = Math.ceil((to - from) / maxPoints);
  const isRawThere = from >= rawFrom;
  if (rolledTo === 0 || (isRawThere && rawWidthMs < MINUTE_MS)) return { source: 'raw', from, widthMs: rawWidthMs };
  const fits = levelNames.filter((name) => levels[name].widthMs <= Math.max(rawWidthMs, MINUTE_MS));
  const finest = fits.at(-1) ?? 'minute';
  const still = levelNames.slice(levelNames.indexOf(finest)).find((name) => from >= keptFrom[name]) ?? 'day';
  const level = levels[still];
  const begin = level.startOf(from);
  const buckets = Math.max(1, Math.ceil((to - begin) / maxPoints / level.widthMs));
  const openFrom = level.startOf(rolledTo - STORED_WITHIN_MS);
  return { source: still, table: level.table, from: begin, widthMs: buckets * level.widthMs, openFrom };
}

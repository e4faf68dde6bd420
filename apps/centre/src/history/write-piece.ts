import type { CopyValue, Row, SqlValue, Step, Store } from '../store/store.ts';
import { Bucket } from './bucket.ts';
import { partitionStep, type PartitionRange } from './day-partition.ts';
import { levelNames, type Level, type LevelName } from './level.ts';

const STATISTICS = ['counts', 'mins', 'maxs', 'sums', 'firsts', 'first_ms', 'lasts', 'last_ms'] as const;
const WHOLE = new Set<string>(['counts', 'first_ms', 'last_ms']);

const COLUMNS = [
  ['partition', 'int2'],
  ['venue_id', 'text'],
  ['origin', 'text'],
  ['device_id', 'text'],
  ['model', 'text'],
  ['at', 'int8'],
  ...STATISTICS.map((name) => [name, WHOLE.has(name) ? ('int4[]' as const) : ('float8[]' as const)] as const),
] as const;

export type Piece = {
  readonly store: Store;
  readonly levels: Readonly<Record<LevelName, Level>>;
  /** Minutes to add to what the tables hold. */
  readonly minutes: readonly Bucket[];
  /** Their rows were stored before all that the tables hold. */
  readonly isOlder: boolean;
  /** Other processes write roll-ups too: a bucket that one of them has changed since it was read fails the transaction. */
  readonly isShared: boolean;
  /** What begins earlier than this is no longer kept at the level. */
  readonly keptFrom: Readonly<Record<LevelName, number>>;
  /** Written in the same transaction: how far the roll-ups go with it. */
  readonly progress: readonly Step[];
  /** Partitions that are known to be there; those this piece makes are added. */
  readonly partitions: Set<string>;
};

export type Written = { readonly rows: number; readonly tooLate: Readonly<Record<LevelName, number>> };

/**
 * Adds minutes to the roll-ups of all levels in one transaction, with how far they go then: done whole, or not at all.
 * A bucket that is there already is read, added to, and written anew.
 */
export async function writePiece(piece: Piece): Promise<Written> {
  const { store, levels, minutes, isOlder, isShared, keptFrom, progress, partitions } = piece;
  const steps: Step[] = [];
  const made: string[] = [];
  const tooLate = { minute: 0, quarter: 0, day: 0 };
  let rows = 0;
  for (const name of levelNames) {
    const level = levels[name];
    const kept = minutes.filter(({ at }) => level.startOf(at) >= keptFrom[name]);
    tooLate[name] = minutes.length - kept.length;
    if (kept.length === 0) continue;
    const added = name === 'minute' ? kept : coarser(kept, level);
    for (const range of partitionsOf(level, added)) {
      if (partitions.has(range.name)) continue;
      steps.push(partitionStep(level.table, range));
      made.push(range.name);
    }
    const there = await storedBuckets(store, level, added, isShared);
    const whole = added.map((bucket) => {
      const known = there.get(keyOf(bucket))?.bucket;
      if (known === undefined) return bucket;
      known.merge(bucket);
      // Where the device stands is what came last.
      if (!isOlder) known.place = bucket.place;
      return known;
    });
    if (there.size > 0) steps.push(deleteStep(level, [...there.values()], isShared));
    steps.push({ kind: 'copy', table: level.table, columns: COLUMNS, rows: whole.map(rowOf) });
    rows += whole.length;
  }
  await store.commit([...steps, ...progress]);
  for (const name of made) partitions.add(name);
  return { rows, tooLate };
}

const keyOf = ({ deviceId, model, at }: Bucket): string => `${deviceId}\0${model}\0${at}`;

/** The buckets of a coarser level that the minutes fall into. */
function coarser(minutes: readonly Bucket[], level: Level): readonly Bucket[] {
  const buckets = new Map<string, Bucket>();
  for (const minute of minutes) {
    const { deviceId, model, place } = minute;
    const at = level.startOf(minute.at);
    const key = `${deviceId}\0${model}\0${at}`;
    let bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, (bucket = new Bucket({ deviceId, model, at }, place)));
    bucket.merge(minute);
    bucket.place = place;
  }
  return [...buckets.values()];
}

function partitionsOf(level: Level, buckets: readonly Bucket[]): Iterable<PartitionRange> {
  const ranges = new Map<string, PartitionRange>();
  for (const { at } of buckets) {
    const range = level.partitionOf(at);
    if (range !== undefined) ranges.set(range.name, range);
  }
  return ranges.values();
}

const KEYS = 'unnest($1::text[], $2::text[], $3::int8[]) as k (device_id, model, at)';
const keysOf = (buckets: readonly Bucket[]): SqlValue[] => [
  buckets.map(({ deviceId }) => deviceId),
  buckets.map(({ model }) => model),
  buckets.map(({ at }) => at),
];

/** `version`: the row's, where it may be written by others. */
type Stored = { readonly bucket: Bucket; readonly version: string };

async function storedBuckets(
  store: Store,
  { table }: Level,
  buckets: readonly Bucket[],
  isShared: boolean,
): Promise<Map<string, Stored>> {
  // By index for each key, whatever the planner believes of a list; the bounds spare it the other partitions.
  const sql =
    `select t.* from ${KEYS} cross join lateral (select *${isShared ? ', t.xmin::text as version' : ''} from ${table} t ` +
    `where t.device_id = k.device_id and t.at = k.at and t.model = k.model and t.at >= $4 and t.at <= $5 limit 1) t`;
  const [from, to] = boundsOf(buckets);
  const rows = await store.query(sql, [...keysOf(buckets), from, to]);
  return new Map(
    rows.map((row) => {
      const bucket = bucketOf(row);
      return [keyOf(bucket), { bucket, version: row['version'] as string }];
    }),
  );
}

function boundsOf(buckets: readonly Bucket[]): readonly [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const { at } of buckets) [from, to] = [Math.min(from, at), Math.max(to, at)];
  return [from, to];
}

function deleteStep({ table }: Level, stored: readonly Stored[], isShared: boolean): Step {
  const buckets = stored.map(({ bucket }) => bucket);
  const params = [...keysOf(buckets), ...boundsOf(buckets)];
  const sql = `delete from ${table} t using`;
  const where = `where t.device_id = k.device_id and t.at = k.at and t.model = k.model and t.at >= $4 and t.at <= $5`;
  if (!isShared) return { kind: 'sql', sql: `${sql} ${KEYS} ${where}`, params };
  const versions = 'unnest($1::text[], $2::text[], $3::int8[], $6::text[]) as k (device_id, model, at, version)';
  return {
    kind: 'sql',
    sql:
      `with gone as (${sql} ${versions} ${where} and t.xmin::text = k.version returning 1) ` +
      `select history_require((select count(*) from gone) = $7::int8)`,
    params: [...params, stored.map(({ version }) => version), stored.length],
  };
}

function rowOf(bucket: Bucket): readonly CopyValue[] {
  const { partition, venueId, origin } = bucket.place;
  return [partition, venueId, origin, bucket.deviceId, bucket.model, bucket.at, ...bucket.columns()];
}

export function bucketOf(row: Row): Bucket {
  const key = { deviceId: row['device_id'] as string, model: row['model'] as string, at: row['at'] as number };
  const partition = row['partition'] as number;
  const place = { partition, venueId: row['venue_id'] as string, origin: row['origin'] as string };
  return Bucket.of(
    key,
    place,
    STATISTICS.map((name) => row[name] as readonly (number | null)[]),
  );
}

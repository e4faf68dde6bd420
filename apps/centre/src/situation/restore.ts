import type { LimitState } from '@fengsui/alarm';
import { restoreCommissioning } from '../commissioning/restore-commissioning.ts';
import { restoreCallOuts } from '../call-out/restore-call-outs.ts';
import { restoreIncidents } from '../incident/restore-incidents.ts';
import { restoreIsolations } from '../isolation/restore-isolations.ts';
import type { Lane } from '../journal/entry.ts';
import { restoreRollouts } from '../rollout/restore-rollouts.ts';
import type { Row, Store } from '../store/store.ts';
import { restoreWork } from '../workorder/restore-work.ts';
import type { KeptFirePlace } from './fire/fire-watch.ts';
import type { ForeignState } from './foreign/kept-source.ts';
import type { RelayState } from './gb-relay/relay-state.ts';
import { restoreGb } from './gb26875/restore-gb.ts';
import type { CaptureState, DeviceState, KeptCondition, OnSiteCause } from './kept.ts';
import { COMMANDS_KEPT, type KeptCommand } from './kept-command.ts';
import { readShare, type RowsOf } from './read-share.ts';
import { SHARD_COUNT, shardOf } from './share.ts';
import type { KeptRuleState } from './rule-watch.ts';
import type { Situation } from './situation.ts';
import type { Timer, TimerPurpose } from './timer.ts';

/** Rows a device may need to show every point once; points reported more rarely show from their next report on. */
const ROWS_PER_DEVICE = 16;

export type Restored = {
  /** Of the whole centre. */
  readonly applied: Readonly<Record<Lane, number>>;
  /** How far each lane is applied for each shard, by its number; 0 where nothing was. */
  readonly positions: Readonly<Record<Lane, readonly number[]>>;
  readonly timers: readonly Timer[];
  readonly feedPosition: number;
};

/**
 * Rebuilds what is held in memory from what the last commit left. `now` bounds the 60 s memory of reports without seq.
 *
 * @param partitions only what belongs to these; without the books of the process that leads: rollouts, foreign sources,
 *   relays. The registry, the identities of foreign statements and the last number of a work order are the centre's.
 */
export async function restoreSituation(
  situation: Situation,
  store: Store,
  now: number,
  partitions?: readonly number[],
): Promise<Restored> {
  // First of all: where another process commits meanwhile, what is read next may hold more than this says, never less.
  const positions = await appliedOf(store);
  await situation.registry.load(store);
  const rows = (rowsOf: RowsOf): Promise<readonly Row[]> => readShare(store, partitions, rowsOf);
  for (const row of await rows({ select: 'select * from condition' })) {
    const { condition, changeCount } = row['doc'] as Pick<KeptCondition, 'condition' | 'changeCount'>;
    situation.restoreCondition({ condition, changeCount, place: placeOf(row) });
  }
  for (const row of await rows({ select: 'select id, doc from limit_state' })) {
    const [id, doc] = [row['id'] as string, row['doc'] as LimitState | KeptRuleState];
    if ('parts' in doc) situation.ruleWatch.restore(id, doc);
    else situation.limits.restore(id, doc);
  }
  for (const row of await rows({ select: 'select doc from fire_place' }))
    situation.fires.restore(row['doc'] as KeptFirePlace);
  const deviceStates = { select: 'select device_id, doc from device_state', deviceId: 'device_id' };
  for (const row of await rows(deviceStates)) {
    situation.deviceStates.set(row['device_id'] as string, row['doc'] as DeviceState);
  }
  for (const row of await rows({ select: 'select doc from capture', where: 'not complete' })) {
    const capture = row['doc'] as CaptureState;
    situation.captures.set(capture.id, capture);
  }
  const newest = { select: 'select doc from command', order: `order by requested_at desc limit ${COMMANDS_KEPT}` };
  for (const row of (await rows(newest)).toReversed()) {
    const command = row['doc'] as KeptCommand;
    situation.commands.set(command.id, command);
  }
  for (const row of await rows({ select: 'select doc from on_site_cause', deviceId: `on_site_cause.doc->>'deviceId'` }))
    situation.onSite.restore(row['doc'] as OnSiteCause);
  const received = {
    select: 'select device_id, epoch, intervals, updated_at from received',
    deviceId: 'device_id',
    order: 'order by updated_at',
  };
  for (const row of await rows(received)) {
    const deviceId = row['device_id'] as string;
    const ledger = situation.ledger(deviceId);
    ledger.restore(row['epoch'] as string, row['intervals'] as number[]);
    ledger.forgetOld();
    situation.lastReceivedAt.set(deviceId, row['updated_at'] as number);
  }
  await restoreWithoutSeq(situation, store, now, partitions);
  await restoreLastValues(situation, store, now, partitions);
  await restoreGb(situation, store, partitions);
  await restoreCommissioning(situation.commissioning, store, partitions);
  await restoreIsolations(situation.isolations, store, partitions);
  for (const row of await store.query('select key, value, kept_until from foreign_seen order by kept_until')) {
    situation.foreign.restore(row['key'] as string, row['value'] as string, row['kept_until'] as number);
  }
  await restoreIncidents(situation.incidents, store, partitions);
  await restoreCallOuts(situation.callOuts, store, partitions);
  await restoreWork(situation, store, now, partitions);
  if (partitions === undefined) await restoreCentre(situation, store);
  return {
    ...positions,
    timers: (await rows({ select: 'select id, venue_id, due_at, doc from timer' })).map((row) => ({
      id: row['id'] as string,
      venueId: row['venue_id'] as string,
      dueAt: row['due_at'] as number,
      purpose: row['doc'] as TimerPurpose,
    })),
    feedPosition: (await store.query('select position from feed_position'))[0]?.['position'] as number,
  };
}

/** What is of no venue, and changed by the process that leads alone. */
async function restoreCentre(situation: Situation, store: Store): Promise<void> {
  await restoreRollouts(situation.rollouts, store);
  for (const row of await store.query('select source_id, doc from foreign_state'))
    situation.foreignStates.set(row['source_id'] as string, row['doc'] as ForeignState);
  for (const row of await store.query('select relay_id, doc from gb_relay_state'))
    situation.relayStates.set(row['relay_id'] as string, row['doc'] as RelayState);
}

const placeOf = (row: Row): KeptCondition['place'] => ({
  partition: row['partition'] as number,
  venueId: row['venue_id'] as string,
  origin: row['origin'] as KeptCondition['place']['origin'],
});

/** The checkpoint of a partition is that of the last entry applied for it: each applied entry has written one. */
async function appliedOf(store: Store): Promise<Pick<Restored, 'applied' | 'positions'>> {
  const applied: Record<Lane, number> = { alarm: 0, bulk: 0 };
  const zeroes = (): number[] => new Array<number>(SHARD_COUNT).fill(0);
  const positions: Record<Lane, number[]> = { alarm: zeroes(), bulk: zeroes() };
  for (const row of await store.query('select lane, partition, sequence from checkpoint')) {
    const [lane, sequence] = [row['lane'] as Lane, row['sequence'] as number];
    const shard = shardOf(row['partition'] as number);
    positions[lane][shard] = Math.max(positions[lane][shard] as number, sequence);
    applied[lane] = Math.max(applied[lane], sequence);
  }
  return { applied, positions };
}

async function restoreWithoutSeq(
  situation: Situation,
  store: Store,
  now: number,
  partitions: readonly number[] | undefined,
): Promise<void> {
  for (const table of ['telemetry', 'event']) {
    // By (device, at), the index there is: a clock that is more than an hour behind costs the memory of these 60 s.
    const reports = {
      select:
        `select t.device_id, t.digest, t.received_at from device d cross join lateral (select device_id, digest, received_at ` +
        `from ${table} where device_id = d.id and seq is null and at > $1 and received_at > $2) t`,
      params: [now - 3_600_000, now - 60_000],
      partition: 'd.partition',
      order: 'order by t.received_at',
    };
    for (const row of await readShare(store, partitions, reports)) {
      const digest = Buffer.from(row['digest'] as Uint8Array).toString('hex');
      situation.ledger(row['device_id'] as string).restoreWithoutSeq(digest, row['received_at'] as number);
    }
  }
}

/**
 * Most devices report all their points each time, and daily: their newest rows of the newest days tell all. Only for the
 * others sixteen rows are looked for, in all days.
 */
const RECENT_MS = 2 * 86_400_000;
const RECENT_ROWS = 4;

async function restoreLastValues(
  situation: Situation,
  store: Store,
  now: number,
  partitions: readonly number[] | undefined,
): Promise<void> {
  const told = await restoreValues(situation, store, { since: now - RECENT_MS, rows: RECENT_ROWS, partitions });
  const others = (await readShare(store, partitions, { select: 'select id from device' }))
    .map(({ id }) => id as string)
    .filter((id) => !told.has(id));
  const rows = ROWS_PER_DEVICE;
  if (others.length > 0) await restoreValues(situation, store, { since: 0, rows, partitions, devices: others });
}

/** The devices whose newest row knows every point that the others found know, and that have as many as were asked for. */
async function restoreValues(
  situation: Situation,
  store: Store,
  {
    since,
    rows,
    partitions,
    devices,
  }: {
    readonly since: number;
    readonly rows: number;
    readonly partitions: readonly number[] | undefined;
    readonly devices?: readonly string[];
  },
): Promise<ReadonlySet<string>> {
  const reports = {
    select:
      `select t.device_id, t.at, t.received_at, t."values" from device d cross join lateral ` +
      `(select device_id, at, received_at, "values" from telemetry where device_id = d.id and at >= $1 and live ` +
      `order by at desc limit ${rows}) t`,
    ...(devices !== undefined && { where: 'd.id = any($2::text[])' }),
    params: devices === undefined ? [since] : [since, devices],
    partition: 'd.partition',
    order: 'order by t.received_at, t.at',
  };
  const found = new Map<string, (readonly (number | null)[])[]>();
  for (const row of await readShare(store, partitions, reports)) {
    const deviceId = row['device_id'] as string;
    const values = row['values'] as readonly (number | null)[];
    const known = found.get(deviceId);
    if (known === undefined) found.set(deviceId, [values]);
    else known.push(values);
    const device = situation.registry.device(deviceId);
    const points = situation.registry.model(device?.model ?? '')?.points ?? [];
    const receivedAt = row['received_at'] as number;
    situation.lastReceivedAt.set(deviceId, Math.max(receivedAt, situation.lastReceivedAt.get(deviceId) ?? 0));
    for (const [index, value] of values.entries()) {
      const point = points[index];
      if (point !== undefined && value !== null) situation.values.set(deviceId, point.id, row['at'] as number, value);
    }
  }
  const isWhole = (reports: readonly (readonly (number | null)[])[]): boolean => {
    const newest = reports.at(-1) ?? [];
    return (
      reports.length >= rows &&
      reports.every((one) => one.every((value, i) => value === null || (newest[i] ?? null) !== null))
    );
  };
  return new Set([...found].filter(([, reports]) => isWhole(reports)).map(([deviceId]) => deviceId));
}

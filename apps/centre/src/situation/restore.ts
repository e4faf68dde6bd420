import type { LimitState } from '@fengsui/alarm';
import { restoreCommissioning } from '../commissioning/restore-commissioning.ts';
import { lanes, type Lane } from '../journal/entry.ts';
import { restoreRollouts } from '../rollout/restore-rollouts.ts';
import type { Row, Store } from '../store/store.ts';
import { restoreWork } from '../workorder/restore-work.ts';
import type { ForeignState } from './foreign/kept-source.ts';
import type { RelayState } from './gb-relay/relay-state.ts';
import { restoreGb } from './gb26875/restore-gb.ts';
import type { CaptureState, DeviceState, KeptCondition, OnSiteCause } from './kept.ts';
import { COMMANDS_KEPT, type KeptCommand } from './kept-command.ts';
import type { Situation } from './situation.ts';
import type { Timer, TimerPurpose } from './timer.ts';

/** Rows a device may need to show every point once; points reported more rarely show from their next report on. */
const ROWS_PER_DEVICE = 16;

export type Restored = {
  readonly applied: Readonly<Record<Lane, number>>;
  readonly timers: readonly Timer[];
  readonly feedPosition: number;
};

/** Rebuilds what is held in memory from what the last commit left. `now` bounds the 60 s memory of reports without seq. */
export async function restoreSituation(situation: Situation, store: Store, now: number): Promise<Restored> {
  await situation.registry.load(store);
  for (const row of await store.query('select * from condition')) {
    const { condition, changeCount } = row['doc'] as Pick<KeptCondition, 'condition' | 'changeCount'>;
    situation.restoreCondition({ condition, changeCount, place: placeOf(row) });
  }
  for (const row of await store.query('select id, doc from limit_state')) {
    situation.limits.restore(row['id'] as string, row['doc'] as LimitState);
  }
  for (const row of await store.query('select device_id, doc from device_state')) {
    situation.deviceStates.set(row['device_id'] as string, row['doc'] as DeviceState);
  }
  for (const row of await store.query('select doc from capture where not complete')) {
    const capture = row['doc'] as CaptureState;
    situation.captures.set(capture.id, capture);
  }
  const commands =
    `select doc from (select doc, requested_at from command order by requested_at desc limit ${COMMANDS_KEPT}) c ` +
    `order by requested_at`;
  for (const row of await store.query(commands)) {
    const command = row['doc'] as KeptCommand;
    situation.commands.set(command.id, command);
  }
  for (const row of await store.query('select doc from on_site_cause'))
    situation.onSite.restore(row['doc'] as OnSiteCause);
  const received = 'select device_id, epoch, intervals, updated_at from received order by updated_at';
  for (const row of await store.query(received)) {
    const deviceId = row['device_id'] as string;
    const ledger = situation.ledger(deviceId);
    ledger.restore(row['epoch'] as string, row['intervals'] as number[]);
    ledger.forgetOld();
    situation.lastReceivedAt.set(deviceId, row['updated_at'] as number);
  }
  await restoreWithoutSeq(situation, store, now);
  await restoreLastValues(situation, store, now);
  await restoreGb(situation, store);
  await restoreCommissioning(situation.commissioning, store);
  for (const row of await store.query('select key, value, kept_until from foreign_seen order by kept_until')) {
    situation.foreign.restore(row['key'] as string, row['value'] as string, row['kept_until'] as number);
  }
  await restoreWork(situation, store, now);
  await restoreRollouts(situation.rollouts, store);
  for (const row of await store.query('select source_id, doc from foreign_state'))
    situation.foreignStates.set(row['source_id'] as string, row['doc'] as ForeignState);
  for (const row of await store.query('select relay_id, doc from gb_relay_state'))
    situation.relayStates.set(row['relay_id'] as string, row['doc'] as RelayState);
  return {
    applied: await appliedOf(store),
    timers: (await store.query('select id, venue_id, due_at, doc from timer')).map((row) => ({
      id: row['id'] as string,
      venueId: row['venue_id'] as string,
      dueAt: row['due_at'] as number,
      purpose: row['doc'] as TimerPurpose,
    })),
    feedPosition: (await store.query('select position from feed_position'))[0]?.['position'] as number,
  };
}

const placeOf = (row: Row): KeptCondition['place'] => ({
  partition: row['partition'] as number,
  venueId: row['venue_id'] as string,
  origin: row['origin'] as KeptCondition['place']['origin'],
});

async function appliedOf(store: Store): Promise<Record<Lane, number>> {
  const rows = await store.query('select lane, max(sequence) as sequence from checkpoint group by lane');
  const applied = Object.fromEntries(lanes.map((lane) => [lane, 0])) as Record<Lane, number>;
  for (const row of rows) applied[row['lane'] as Lane] = row['sequence'] as number;
  return applied;
}

async function restoreWithoutSeq(situation: Situation, store: Store, now: number): Promise<void> {
  for (const table of ['telemetry', 'event']) {
    // By (device, at), the index there is: a clock that is more than an hour behind costs the memory of these 60 s.
    const sql =
      `select t.device_id, t.digest, t.received_at from device d cross join lateral (select device_id, digest, received_at ` +
      `from ${table} where device_id = d.id and seq is null and at > $1 and received_at > $2) t order by t.received_at`;
    for (const row of await store.query(sql, [now - 3_600_000, now - 60_000])) {
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

async function restoreLastValues(situation: Situation, store: Store, now: number): Promise<void> {
  const told = await restoreValues(situation, store, { since: now - RECENT_MS, rows: RECENT_ROWS });
  const others = (await store.query('select id from device'))
    .map(({ id }) => id as string)
    .filter((id) => !told.has(id));
  if (others.length > 0) await restoreValues(situation, store, { since: 0, rows: ROWS_PER_DEVICE, devices: others });
}

/** The devices whose newest row knows every point that the others found know, and that have as many as were asked for. */
async function restoreValues(
  situation: Situation,
  store: Store,
  { since, rows, devices }: { readonly since: number; readonly rows: number; readonly devices?: readonly string[] },
): Promise<ReadonlySet<string>> {
  const sql =
    `select t.device_id, t.at, t.received_at, t."values" from device d cross join lateral ` +
    `(select device_id, at, received_at, "values" from telemetry where device_id = d.id and at >= $1 and live ` +
    `order by at desc limit ${rows}) t ` +
    `${devices === undefined ? '' : 'where d.id = any($2::text[]) '}order by t.received_at, t.at`;
  const found = new Map<string, (readonly (number | null)[])[]>();
  for (const row of await store.query(sql, devices === undefined ? [since] : [since, devices])) {
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

import { venueLifeOf, type FalseAlarmCause, type TrialKpi } from '@fengsui/protocol';
import { isInPlace } from '../registry/device-life.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import type { Situation } from '../situation/situation.ts';
import type { Row, Store } from '../store/store.ts';
import { countPoints } from './acceptance-content.ts';
import type { KeptTrial } from './kept-test.ts';

/** Fewer alarms than this make no 95th percentile worth the name. */
const LEAST_ALARMS = 20;
/** A share of hours needs hours. */
const LEAST_DEVICE_HOURS = 24;

/** Venues of a trial that the caller may see; those of a wave are looked up when asked. */
export function venuesOfTrial({ registry }: Situation, scope: Scope, { venueId, wave }: KeptTrial): readonly string[] {
  if (venueId !== undefined) return isInScope(scope, venueId) ? [venueId] : [];
  return registry.venues(scope).flatMap((venue) => (venue.wave === wave ? [venue.id] : []));
}

/**
 * The figures of a trial from what is stored. Alarms and events of the venues' own devices, each with the origin its
 * device has: what was marked test or drill counts nowhere here. Definitions: docs/guides/commissioning.md.
 */
export async function trialKpis(
  situation: Situation,
  store: Store,
  scope: Scope,
  trial: KeptTrial,
  now: number,
): Promise<readonly TrialKpi[]> {
  const venueIds = venuesOfTrial(situation, scope, trial);
  const to = Math.min(trial.to, now);
  const period = [venueIds, trial.from, Math.max(trial.from, to)] as const;
  return [
    await transmissionTime(store, period),
    await timeToAcknowledge(store, period),
    await falseAlarmShare(store, period),
    await offlineShare(situation, store, period),
    testedShare(situation, venueIds),
  ];
}

type Period = readonly [venueIds: readonly string[], from: number, to: number];

const quartiles = (expression: string): string =>
  `count(*)::int8 as n, percentile_cont(0.5) within group (order by ${expression}) as median, ` +
  `percentile_cont(0.95) within group (order by ${expression}) as p95`;

/**
 * From the instant the device gives its event to its receipt here. Left out: clocks that could not be believed, and
 * whatever came while its venue was on test.
 */
async function transmissionTime(store: Store, period: Period): Promise<TrialKpi> {
  const [row] = await store.query(
    `select ${quartiles('(received_at - at)::float8')} from event where venue_id = any($1::text[]) ` +
      `and received_at >= $2 and received_at < $3 and active and live and device_at is null ` +
      `and origin in ('live', 'simulated') and received_at >= at and not exists (select 1 from commissioning_test t ` +
      `where t.venue_id = event.venue_id and event.received_at >= (t.doc->>'startedAt')::int8 ` +
      `and event.received_at < coalesce((t.doc->>'endedAt')::int8, (t.doc->>'endsAt')::int8))`,
    [...period],
  );
  return distribution('transmissionTime', 'ms', row);
}

/** From the receipt of what raised the alarm to the acknowledgement; alarms nobody has acknowledged are not in it. */
async function timeToAcknowledge(store: Store, period: Period): Promise<TrialKpi> {
  const seconds = `extract(epoch from (doc->>'acknowledgedAt')::timestamptz - (doc->>'receivedAt')::timestamptz)::float8`;
  const [row] = await store.query(
    `select ${quartiles(seconds)} from alarm where venue_id = any($1::text[]) and raised_at >= $2 and raised_at < $3 ` +
      `and origin in ('live', 'simulated') and doc->>'acknowledgedAt' is not null`,
    [...period],
  );
  return distribution('timeToAcknowledge', 's', row);
}

/**
 * Of the alarms of fire and warning that people have judged, those found false, with their causes. An alarm counts by its
 * newest verdict; n = judged, `of` = ended: who judges few says little.
 */
async function falseAlarmShare(store: Store, period: Period): Promise<TrialKpi> {
  const rows = await store.query(
    `select v.verdict, v.cause, count(*)::int8 as n from alarm a left join lateral ` +
      `(select verdict, cause from alarm_verdict where alarm_id = a.id order by number desc limit 1) v on true ` +
      `where a.venue_id = any($1::text[]) and a.raised_at >= $2 and a.raised_at < $3 ` +
      `and a.origin in ('live', 'simulated') and a.category in ('fire', 'warning') ` +
      `and (a.ended or v.verdict is not null) group by v.verdict, v.cause order by n desc, v.cause`,
    [...period],
  );
  const count = (wanted: readonly Row[]): number => wanted.reduce((sum, row) => sum + (numberOf(row, 'n') ?? 0), 0);
  const judged = rows.filter((row) => row['verdict'] !== null);
  const found = judged.filter((row) => row['verdict'] === 'false');
  const n = count(judged);
  const base = { id: 'falseAlarmShare', unit: 'ratio', n, leastN: LEAST_ALARMS, of: count(rows) } as const;
  const causes = found.map((row) => ({ cause: row['cause'] as FalseAlarmCause, n: numberOf(row, 'n') ?? 0 }));
  if (n < LEAST_ALARMS) return { ...base, causes, missing: n === 0 ? 'noCauses' : 'tooFew' };
  return { ...base, causes, value: count(found) / n };
}

/** Time in the fault `silent` over device-hours of the devices in place now; n = device-hours. */
async function offlineShare(situation: Situation, store: Store, [venueIds, from, to]: Period): Promise<TrialKpi> {
  const rows = await store.query(
    `select doc from alarm where venue_id = any($1::text[]) and raised_at < $3 and doc->>'kind' = 'silent' ` +
      `and (doc->>'clearedAt' is null or (doc->>'clearedAt')::timestamptz >= to_timestamp($2::float8 / 1000))`,
    [venueIds, from, to],
  );
  const silentMs = rows.reduce((sum, row) => {
    const { raisedAt, clearedAt } = row['doc'] as { readonly raisedAt: string; readonly clearedAt?: string };
    const begin = Math.max(from, Date.parse(raisedAt));
    const end = Math.min(to, clearedAt === undefined ? to : Date.parse(clearedAt));
    return sum + Math.max(0, end - begin);
  }, 0);
  const devices = situation.registry.devices({ venues: venueIds }).filter(isInPlace).length;
  const hours = (devices * Math.max(0, to - from)) / 3_600_000;
  const base = { id: 'offlineShare', unit: 'ratio', n: Math.round(hours), leastN: LEAST_DEVICE_HOURS } as const;
  if (hours < LEAST_DEVICE_HOURS) return { ...base, missing: 'tooFew' };
  return { ...base, value: Math.min(1, silentMs / (hours * 3_600_000)) };
}

/** Points that passed in the newest test of each venue; a venue that is at work and was never tested adds nothing. */
function testedShare({ commissioning, registry }: Situation, venueIds: readonly string[]): TrialKpi {
  const counts = venueIds.flatMap((venueId) => {
    const test = commissioning.tests.get(venueId);
    return test === undefined ? [] : [countPoints(test.points)];
  });
  const n = counts.reduce((sum, { points }) => sum + points, 0);
  const untested = venueIds.some(
    (id) => !commissioning.tests.has(id) && venueLifeOf(registry.venue(id) ?? {}) !== 'planned',
  );
  const base = { id: 'testedShare', unit: 'ratio', n, leastN: 1 } as const;
  if (n === 0 || untested) return { ...base, missing: 'noTest' };
  return { ...base, value: counts.reduce((sum, { passed }) => sum + passed, 0) / n };
}

function distribution(id: TrialKpi['id'], unit: TrialKpi['unit'], row: Row | undefined): TrialKpi {
  const n = numberOf(row, 'n') ?? 0;
  const value = numberOf(row, 'median');
  const p95 = numberOf(row, 'p95');
  const base = { id, unit, n, leastN: LEAST_ALARMS };
  if (n < LEAST_ALARMS || value === undefined || p95 === undefined) return { ...base, missing: 'tooFew' };
  return { ...base, value, p95 };
}

function numberOf(row: Row | undefined, column: string): number | undefined {
  const value = row?.[column];
  return typeof value === 'number' ? value : undefined;
}

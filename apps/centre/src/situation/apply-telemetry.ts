import type { LimitRule } from '@fengsui/alarm';
import type { Telemetry, TelemetryRow } from '@fengsui/protocol';
import type { DeviceModel } from '../registry/device-model.ts';
import { watchFire } from './fire/watch-fire.ts';
import { clearSource, raiseSource } from './raise-source.ts';
import type { ReportContext } from './report-context.ts';
import { limitId } from './limit-watch.ts';
import { quarantineRow } from './apply-unreadable.ts';
import { shapeOf, type ReportShape } from './report-shape.ts';
import { judgeClock, reportTime } from './report-time.ts';
import { watchRules } from './watch-rule.ts';

const DAY_MS = 86_400_000;
/** For later rows no day's partition is made: they are few, and a broken clock must not make thousands. */
const LATEST_DAY_MS = 40 * DAY_MS;

/** Stores a telemetry report row by row, updates last values and watches the limits. */
export function applyTelemetry(context: ReportContext, telemetry: Telemetry): void {
  const { situation, device, place, report } = context;
  const model = situation.registry.model(device.model);
  if (model === undefined) throw new Error(`device ${device.id} has unknown model ${device.model}`);
  const shape = shapeOf(model, telemetry.points);
  quarantineWhatIsBad(context, telemetry, shape);
  // What is no instant at all is as absurd as one in 1970; a report without one says nothing about the clock.
  let isSuspect = telemetry.flags.includes('atInvalid');
  let storedRows = 0;
  const rules = situation.limits.rulesOfShape(model.id, shape, place.venueId);
  for (let rowIndex = 0; rowIndex < telemetry.rows.length; rowIndex++) {
    const row = telemetry.rows[rowIndex] as TelemetryRow;
    const time = reportTime(row.at, report.meta.receivedAt);
    isSuspect ||= time.isSuspect;
    if (!storeRow(context, telemetry, model, shape, row, rowIndex, time)) continue;
    storedRows++;
    if (report.meta.live) {
      watchFire(context, shape, row, time.at);
      showRow(context, shape, row, time.at);
      watchRules(context, shape, row, time.at);
    }
    for (let i = 0; i < shape.points.length; i++) {
      const value = row.values[i] as number;
      const watching = rules[i] as readonly LimitRule[];
      if (watching.length === 0 || Number.isNaN(value)) continue;
      const pointId = shape.points[i] as string;
      for (const rule of watching) {
        if (report.meta.live) watchLimit(context, rule, pointId, time.at, value);
        else noteLateHazard(context, rule, pointId, time.at, value);
      }
    }
  }
  if (storedRows === 0) storeEmptyRow(context, telemetry, model);
  judgeClock(context, isSuspect, telemetry.rows.at(-1)?.at);
}

/** The last values in memory, and those that the feed tells. */
function showRow(
  { situation, effects, device, place }: ReportContext,
  shape: ReportShape,
  row: TelemetryRow,
  at: number,
): void {
  const { points, columns } = shape;
  const values: number[] = [];
  const last = situation.values.pointsOf(device.id);
  for (let i = 0; i < points.length; i++) {
    const value = (columns[i] as number) < 0 ? NaN : (row.values[i] as number);
    values.push(value);
    if (!Number.isNaN(value)) last.set(points[i] as string, at, value);
  }
  effects.values.push({ venueId: place.venueId, deviceId: device.id, at, points, values });
}

/** A report of nothing we know is stored all the same: its body must be comparable when its seq comes again. */
function storeEmptyRow(context: ReportContext, telemetry: Telemetry, model: DeviceModel): void {
  const time = reportTime(telemetry.rows[0]?.at, context.report.meta.receivedAt);
  pushRow(context, telemetry, model, 0, time, new Array<null>(model.points.length).fill(null));
}

/** False when the row holds nothing that belongs to the model. */
function storeRow(
  context: ReportContext,
  telemetry: Telemetry,
  model: DeviceModel,
  { columns }: ReportShape,
  row: TelemetryRow,
  rowIndex: number,
  time: RowTime,
): boolean {
  const values = new Array<number | null>(model.points.length).fill(null);
  let known = 0;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as number;
    const value = row.values[i] as number;
    if (column < 0 || Number.isNaN(value)) continue;
    values[column] = value;
    known++;
  }
  if (known === 0) return false;
  pushRow(context, telemetry, model, rowIndex, time, values);
  return true;
}

type RowTime = { readonly at: number; readonly deviceAt?: number };

function pushRow(
  { situation, effects, device, place, report }: ReportContext,
  telemetry: Telemetry,
  model: DeviceModel,
  rowIndex: number,
  time: RowTime,
  values: readonly (number | null)[],
): void {
  const { receivedAt, live } = report.meta;
  effects.telemetry.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    telemetry.epoch,
    telemetry.seq ?? null,
    rowIndex,
    time.at,
    receivedAt,
    time.deviceAt ?? null,
    model.id,
    model.version,
    live,
    report.digest,
    values,
    situation.isIdentitySuspect(device.id),
    report.entry.lane === 'bulk' ? report.entry.sequence : -report.entry.sequence,
  ]);
  const day = Math.floor(time.at / DAY_MS) * DAY_MS;
  if (situation.telemetryDays.has(day) || receivedAt - time.at > LATEST_DAY_MS) return;
  situation.telemetryDays.add(day);
  effects.telemetryDays.add(day);
}

function quarantineWhatIsBad(context: ReportContext, telemetry: Telemetry, shape: ReportShape): void {
  if (!shape.hasUnknown && telemetry.rejectedCount === 0) return;
  const unknown = telemetry.points.filter((_, i) => (shape.columns[i] as number) < 0);
  const rejected = telemetry.rejected.map(({ point, reason, value }) => `${point}=${value} (${reason})`);
  const reasons = [...unknown.map((point) => `${point} (unknownPoint)`), ...rejected].slice(0, 20);
  const more = unknown.length + telemetry.rejectedCount - reasons.length;
  quarantineRow(context, 'telemetry', `badValues: ${reasons.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}

export function watchLimit(context: ReportContext, rule: LimitRule, pointId: string, at: number, value: number): void {
  const { situation, effects, device, place, report } = context;
  if (situation.limits.staysInside(rule, device.id, pointId, at, value)) return;
  const step = situation.limits.sample(rule, device.id, pointId, at, value);
  if (step.changed) effects.limits.set(limitId(device.id, pointId, rule.id), { place, state: step.state });
  const timerId = `limit/${limitId(device.id, pointId, rule.id)}`;
  if (step.dueAt !== undefined) {
    // The rule counts in the device's time, the timer in ours: what is left is the same.
    const dueAt = report.meta.receivedAt + Math.max(0, step.dueAt - step.at);
    const purpose = { kind: 'limit', deviceId: device.id, pointId, ruleId: rule.id, dueAt: step.dueAt } as const;
    if (step.changed) effects.setTimer({ id: timerId, venueId: place.venueId, dueAt, purpose });
  } else if (step.changed) {
    effects.endTimer(timerId);
  }
  if (step.change === 'entered') raiseSource(context, rule, pointId, at, value);
  if (step.change === 'left') clearSource(context, rule, pointId, at);
}

/** Backlog never raises or clears; what it exceeded is listed, because somebody should look at it. design.md 5.1. */
function noteLateHazard(
  { effects, device, place, report }: ReportContext,
  rule: LimitRule,
  pointId: string,
  at: number,
  value: number,
): void {
  // A circuit that was switched off had no under-voltage.
  const isState = rule.ignoreBelow === undefined || value >= rule.ignoreBelow;
  const isBeyond = rule.direction === 'above' ? value > rule.threshold : value < rule.threshold;
  if (!isState || !isBeyond) return;
  effects.lateHazards.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    pointId,
    rule.id,
    rule.kind,
    rule.level,
    at,
    report.meta.receivedAt,
    value,
    rule.threshold,
  ]);
}

import { encodeEvent, encodeSingleTelemetry, topicOf } from '@fengsui/protocol';
import { chance, streams } from '../plan/chance.ts';
import type { PlannedDevice } from '../plan/fleet-plan.ts';
import type { ReportKind } from '../plan/schedule.ts';
import { carrierOf, carry } from './carrier.ts';

/** What a run puts into every report. */
export type RunMark = { readonly run: number; readonly epoch: string; readonly seed: number };

export type Report = { readonly seq: number; readonly at: number; readonly kind: ReportKind };

export const topicOfReport = (deviceId: string, kind: ReportKind): string =>
  topicOf(kind === 'telemetry' ? 'telemetry' : 'event', deviceId);

/** The bytes of a report: the same arguments give the same bytes, so that sending again is sending the same. */
export function payloadOf(device: PlannedDevice, report: Report, mark: RunMark): Uint8Array {
  const { epoch, run } = mark;
  const { seq, at, kind } = report;
  if (kind === 'telemetry') return encodeSingleTelemetry({ epoch, seq, at, values: valuesOf(device.model, seq, mark) });
  const event = device.alarm;
  if (event === undefined) throw new Error(`device ${device.id} has no alarm to ${kind}`);
  return encodeEvent({
    epoch,
    seq,
    at,
    kind: event.kind,
    point: event.point,
    level: event.level,
    active: kind === 'raise',
    evidence: { schema: 'fleet/1', run, seq },
  });
}

/** Values of an installation in which nothing is wrong: below every limit of the generic models. */
function valuesOf(model: string, seq: number, { run, seed }: RunMark): Record<string, number> {
  const carrier = carrierOf(model);
  const values: Record<string, number> = { [carrier.point]: carry(carrier, run, seq) };
  if (model !== 'generic-terminal') return values;
  const load = chance(seed, streams.value, seq);
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  values['c1.currentA'] = round(2 + 6 * load);
  values['c1.residualCurrentMa'] = round(10 + 15 * load);
  values['c1.activePowerW'] = round(229 * (2 + 6 * load) * 0.95);
  values['c1.reactivePowerVar'] = round(229 * (2 + 6 * load) * 0.31);
  values['c1.powerFactor'] = 0.95;
  values['c1.frequencyHz'] = round(49.98 + 0.04 * load);
  values['c1.thdCurrentPct'] = round(8 + 6 * load);
  values['t1.temperatureC'] = round(28 + 8 * load);
  return values;
}

const GARBAGE = ['{"epoch":', 'NaN', '\u0000\u0001\u0002', '[]', '{"seq":"x"}'] as const;

/** A payload that no device should send and every centre must survive. */
export const garbageOf = (seed: number, n: number): Uint8Array =>
  new TextEncoder().encode(GARBAGE[Math.floor(chance(seed, streams.garbage, -n - 1) * GARBAGE.length)] ?? 'NaN');

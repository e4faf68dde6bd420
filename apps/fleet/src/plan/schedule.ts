import { chance, streams } from './chance.ts';
import type { FleetPlan } from './fleet-plan.ts';

/** What one report of a device is. */
export type ReportKind = 'telemetry' | 'raise' | 'clear';

export type Due = {
  /** Index in `plan.devices`. */
  readonly device: number;
  /** After the start of the run. */
  readonly dueMs: number;
  readonly kind: ReportKind;
  readonly isDuplicated: boolean;
  readonly losesAck: boolean;
  readonly bringsGarbage: boolean;
};

/**
 * The k-th report of the whole fleet, k = 0, 1, …: devices take turns, `ratePerS` reports a second with a jitter that
 * keeps them in order. Undefined when its device has fallen silent.
 */
export function dueReport({ options, devices, order }: FleetPlan, k: number): Due | undefined {
  const { seed, ratePerS, faults } = options;
  const device = order[k % order.length] as number;
  const ordinal = Math.floor(k / order.length);
  const { alarm, silentAfter = Infinity } = devices[device] ?? {};
  if (ordinal >= silentAfter) return undefined;
  const happens = (stream: number, share: number): boolean => share > 0 && chance(seed, stream, k) < share;
  return {
    device,
    dueMs: dueMsOf(seed, ratePerS, k),
    kind: ordinal === alarm?.raiseAt ? 'raise' : ordinal === alarm?.clearAt ? 'clear' : 'telemetry',
    isDuplicated: happens(streams.duplicate, faults.duplicates),
    losesAck: happens(streams.lostAck, faults.lostAcks),
    bringsGarbage: happens(streams.garbage, faults.garbage),
  };
}

/** When the k-th report is due after the start, whoever sends it. */
export const dueMsOf = (seed: number, ratePerS: number, k: number): number =>
  ((k + chance(seed, streams.jitter, k)) * 1000) / ratePerS;

import { isWithin } from '../platform/clock.ts';
import { clearFault, raiseFault } from './centre-fault.ts';
import type { ReportContext } from './report-context.ts';

/** A report's clock may be this far ahead of ours before it is suspect. design.md 5.1. */
const AHEAD_MS = 5 * 60_000;
/** Before any device of this product could have been made: a clock that was never set. */
const ABSURDLY_OLD = Date.UTC(2015, 0, 1);
/** The centre's own clock was set: every device has this long to take the new time over before its clock is suspect. */
const TAKE_OVER_MS = 10 * 60_000;

export type ReportTime = { readonly at: number; readonly deviceAt?: number; readonly isSuspect: boolean };

/** The instant a statement counts at: the device's own, or the receipt when its clock cannot be believed. */
export function reportTime(deviceAt: number | undefined, receivedAt: number): ReportTime {
  if (deviceAt === undefined) return { at: receivedAt, isSuspect: false };
  if (deviceAt > receivedAt + AHEAD_MS || deviceAt < ABSURDLY_OLD) return { at: receivedAt, deviceAt, isSuspect: true };
  return { at: deviceAt, isSuspect: false };
}

/** A live report decides whether the device's clock is believed; backlog says nothing about the clock of now. */
export function judgeClock(context: ReportContext, isSuspect: boolean, deviceAt?: number): void {
  const { situation, effects, device, place, report } = context;
  if (!report.meta.live) return;
  if (deviceAt !== undefined) situation.clockOffsets.set(device.id, Math.round(deviceAt - report.meta.receivedAt));
  const state = situation.deviceStates.get(device.id);
  if ((state?.clockSuspect ?? false) === isSuspect) return;
  if (isSuspect && isWithin(report.meta.receivedAt, situation.clockSetAt, TAKE_OVER_MS)) return;
  if (isSuspect) raiseFault(context, 'clockSuspect');
  else clearFault(context, 'clockSuspect');
  const { clockSuspect: _before, ...rest } = state ?? { online: false, changedAt: report.meta.receivedAt };
  const next = isSuspect ? { ...rest, clockSuspect: true } : rest;
  situation.deviceStates.set(device.id, next);
  effects.deviceStates.set(device.id, { place, state: next });
}

import type { DeviceEvent } from '@fengsui/protocol';
import { isWithin } from '../platform/clock.ts';
import { isInPlace, isUnderMaintenance } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { clearFault, isFaultTold, tellFault } from './centre-fault.ts';
import type { Effects } from './effects.ts';
import type { ReportContext } from './report-context.ts';
import type { Situation } from './situation.ts';

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 60_000;
/** Who was away, or was not listened to, has this long to tell of the tests it made meanwhile. */
const CATCH_UP_MS = HOUR_MS;
/** Evidence of the event a terminal tells its self-test by; docs/guides/terminal.md. */
const SCHEMA = 'selfTest/1';

export const isPassedSelfTest = ({ eventKind, evidence }: DeviceEvent): boolean =>
  eventKind === 'fault' && evidence?.['schema'] === SCHEMA && evidence['passed'] === true;

/** A self-test was passed at `at`: told by the device, now or late. */
export function noteSelfTest(context: ReportContext, at: number): void {
  const { situation, effects, device, place, report } = context;
  const { receivedAt } = report.meta;
  const before = situation.deviceStates.get(device.id) ?? { online: false, changedAt: receivedAt };
  const selfTestAt = Math.max(Math.min(at, receivedAt), before.selfTestAt ?? 0);
  const state = { ...before, selfTestAt };
  situation.deviceStates.set(device.id, state);
  effects.deviceStates.set(device.id, { place, state });
  const limitMs = limitMsOf(situation, device);
  if (limitMs !== undefined && receivedAt - selfTestAt > limitMs) return;
  if (isFaultTold(situation, device.id, 'selfTestMissed')) clearFault(context, 'selfTestMissed');
}

/**
 * A device whose model tests itself and that has not told of a passed test for too long is a fault: it may report and
 * yet see nothing. One that is silent is a fault already.
 */
export function sweepSelfTests(situation: Situation, effects: Effects, entryId: string, now: number): void {
  if (isWithin(now, situation.selfTestsLookedAt, LOOK_EVERY_MS)) return;
  situation.selfTestsLookedAt = now;
  if (isWithin(now, situation.listeningSince, CATCH_UP_MS)) return;
  for (const [deviceId, state] of situation.deviceStates) {
    const device = situation.registry.device(deviceId);
    if (device !== undefined && !situation.ownsDevice(device)) continue;
    const limitMs = device === undefined ? undefined : limitMsOf(situation, device);
    if (device === undefined || limitMs === undefined || state.silentSince !== undefined) continue;
    if (!isInPlace(device) || isUnderMaintenance(device)) continue;
    const since = state.selfTestAt ?? state.selfTestFrom;
    if (since === undefined) {
      const watched = { ...state, selfTestFrom: now };
      situation.deviceStates.set(deviceId, watched);
      effects.deviceStates.set(deviceId, { place: situation.placeOf(device), state: watched });
      continue;
    }
    if (now - since <= limitMs || isFaultTold(situation, deviceId, 'selfTestMissed')) continue;
    if (state.heardAgainAt !== undefined && isWithin(now, state.heardAgainAt, CATCH_UP_MS)) continue;
    const place = situation.placeOf(device);
    tellFault({ situation, effects, place, bearer: deviceId, at: now, entryId }, 'selfTestMissed');
  }
}

function limitMsOf({ registry }: Situation, { model }: DeviceRecord): number | undefined {
  const hours = registry.model(model)?.selfTest?.faultAfterHours;
  return hours === undefined ? undefined : hours * HOUR_MS;
}

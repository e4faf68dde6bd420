import type { Presence } from '@fengsui/protocol';
import { openingsWith, watchIdentity, withTakeOver } from './identity-watch.ts';
import type { ReportContext } from './report-context.ts';
import type { SessionChange } from './decoded-entry.ts';
import type { Effects } from './effects.ts';
import type { DeviceState, Place } from './kept.ts';
import type { Situation } from './situation.ts';

/**
 * The centre decides presence from the session and from silence; what the device says of itself adds its firmware and,
 * as a last will, ends it early. design.md 5.1.
 */
export function applyPresence(context: ReportContext, presence: Presence | SessionChange): void {
  const { situation, effects, device, place, report } = context;
  const before = situation.deviceStates.get(device.id) ?? { online: false, changedAt: report.meta.receivedAt };
  const next = nextState(before, presence, report.meta.receivedAt);
  if (next === undefined) return;
  // What the device says of itself is a report; that a session opened is only a sign of life.
  if (next.online && 'online' in presence) noteReceived(context);
  setDeviceState(situation, effects, place, device.id, before, next, report.meta.receivedAt);
  if (next.openings !== before.openings && next.openings !== undefined) watchIdentity(context, next.openings);
}

function nextState(before: DeviceState, presence: Presence | SessionChange, at: number): DeviceState | undefined {
  if ('state' in presence) {
    if (presence.state === 'opened') {
      const openings = openingsWith(before.openings, presence, at);
      return { ...before, online: true, session: presence.session, openedAt: at, openings };
    }
    const openings = presence.tookOver === true ? withTakeOver(before.openings) : before.openings;
    const known = openings === before.openings || openings === undefined ? before : { ...before, openings };
    // A session that a newer one took over closes late; it says nothing about the newer one.
    if (before.session !== presence.session) return known === before ? undefined : known;
    const { session: _closed, ...rest } = known;
    return { ...rest, online: false };
  }
  return {
    ...before,
    online: presence.online,
    ...(presence.firmware !== undefined && { firmware: presence.firmware }),
    ...(presence.model !== undefined && { reportedModel: presence.model }),
    ...(presence.calibration !== undefined && { calibration: presence.calibration }),
  };
}

export function setDeviceState(
  situation: Situation,
  effects: Effects,
  place: Place,
  deviceId: string,
  before: DeviceState,
  next: DeviceState,
  at: number,
): void {
  const state = next.online === before.online ? next : { ...next, changedAt: at };
  situation.deviceStates.set(deviceId, state);
  effects.deviceStates.set(deviceId, { place, state });
  if (next.online !== before.online || !effects.presence.has(deviceId)) {
    effects.presence.set(deviceId, { venueId: place.venueId, row: [deviceId, state.online, state.changedAt] });
  }
}

/** When its newest report came. */
export function noteReceived({ situation, effects, device, report }: ReportContext): void {
  const at = Math.max(report.meta.receivedAt, situation.lastReceivedAt.get(device.id) ?? 0);
  situation.lastReceivedAt.set(device.id, at);
  effects.heard.set(device.id, at);
}

/** A report proves presence: a device that was silent and speaks again is online. */
export function markHeard({ situation, effects, device, place, report }: ReportContext): void {
  const state = situation.deviceStates.get(device.id);
  if (state?.online === true) return;
  const before = state ?? { online: false, changedAt: report.meta.receivedAt };
  setDeviceState(situation, effects, place, device.id, before, { ...before, online: true }, report.meta.receivedAt);
}

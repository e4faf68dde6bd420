import { isInPlace, isUnderMaintenance } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { setDeviceState } from './apply-presence.ts';
import { endFault, isFaultTold, tellFault } from './centre-fault.ts';
import type { Effects } from './effects.ts';
import type { DeviceState } from './kept.ts';
import type { Situation } from './situation.ts';

/** Silent for this many contracted intervals = offline (field/standards.md A5). */
const MISSED_INTERVALS = 3;

type Watched = {
  readonly device: DeviceRecord;
  readonly state: DeviceState;
  /** Newest sign of life of its own. */
  readonly heardAt: number;
  readonly isSilent: boolean;
};

/** All that is known of the devices behind one gateway. */
type Behind = {
  /** When the gateway's own session began, 0 = none: nobody behind it was silent before. */
  readonly openedAt: number;
  count: number;
  silentCount: number;
  shortestIntervalMs: number;
  heardAt: number;
};

/**
 * Who has been silent for too long is offline, whatever his session says, and a fault for people to see: `silent`.
 * Behind a dead gateway everybody is silent; that is one fault, the gateway's, with the number of its children.
 *
 * It looks at every device of the city every few seconds, so what needs no judgement costs three look-ups and no memory.
 */
export function sweepSilence(situation: Situation, effects: Effects, entryId: string, now: number): void {
  const gateways = new Map<string, Behind | undefined>();
  const noted: Watched[] = [];
  for (const [deviceId, known] of situation.deviceStates) {
    const device = situation.registry.device(deviceId);
    if (device === undefined || !situation.ownsDevice(device)) continue;
    const state = notAhead(situation, effects, device, known, now);
    const { parentId } = device;
    const behind = parentId === undefined ? undefined : behindOf(situation, gateways, parentId);
    const heardAt = heardAtOf(situation, device, state);
    const isSilent = isTooLong(situation, device, heardAt || state.changedAt, behind?.openedAt ?? 0, now);
    if (behind !== undefined) count(behind, device, heardAt, isSilent);
    if (isSilent || state.silentSince !== undefined) noted.push({ device, state, heardAt, isSilent });
  }
  for (const [gatewayId, behind] of gateways) {
    const device = situation.registry.device(gatewayId);
    const state = situation.deviceStates.get(gatewayId);
    if (behind === undefined || device === undefined || state === undefined || !situation.ownsDevice(device)) continue;
    const heardAt = heardAtOf(situation, device, state);
    const above = device.parentId === undefined ? undefined : gateways.get(device.parentId);
    const isSilent = isTooLong(situation, device, heardAt || state.changedAt, above?.openedAt ?? 0, now);
    judgeGateway(situation, effects, entryId, now, { device, state, heardAt, isSilent }, behind);
  }
  for (const found of noted) {
    if (gateways.get(found.device.id) !== undefined) continue;
    judge(situation, effects, entryId, now, found, found.isSilent && !isBehindSilent(situation, found.device));
  }
}

/** Reports may be applied before a sweep that fired a moment earlier; more than this is another clock. */
const AHEAD_MS = 60_000;

/** What is on record from after now was heard before the centre's clock was set back: it counts as heard now. */
function notAhead(
  situation: Situation,
  effects: Effects,
  device: DeviceRecord,
  state: DeviceState,
  now: number,
): DeviceState {
  const latest = now + AHEAD_MS;
  if ((situation.lastReceivedAt.get(device.id) ?? 0) > latest) situation.lastReceivedAt.set(device.id, now);
  const { changedAt, openedAt, silentSince } = state;
  if (Math.max(changedAt, openedAt ?? 0, silentSince ?? 0) <= latest) return state;
  const corrected = {
    ...state,
    changedAt: Math.min(changedAt, now),
    ...(openedAt !== undefined && { openedAt: Math.min(openedAt, now) }),
    // What is heard from now on ends the silence.
    ...(silentSince !== undefined && { silentSince: Math.min(silentSince, now) }),
  };
  situation.deviceStates.set(device.id, corrected);
  effects.deviceStates.set(device.id, { place: situation.placeOf(device), state: corrected });
  return corrected;
}

/** Undefined when the parent is no gateway. */
function behindOf(
  situation: Situation,
  gateways: Map<string, Behind | undefined>,
  gatewayId: string,
): Behind | undefined {
  const known = gateways.get(gatewayId);
  if (known !== undefined || gateways.has(gatewayId)) return known;
  const openedAt = situation.deviceStates.get(gatewayId)?.openedAt ?? 0;
  const behind = situation.registry.isGateway(gatewayId)
    ? { openedAt, count: 0, silentCount: 0, shortestIntervalMs: Infinity, heardAt: 0 }
    : undefined;
  gateways.set(gatewayId, behind);
  return behind;
}

function count(behind: Behind, device: DeviceRecord, heardAt: number, isSilent: boolean): void {
  behind.count++;
  if (isSilent) behind.silentCount++;
  behind.shortestIntervalMs = Math.min(behind.shortestIntervalMs, device.reportingIntervalMs);
  behind.heardAt = Math.max(behind.heardAt, heardAt);
}

const heardAtOf = (situation: Situation, device: DeviceRecord, state: DeviceState): number =>
  Math.max(situation.lastReceivedAt.get(device.id) ?? 0, state.openedAt ?? 0);

/** Nobody was silent while nobody listened, nor while its gateway was away. */
function isTooLong(
  situation: Situation,
  device: DeviceRecord,
  heardAt: number,
  gatewayOpenedAt: number,
  now: number,
): boolean {
  const since = Math.max(heardAt, situation.listeningSince, gatewayOpenedAt);
  return now - since > MISSED_INTERVALS * device.reportingIntervalMs && isInPlace(device);
}

/** Dead: silent itself; or gone, or as quiet as all that stand behind it (a connection that nobody noticed to be cut). */
function judgeGateway(
  situation: Situation,
  effects: Effects,
  entryId: string,
  now: number,
  gateway: Watched,
  behind: Behind,
): void {
  const { silentCount } = behind;
  const isQuiet =
    behind.count > 1 &&
    silentCount === behind.count &&
    now - Math.max(gateway.heardAt, situation.listeningSince) > MISSED_INTERVALS * behind.shortestIntervalMs;
  const isDead = gateway.isSilent || (silentCount > 0 && (!gateway.state.online || isQuiet));
  const heardAt = Math.max(gateway.heardAt, behind.heardAt);
  judge(situation, effects, entryId, now, { ...gateway, heardAt }, isDead, silentCount);
}

function judge(
  situation: Situation,
  effects: Effects,
  entryId: string,
  now: number,
  { device, state, heardAt, isSilent }: Watched,
  isFault: boolean,
  silentChildren?: number,
): void {
  const ground = { situation, effects, place: situation.placeOf(device), bearer: device.id, at: now };
  if ((isSilent || isFault) && (state.online || state.silentSince === undefined)) {
    const next = { ...state, online: false, silentSince: state.silentSince ?? now };
    setDeviceState(situation, effects, ground.place, device.id, state, next, now);
  }
  const alarm = situation.condition(`${device.id}//silent`)?.condition;
  const isRaised = alarm?.sources['centre'] !== undefined;
  if (isFault && !isUnderMaintenance(device) && (!isRaised || isCountNew(alarm.alarm?.value, silentChildren))) {
    const counted = { measure: 'silentChildren', isRunningCount: true } as const;
    const words = silentChildren === undefined ? {} : { value: silentChildren, ...counted };
    tellFault({ ...ground, entryId }, 'silent', words);
  }
  // After a restart of the centre nobody counts as silent for a while; that is no sign of life.
  if (isSilent || isFault || state.silentSince === undefined || heardAt <= state.silentSince) return;
  const { silentSince: _over, ...known } = situation.deviceStates.get(device.id) ?? state;
  const rest = { ...known, heardAgainAt: now };
  situation.deviceStates.set(device.id, rest);
  effects.deviceStates.set(device.id, { place: ground.place, state: rest });
  if (isRaised) endFault(ground, 'silent');
}

const isCountNew = (shown: number | undefined, count: number | undefined): boolean =>
  count !== undefined && shown !== count;

/** Its gateway's fault stands for it. */
function isBehindSilent(situation: Situation, { parentId }: DeviceRecord): boolean {
  if (parentId === undefined) return false;
  return isFaultTold(situation, parentId, 'silent');
}

import { classify } from '@fengsui/alarm';
import { isInPlace, isUnderMaintenance } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { setDeviceState } from './apply-presence.ts';
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

/**
 * Who has been silent for too long is offline, whatever his session says, and a fault for people to see: `silent`.
 * Behind a dead gateway everybody is silent; that is one fault, the gateway's, with the number of its children.
 */
export function sweepSilence(situation: Situation, effects: Effects, entryId: string, now: number): void {
  const watched = new Map<string, Watched>();
  const children = new Map<string, Watched[]>();
  for (const [deviceId, state] of situation.deviceStates) {
    const device = situation.registry.device(deviceId);
    if (device === undefined) continue;
    const found = watch(situation, device, state, now);
    watched.set(deviceId, found);
    const { parentId } = device;
    if (parentId === undefined || !situation.registry.isGateway(parentId)) continue;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [found]);
    else siblings.push(found);
  }
  for (const [gatewayId, behind] of children) {
    const gateway = watched.get(gatewayId);
    if (gateway !== undefined) judgeGateway(situation, effects, entryId, now, gateway, behind);
  }
  for (const found of watched.values()) {
    const { device } = found;
    if (children.has(device.id)) continue;
    judge(situation, effects, entryId, now, found, found.isSilent && !isBehindSilent(situation, device));
  }
}

function watch(situation: Situation, device: DeviceRecord, state: DeviceState, now: number): Watched {
  const heardAt = Math.max(situation.lastReceivedAt.get(device.id) ?? 0, state.openedAt ?? 0);
  // Nobody was silent while nobody listened, nor while its gateway was away.
  const gateway = device.parentId === undefined ? undefined : situation.deviceStates.get(device.parentId);
  const since = Math.max(heardAt || state.changedAt, situation.listeningSince, gateway?.openedAt ?? 0);
  const isSilent = isInPlace(device) && now - since > MISSED_INTERVALS * device.reportingIntervalMs;
  return { device, state, heardAt, isSilent };
}

/** Dead: silent itself; or gone, or as quiet as all that stand behind it (a connection that nobody noticed to be cut). */
function judgeGateway(
  situation: Situation,
  effects: Effects,
  entryId: string,
  now: number,
  gateway: Watched,
  behind: readonly Watched[],
): void {
  const silent = behind.filter(({ isSilent }) => isSilent);
  const shortestMs = Math.min(...behind.map(({ device }) => device.reportingIntervalMs));
  const isQuiet =
    behind.length > 1 &&
    silent.length === behind.length &&
    now - Math.max(gateway.heardAt, situation.listeningSince) > MISSED_INTERVALS * shortestMs;
  const isDead = gateway.isSilent || (silent.length > 0 && (!gateway.state.online || isQuiet));
  const heardAt = Math.max(gateway.heardAt, ...behind.map((child) => child.heardAt));
  judge(situation, effects, entryId, now, { ...gateway, heardAt }, isDead, silent.length);
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
  const place = situation.placeOf(device);
  if ((isSilent || isFault) && (state.online || state.silentSince === undefined)) {
    const next = { ...state, online: false, silentSince: state.silentSince ?? now };
    setDeviceState(situation, effects, place, device.id, state, next, now);
  }
  const alarm = situation.condition(`${device.id}//silent`)?.condition;
  const isRaised = alarm?.sources['centre'] !== undefined;
  if (isFault && !isUnderMaintenance(device) && (!isRaised || isCountNew(alarm.alarm?.value, silentChildren))) {
    const { classification } = classify('silent', 'warning');
    const counted = silentChildren === undefined ? {} : { value: silentChildren, measure: 'silentChildren' };
    const event = {
      kind: 'sourceActive',
      source: 'centre',
      level: 'warning',
      pointId: '',
      at: now,
      receivedAt: now,
      entryId,
      origin: place.origin,
      classification,
      ...counted,
      ...(silentChildren !== undefined && { isRunningCount: true }),
    } as const;
    situation.tell(place, device.id, '', 'silent', event, effects);
  }
  // After a restart of the centre nobody counts as silent for a while; that is no sign of life.
  if (isSilent || isFault || state.silentSince === undefined || heardAt <= state.silentSince) return;
  const { silentSince: _over, ...rest } = situation.deviceStates.get(device.id) ?? state;
  situation.deviceStates.set(device.id, rest);
  effects.deviceStates.set(device.id, { place, state: rest });
  if (!isRaised) return;
  situation.tell(
    place,
    device.id,
    '',
    'silent',
    { kind: 'sourceInactive', source: 'centre', at: now, live: true },
    effects,
  );
}

const isCountNew = (shown: number | undefined, count: number | undefined): boolean =>
  count !== undefined && shown !== count;

/** Its gateway's fault stands for it. */
function isBehindSilent(situation: Situation, { parentId }: DeviceRecord): boolean {
  if (parentId === undefined) return false;
  return situation.condition(`${parentId}//silent`)?.condition.sources['centre'] !== undefined;
}

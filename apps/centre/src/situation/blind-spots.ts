import { canHold } from '@fengsui/alarm';
import type { SensorFault } from '@fengsui/fusion';
import { venueLifeOf, type BlindReason, type BlindSpot, type Coverage } from '@fengsui/protocol';
import { unknownFamily } from '../registry/device-model.ts';
import { isInPlace, lifeOf } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Scope } from '../access/scope.ts';
import type { Situation } from './situation.ts';

/** States in which a condition is kept from the queue. */
const OUT_OF_VIEW: ReadonlySet<string> = new Set(['shelved', 'suppressedByDesign', 'outOfService']);
/** A detector whose own panel keeps it silent. */
const SHIELDED = 'shielded';
const reasonOfFault: Readonly<Record<SensorFault, BlindReason>> = {
  drifting: 'sensorDrifting',
  noisy: 'sensorNoisy',
  stuck: 'sensorStuck',
};

/**
 * Detectors that are in place and cannot raise an alarm, with every reason. Computed anew: it is never out of date.
 *
 * @param now lists those too that raise, but whose calibration is past its term then, or whose sensor fails slowly.
 */
export function blindSpots(situation: Situation, scope: Scope, now?: number): BlindSpot[] {
  const isolated = isolatedDevices(situation, scope);
  const facts = new Map<string, ModelFacts>();
  const found: BlindSpot[] = [];
  for (const device of detectorsOf(situation, scope)) {
    const key = `${device.model}/${ruleKeyOf(situation, device)}`;
    let model = facts.get(key);
    if (model === undefined) facts.set(key, (model = factsOf(situation, device)));
    const isolation = situation.isolations.ofDevice(situation.registry, device);
    const reasons = reasonsOf(situation, device, model, {
      isolated: isolated.has(device.id) || isolation?.kind === 'isolated',
      onTest: isolation?.kind === 'onTest',
    });
    if (now !== undefined && situation.registry.factory.isOverdue(device.id, now)) reasons.push('calibrationOverdue');
    if (now !== undefined) {
      const faults = new Set(situation.sensorFaultsOf(device).map(([, , fault]) => reasonOfFault[fault]));
      reasons.push(...faults);
    }
    if (reasons.length === 0) continue;
    const { id, venueId, areaId, name, nameEn } = device;
    found.push({
      deviceId: id,
      venueId,
      ...(areaId !== undefined && { areaId }),
      ...(name !== undefined && { name }),
      ...(nameEn !== undefined && { nameEn }),
      family: model.family,
      reasons,
      ...(isolation !== undefined && {
        isolation: {
          id: isolation.id,
          kind: isolation.kind,
          until: new Date(isolation.until).toISOString(),
          by: isolation.askedBy,
        },
      }),
    });
  }
  return found;
}

/** What is the same for all devices of a model in venues with the same rules: a city has thousands of devices and a dozen models. */
type ModelFacts = { readonly family: string; readonly reason: BlindReason | undefined };

/** Venues of the same key have the same rules; '' where rules do not ask for the venue. */
function ruleKeyOf({ registry }: Situation, { venueId }: DeviceRecord): string {
  const venue = registry.rules.isAnyOn ? registry.venue(venueId) : undefined;
  return venue === undefined ? '' : `${venue.class}/${venue.organisationId}`;
}

function factsOf({ registry, limits, ruleWatch }: Situation, { model: modelId, venueId }: DeviceRecord): ModelFacts {
  const model = registry.model(modelId);
  const { family = unknownFamily, points = [], events = [] } = model ?? {};
  const ids = points.map(({ id }) => id);
  const canRaise =
    events.length > 0 ||
    ids.some((id) => limits.rulesOf(modelId, id, venueId).length > 0) ||
    ruleWatch.rulesOf({ model: modelId, venueId }).some(({ test }) => canHold(test, ids));
  return { family, reason: canRaise ? undefined : points.length === 0 ? 'modelWithoutAlarm' : 'noRule' };
}

/** Everything that stands in its place to watch; a gateway only passes on what others see. */
function detectorsOf({ registry }: Situation, scope: Scope): DeviceRecord[] {
  return registry
    .devices(scope)
    .filter((device) => isInPlace(device) && registry.model(device.model)?.gateway !== true);
}

function isolatedDevices(situation: Situation, scope: Scope): ReadonlySet<string> {
  return new Set(
    situation
      .alarms(scope)
      .filter(({ kind, state, clearedAt }) => OUT_OF_VIEW.has(state) || (kind === SHIELDED && clearedAt === undefined))
      .map(({ deviceId }) => deviceId),
  );
}

function reasonsOf(
  situation: Situation,
  device: DeviceRecord,
  model: ModelFacts,
  out: Readonly<Record<'isolated' | 'onTest', boolean>>,
): BlindReason[] {
  const reasons: BlindReason[] = [];
  if (device.areaId === undefined && (device.area ?? '').trim() === '') reasons.push('noArea');
  if (model.reason !== undefined) reasons.push(model.reason);
  if (device.testFailedAt !== undefined) reasons.push('testFailed');
  // A simulated detector proves nothing by a test.
  else if (device.testedAt === undefined && device.origin === 'live') reasons.push('neverTested');
  if (out.isolated) reasons.push('isolated');
  if (out.onTest) reasons.push('onTest');
  const life = lifeOf(device);
  if (life === 'maintenance') reasons.push('maintenance');
  if (life === 'installed') reasons.push('notActive');
  // Nobody has shown yet that what stands there works: the venue is not watched, whatever its devices say.
  if (venueLifeOf(situation.registry.venue(device.venueId) ?? {}) !== 'live') reasons.push('venueNotLive');
  if (device.revokedAt !== undefined) reasons.push('revoked');
  if (!situation.lastReceivedAt.has(device.id)) reasons.push('neverReported');
  else if (situation.deviceStates.get(device.id)?.online !== true) reasons.push('silent');
  return reasons;
}

/** How well each venue of the scope is watched. */
export function coverage(situation: Situation, scope: Scope): Coverage[] {
  const { registry } = situation;
  const blind = new Set(blindSpots(situation, scope).map(({ deviceId }) => deviceId));
  const detectors = Map.groupBy(detectorsOf(situation, scope), ({ venueId }) => venueId);
  const areas = Map.groupBy(registry.areas(scope), ({ venueId }) => venueId);
  const circuits = Map.groupBy(registry.circuits(scope), ({ deviceId }) => deviceId);
  return registry.venues(scope).map((venue): Coverage => {
    const { id: venueId } = venue;
    const here = detectors.get(venueId) ?? [];
    const able = here.filter(({ id }) => !blind.has(id));
    const own = areas.get(venueId) ?? [];
    const parents = new Set(own.map(({ parentId }) => parentId));
    // A room, not the floor that is made of rooms.
    const leaves = own.filter(({ id }) => !parents.has(id));
    const areasOf = (device: DeviceRecord): readonly (string | undefined)[] => [
      device.areaId,
      ...(circuits.get(device.id) ?? []).map(({ areaId }) => areaId),
    ];
    const watched = new Set(able.flatMap(areasOf));
    const unwatched = leaves.filter(({ id }) => !watched.has(id));
    const families = Map.groupBy(here, ({ model }) => registry.model(model)?.family ?? unknownFamily);
    return {
      venueId,
      life: venueLifeOf(venue),
      detectorCount: here.length,
      ableCount: able.length,
      areaCount: leaves.length,
      coveredAreaCount: leaves.length - unwatched.length,
      blindAreas: unwatched.map(({ id, name, nameEn }) => ({
        areaId: id,
        name,
        ...(nameEn !== undefined && { nameEn }),
        detectorCount: here.filter((device) => areasOf(device).includes(id)).length,
      })),
      families: [...families].map(([family, members]) => ({
        family,
        detectorCount: members.length,
        ableCount: members.filter(({ id }) => !blind.has(id)).length,
      })),
    };
  });
}

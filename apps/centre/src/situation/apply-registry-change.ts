import { venueLifeOf, type Venue } from '@fengsui/protocol';
import { isUnderMaintenance, lifeOf } from '../registry/device-life.ts';
import { settleIsolations } from '../isolation/run-isolation.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import { settleRules } from '../rules/settle-rules.ts';
import { lacksAll, type Lacking } from './duty.ts';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';

/** Applies a change of the registry, and what follows from it for alarms. */
export function applyRegistryChange(
  situation: Situation,
  effects: Effects,
  change: RegistryChange,
  at: number,
  lacking?: Lacking,
): void {
  if (change.kind === 'venuePut') noteVenueLife(situation, effects, change.venue, at);
  observeRegistryChange(situation, effects, change, at, lacking);
  effects.registryChanges.push(change);
}

/**
 * The same where it is on record: what follows from it for the alarms of this process's devices. The registry may have
 * come with it already, or with more.
 */
export function observeRegistryChange(
  situation: Situation,
  effects: Effects,
  change: RegistryChange,
  at: number,
  lacking: Lacking = lacksAll,
): void {
  const before = change.kind === 'devicePut' ? situation.registry.device(change.device.id) : undefined;
  const venue = change.kind === 'venuePut' ? situation.registry.venue(change.venue.id) : undefined;
  if (lacking.registry) situation.registry.apply(change);
  if (change.kind === 'rulePut')
    settleRules(situation, effects, at, lacking, (_device, ruleId) => ruleId === change.version.rule.id);
  // In another class of venue, or under another authority, other rules may hold.
  if (change.kind === 'venuePut' && venue !== undefined && isOtherwiseRuled(venue, change.venue))
    settleRules(situation, effects, at, lacking, ({ venueId }) => venueId === venue.id);
  // In another venue, or as another model, it is under other rules.
  if (change.kind === 'devicePut' && before !== undefined && isOtherwiseRuledDevice(before, change.device))
    settleRules(situation, effects, at, lacking, ({ id }) => id === change.device.id);
  // It, or the area it is in, stands elsewhere: before its sources end, so that what was hidden is seen to end.
  if (change.kind === 'areaPut' || (before !== undefined && isMoved(before, change)))
    settleIsolations(situation, effects, at, lacking);
  if (change.kind !== 'devicePut' || before === undefined) return;
  // What it has told stays with the process of the venue it leaves, and is over there.
  if (!situation.ownsDevice(change.device)) endSources(situation, effects, change.device.id, at, lacking);
  else lifeChanged(situation, effects, before, change.device, at, lacking);
}

const isOtherwiseRuled = (before: Venue, now: Venue): boolean =>
  before.class !== now.class || before.organisationId !== now.organisationId;

const isOtherwiseRuledDevice = (before: DeviceRecord, now: DeviceRecord): boolean =>
  before.venueId !== now.venueId || before.model !== now.model;

const isMoved = (before: DeviceRecord, change: RegistryChange): boolean =>
  change.kind === 'devicePut' &&
  (before.venueId !== change.device.venueId ||
    before.areaId !== change.device.areaId ||
    before.model !== change.device.model);

/** A venue that comes with a life of its own, from a workbook or a program. A person's act notes it with his name. */
function noteVenueLife(situation: Situation, effects: Effects, venue: Venue, at: number): void {
  const before = situation.registry.venue(venue.id);
  const from = before === undefined ? undefined : venueLifeOf(before);
  const to = venueLifeOf(venue);
  if (from === to || (before === undefined && venue.life === undefined)) return;
  const place = { partition: situation.registry.partitionOf(venue.id), venueId: venue.id, origin: venue.origin };
  effects.venueLife.push({ venueId: venue.id, place, at, by: 'registry', ...(from !== undefined && { from }), to });
}

function lifeChanged(
  situation: Situation,
  effects: Effects,
  before: DeviceRecord,
  now: DeviceRecord,
  at: number,
  lacking: Lacking,
): void {
  // Also when it was retired before: what it had on the way then is over by now. What has ended does not end again.
  if (lifeOf(now) === 'retired') endSources(situation, effects, now.id, at, lacking);
  else if (isUnderMaintenance(now) !== isUnderMaintenance(before)) situation.showAnew(now.id, effects);
}

/** A retired device says nothing more: its conditions are over, and stay to be seen until acknowledged. */
function endSources(situation: Situation, effects: Effects, deviceId: string, at: number, lacking: Lacking): void {
  for (const { place, condition } of situation.openConditionsOf(deviceId)) {
    if (!situation.owns(place.partition) || !lacking.partition(place.partition)) continue;
    const { prefix, kind } = condition.key;
    for (const source of Object.keys(condition.sources))
      situation.tell(place, deviceId, prefix, kind, { kind: 'sourceInactive', source, at, live: true }, effects);
  }
}

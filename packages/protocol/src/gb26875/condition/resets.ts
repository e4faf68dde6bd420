import { standardGbProfile, type GbProfile } from '../profile.ts';
import type { GbUnit } from '../unit/gb-unit.ts';
import { gbBitNames, gbOperationBits, gbStatusBits } from '../words/bits.ts';
import { placeAndTime, type GbPlace } from './conditions.ts';

/** A reset at the place: conditions there and at all its components end on the device's side. */
export type GbReset = GbPlace & {
  /** `alarms`: fire and manual alarm only (警情消除). */
  readonly of: 'everything' | 'alarms';
  readonly at?: number;
};

/**
 * Resets that a unit reports: bit 13 of a system's state, operations «reset» and «alarm cleared». To be applied before
 * the conditions of the same unit, which tell what is true after it. The incident stays until a person closes it.
 */
export function gbResets(unit: GbUnit, profile: GbProfile = standardGbProfile): GbReset[] {
  if (unit.kind !== 'objects') return [];
  const { type } = unit;
  return unit.objects.flatMap((object): GbReset[] => {
    const names = [
      ...gbBitNames(gbStatusBits(type, profile) ?? [], object.status ?? 0),
      ...gbBitNames(gbOperationBits(type, profile) ?? [], object.operation ?? 0),
    ];
    if (names.includes('reset')) return [{ ...placeAndTime(object), of: 'everything' }];
    return names.includes('alarmCleared') ? [{ ...placeAndTime(object), of: 'alarms' }] : [];
  });
}

import { standardGbProfile, type GbProfile } from '../profile.ts';
import type { GbObject } from '../unit/gb-object.ts';
import type { GbUnit } from '../unit/gb-unit.ts';
import { gbBitNames, gbOperationBits, gbStatusBits } from '../words/bits.ts';
import { gbConditionKinds, type GbConditionKind } from './condition-kinds.ts';

/** Where it is: all absent = the transmission device; no part address = a whole system; else one component. */
export type GbPlace = {
  readonly systemType?: number;
  readonly systemAddress?: number;
  /** An attribute, not part of the identity: reads do not name it. */
  readonly partType?: number;
  readonly partAddress?: string;
};

export type GbCondition = GbPlace & {
  readonly kind: GbConditionKind;
  readonly isActive: boolean;
  /** Epoch ms by the device's clock; absent when its label is no time. */
  readonly at?: number;
  /** The make's bit 0 is reliable and says test. Without that word of the profile a fire is never taken for a test. */
  readonly isTest?: true;
};

/**
 * Conditions that a unit states, fires first. Pure; other units state none.
 *
 * A status word is a level, not an edge: every condition its type can tell is listed, active or not, so that what is
 * not set any more clears. A manual alarm comes from an operation record and is never listed as inactive: a reset
 * clears it, see `gbResets`.
 */
export function gbConditions(unit: GbUnit, profile: GbProfile = standardGbProfile): GbCondition[] {
  if (unit.kind !== 'objects') return [];
  const { type } = unit;
  const conditions = unit.objects.flatMap((object) => [
    ...levels(type, object, profile),
    ...manualAlarm(type, object, profile),
  ]);
  return conditions.sort((left, right) => urgency(left) - urgency(right));
}

function levels(type: number, object: GbObject, profile: GbProfile): GbCondition[] {
  const bits = gbStatusBits(type, profile);
  const { status } = object;
  if (bits === undefined || status === undefined) return [];
  const set = gbBitNames(bits, status);
  const isTest = profile.isTestBitReliable === true && !set.includes('normal');
  const told = new Set(bits.map((bit) => bit.name));
  return gbConditionKinds
    .filter((kind) => told.has(kind))
    .map((kind) => ({
      ...placeAndTime(object),
      kind,
      isActive: set.includes(kind),
      ...(isTest ? { isTest } : {}),
    }));
}

function manualAlarm(type: number, object: GbObject, profile: GbProfile): GbCondition[] {
  const bits = gbOperationBits(type, profile);
  if (bits === undefined || !gbBitNames(bits, object.operation ?? 0).includes('manualAlarm')) return [];
  return [{ ...placeAndTime(object), kind: 'manualAlarm', isActive: true }];
}

function urgency(condition: GbCondition): number {
  const isFire = condition.kind === 'fire' || condition.kind === 'manualAlarm';
  return isFire && condition.isActive ? 0 : 1;
}

/** Place and time of an object, without fields it does not have. */
export function placeAndTime(object: GbObject): GbPlace & { readonly at?: number } {
  const { systemType, systemAddress, partType, partAddress, at } = object;
  return {
    ...(systemType === undefined ? {} : { systemType }),
    ...(systemAddress === undefined ? {} : { systemAddress }),
    ...(partType === undefined ? {} : { partType }),
    ...(partAddress === undefined ? {} : { partAddress }),
    ...(at === undefined ? {} : { at }),
  };
}

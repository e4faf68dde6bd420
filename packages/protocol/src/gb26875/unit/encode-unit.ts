import { copyBytes, joinBytes } from '../bytes.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import type { GbUnit } from './gb-unit.ts';
import type { GbLayout } from './layout.ts';
import { gbUnitType } from './unit-types.ts';
import { writeObject } from './write-object.ts';

/**
 * The bytes of a data unit; the inverse of `decodeGbUnit` with the same profile, byte for byte.
 *
 * @throws RangeError naming field, value and expectation when the unit cannot be written.
 */
export function encodeGbUnit(unit: GbUnit, profile: GbProfile = standardGbProfile): Uint8Array<ArrayBuffer> {
  switch (unit.kind) {
    case 'empty':
      return new Uint8Array(0);
    case 'unreadable':
      return copyBytes(unit.data);
    case 'userDefined':
    case 'reserved':
      return joinBytes([Uint8Array.of(unit.type, unit.count), unit.body]);
    case 'objects': {
      const { layout, maxCount } = layoutOf(unit.type, unit.by, profile);
      const count = unit.objects.length;
      if (count < 1 || count > maxCount) {
        throw new RangeError(`${count} objects of type ${unit.type}, 1…${maxCount} expected`);
      }
      const pad = profile.textPad ?? 'nul';
      const objects = unit.objects.map((object, i) => writeObject(layout, object, `objects[${i}]`, pad));
      return joinBytes([Uint8Array.of(unit.type, count), ...objects]);
    }
  }
}

/**
 * The layout of a type by the standard or by a profile.
 *
 * @throws RangeError when there is none.
 */
export function layoutOf(
  type: number,
  by: 'standard' | 'profile',
  profile: GbProfile,
): { readonly layout: GbLayout; readonly maxCount: number } {
  if (by === 'standard') {
    const row = gbUnitType(type);
    if (row) return row;
    throw new RangeError(`type ${type} has no layout in the standard`);
  }
  const own = profile.units?.find((unit) => unit.type === type);
  if (own) return { layout: own.fields, maxCount: own.maxCount ?? 255 };
  throw new RangeError(`type ${type} has no layout in profile ${profile.id}`);
}

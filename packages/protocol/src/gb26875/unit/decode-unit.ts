import { copyBytes } from '../bytes.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import type { TextPad } from '../text/text-field.ts';
import type { GbObject } from './gb-object.ts';
import type { GbUnit, GbUnitFault } from './gb-unit.ts';
import { hasCountedText, layoutBytes, type GbLayout } from './layout.ts';
import { readObject } from './read-object.ts';
import { gbUnitType } from './unit-types.ts';

type Misfit = { readonly reason: GbUnitFault; readonly detail: string };

/**
 * Reads a data unit. Never throws.
 *
 * The profile's layout of the type is tried first, then the standard's; the reason for an unreadable unit is the one
 * the standard gives, or the profile's where the standard has no such type.
 */
export function decodeGbUnit(data: Uint8Array, profile: GbProfile = standardGbProfile): GbUnit {
  const [type, count] = data;
  if (type === undefined) return { kind: 'empty' };
  if (count === undefined) {
    return unreadable(data, { reason: 'countMissing', detail: 'unit of 1 byte, a type and a count expected' });
  }
  const pad = profile.textPad ?? 'nul';
  let misfit: Misfit | undefined;
  for (const form of formsOf(type, profile)) {
    const objects = readObjects(data, count, form.maxCount, form.layout, pad);
    if ('reason' in objects) misfit = objects;
    else return { kind: 'objects', type, by: form.by, objects };
  }
  if (misfit !== undefined) return unreadable(data, misfit);
  const kind = type >= 128 && type <= 254 ? 'userDefined' : 'reserved';
  return { kind, type, count, body: copyBytes(data, 2) };
}

function formsOf(type: number, profile: GbProfile) {
  const own = profile.units?.find((unit) => unit.type === type);
  const standard = gbUnitType(type);
  return [
    ...(own ? [{ by: 'profile' as const, layout: own.fields, maxCount: own.maxCount ?? 255 }] : []),
    ...(standard ? [{ by: 'standard' as const, layout: standard.layout, maxCount: standard.maxCount }] : []),
  ];
}

function unreadable(data: Uint8Array, misfit: Misfit): GbUnit {
  return { kind: 'unreadable', data: copyBytes(data), ...misfit };
}

function readObjects(
  data: Uint8Array,
  count: number,
  maxCount: number,
  layout: GbLayout,
  pad: TextPad,
): readonly GbObject[] | Misfit {
  if (count === 0) return { reason: 'countZero', detail: `0 objects of type ${data[0]}, 1…${maxCount} expected` };
  if (count > maxCount) {
    return { reason: 'countAboveMax', detail: `${count} objects of type ${data[0]}, 1…${maxCount} expected` };
  }
  const isWalked = hasCountedText(layout);
  const expected = 2 + count * layoutBytes(layout);
  if (!isWalked && data.length !== expected) {
    return {
      reason: 'lengthMismatch',
      detail: `unit of ${data.length} bytes with ${count} objects of type ${data[0]}, ${expected} bytes expected`,
    };
  }
  const objects: GbObject[] = [];
  let offset = 2;
  while (objects.length < count) {
    const next = readObject(layout, data, offset, pad);
    if (next === undefined) {
      const detail = `object ${objects.length} of type ${data[0]} at byte ${offset} ends behind the unit's ${data.length}`;
      return { reason: 'textTruncated', detail };
    }
    objects.push(next.object);
    offset = next.end;
  }
  if (offset === data.length) return objects;
  const detail = `${data.length - offset} bytes behind the last of ${count} objects of type ${data[0]}, none expected`;
  return { reason: 'trailingBytes', detail };
}

import type { GbDiscarded, GbFrame } from '../frame/frame.ts';
import { toHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { toBeijingIso } from '../time-label.ts';
import { encodeGbUnit } from '../unit/encode-unit.ts';
import type { GbObject } from '../unit/gb-object.ts';
import type { GbUnit } from '../unit/gb-unit.ts';
import { gbBitNames, gbOperationBits, gbStatusBits } from '../words/bits.ts';
import { gbQuantity } from '../words/quantity.ts';
import type { GbDiscardedJson, GbFrameJson, GbObjectJson } from './frame-json.ts';

/** A frame for people and programs; `gbFrameFromJson` with the same profile is the way back, byte for byte. */
export function gbFrameToJson(frame: GbFrame, profile: GbProfile = standardGbProfile): GbFrameJson {
  const { serial, version, sentAt, sentAtHex, source, destination, command, unit } = frame;
  return {
    ...verdict(unit),
    serial,
    version: { major: version.major, user: version.user },
    ...(sentAt === undefined ? {} : { sentAt: toBeijingIso(sentAt) }),
    ...(sentAtHex === undefined ? {} : { sentAtHex }),
    source,
    destination,
    command,
    ...content(unit, profile),
  };
}

/** Bytes that are no frame; also a `discarded` or `damaged` piece of a stream. */
export function gbDiscardedToJson(
  discarded: Pick<GbDiscarded, 'bytes' | 'reason'> & { detail?: string },
): GbDiscardedJson {
  const { reason, detail, bytes } = discarded;
  return { valid: false, reason, ...(detail === undefined ? {} : { detail }), bytes: toHex(bytes) };
}

function verdict(unit: GbUnit): Pick<GbFrameJson, 'valid' | 'reason' | 'detail'> {
  if (unit.kind === 'unreadable') return { valid: false, reason: unit.reason, detail: unit.detail };
  if (unit.kind !== 'reserved') return { valid: true };
  return { valid: false, reason: 'reservedType', detail: `type ${unit.type} is reserved by the standard` };
}

function content(
  unit: GbUnit,
  profile: GbProfile,
): Pick<GbFrameJson, 'type' | 'count' | 'profile' | 'objects' | 'data'> {
  if (unit.kind === 'empty') return {};
  if (unit.kind === 'objects') {
    const { type, by, objects } = unit;
    return {
      type,
      count: objects.length,
      ...(by === 'profile' ? { profile: profile.id } : {}),
      objects: objects.map((object) => objectToJson(type, object, profile)),
    };
  }
  const bytes = encodeGbUnit(unit, profile);
  const [type, count] = bytes;
  return {
    ...(type === undefined ? {} : { type }),
    ...(count === undefined ? {} : { count }),
    data: toHex(bytes),
  };
}

function objectToJson(type: number, object: GbObject, profile: GbProfile): GbObjectJson {
  const { raw, at, fromAt, ...rest } = object;
  return {
    ...rest,
    ...flags(type, object, profile),
    ...(raw === undefined ? {} : rawToJson(raw, object.analogType, profile)),
    ...(at === undefined ? {} : { at: toBeijingIso(at) }),
    ...(fromAt === undefined ? {} : { fromAt: toBeijingIso(fromAt) }),
  };
}

function rawToJson(raw: number, analogType: number | undefined, profile: GbProfile) {
  return analogType === undefined ? { value: raw } : gbQuantity(analogType, raw, profile);
}

function flags(type: number, object: GbObject, profile: GbProfile): { readonly flags?: readonly string[] } {
  const [bits, word] =
    object.status === undefined
      ? [gbOperationBits(type, profile), object.operation]
      : [gbStatusBits(type, profile), object.status];
  return bits === undefined || word === undefined ? {} : { flags: gbBitNames(bits, word) };
}

import { shortText } from '../../wire/discarded.ts';
import { isJsonObject, type JsonObject } from '../../wire/json-object.ts';
import { gbAddressBytes, gbMaxDataBytes, type GbFrame } from '../frame/frame.ts';
import { fromHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { timeLabelBytes } from '../time-label.ts';
import { decodeGbUnit } from '../unit/decode-unit.ts';
import { encodeGbUnit, layoutOf } from '../unit/encode-unit.ts';
import type { GbUnit } from '../unit/gb-unit.ts';
import { gbUnitType } from '../unit/unit-types.ts';
import { problemList, type GbJsonProblem, type ProblemList } from './json-problems.ts';
import { objectFromJson } from './object-from-json.ts';
import { readHex, readInstantText, readInteger } from './read-fields.ts';

const fields =
  'valid reason detail serial version sentAt sentAtHex source destination command type count profile objects data'.split(
    ' ',
  );

/**
 * The frame of a JSON object in the form of `gbFrameToJson`, or every problem it has. Never throws.
 *
 * `version` may be absent (the profile's, else {1, 0}), so may `sentAt` (six zeros), `count`, and all of `type`,
 * `objects` and `data` (an empty unit). `valid`, `reason` and `detail` are ignored.
 */
export function gbFrameFromJson(
  value: unknown,
  profile: GbProfile = standardGbProfile,
):
  | { readonly kind: 'frame'; readonly frame: GbFrame }
  | { readonly kind: 'problems'; readonly problems: readonly GbJsonProblem[] } {
  const problems = problemList();
  if (!isJsonObject(value)) {
    problems.refuse('', value, 'an object');
    return { kind: 'problems', problems: problems.found };
  }
  for (const key of Object.keys(value)) {
    if (!fields.includes(key)) problems.refuse(key, value[key], `no such field; one of ${fields.join(', ')}`);
  }
  const { sentAt, sentAtHex } = value;
  const head = {
    serial: readInteger(value['serial'], [0, 0xffff], 'serial', problems),
    version: readVersion(value['version'], profile, problems),
    source: readHex(value['source'], gbAddressBytes, 'source', problems),
    destination: readHex(value['destination'], gbAddressBytes, 'destination', problems),
    command: readInteger(value['command'], [0, 255], 'command', problems),
    sentAt: sentAt === undefined ? undefined : readInstantText(sentAt, 'sentAt', problems),
    sentAtHex: sentAtHex === undefined ? undefined : readHex(sentAtHex, timeLabelBytes, 'sentAtHex', problems),
  };
  const unit = unitFromJson(value, profile, problems);
  const { serial, source, destination, command } = head;
  const isWhole =
    unit !== undefined &&
    serial !== undefined &&
    source !== undefined &&
    destination !== undefined &&
    command !== undefined;
  if (isWhole && problems.found.length === 0) {
    const dataBytes = encodeGbUnit(unit, profile).length;
    if (dataBytes > gbMaxDataBytes)
      problems.refuse('objects', value['objects'], `at most ${gbMaxDataBytes} bytes, not ${dataBytes},`);
  }
  if (!isWhole || problems.found.length > 0) return { kind: 'problems', problems: problems.found };
  const frame: GbFrame = {
    serial,
    version: head.version,
    source,
    destination,
    command,
    unit,
    ...(head.sentAt === undefined ? {} : { sentAt: head.sentAt }),
    ...(head.sentAtHex === undefined ? {} : { sentAtHex: head.sentAtHex }),
  };
  return { kind: 'frame', frame };
}

function readVersion(value: unknown, profile: GbProfile, problems: ProblemList): GbFrame['version'] {
  const fallback = profile.version ?? { major: 1, user: 0 };
  if (value === undefined) return fallback;
  if (!isJsonObject(value)) {
    problems.refuse('version', value, 'an object with major and user');
    return fallback;
  }
  return {
    major: readInteger(value['major'], [0, 255], 'version.major', problems) ?? fallback.major,
    user: readInteger(value['user'], [0, 255], 'version.user', problems) ?? fallback.user,
  };
}

function unitFromJson(value: JsonObject, profile: GbProfile, problems: ProblemList): GbUnit | undefined {
  const { type, count, objects, data } = value;
  if (data !== undefined) return unitFromData(value, profile, problems);
  if (type === undefined && objects === undefined) {
    return count === undefined
      ? { kind: 'empty' }
      : problems.refuse('type', type, `the type of ${shortText(count)} objects`);
  }
  const typeByte = readInteger(type, [0, 255], 'type', problems);
  if (typeByte === undefined) return undefined;
  const by = readOwner(value, typeByte, profile, problems);
  if (by === undefined) return undefined;
  const { layout, maxCount } = layoutOf(typeByte, by, profile);
  if (!Array.isArray(objects) || objects.length < 1 || objects.length > maxCount) {
    return problems.refuse('objects', objects, `an array of 1…${maxCount} objects`);
  }
  if (count !== undefined && count !== objects.length)
    problems.refuse('count', count, `${objects.length}, the objects given,`);
  const read = objects.map((object, i) => objectFromJson(layout, object, { path: `objects[${i}]`, problems, profile }));
  return { kind: 'objects', type: typeByte, by, objects: read };
}

/** Whose layout the objects have; the profile's when the value names it or the standard has no such type. */
function readOwner(value: JsonObject, type: number, profile: GbProfile, problems: ProblemList) {
  const name = value['profile'];
  const isOwn = profile.units?.some((unit) => unit.type === type) === true;
  const standard = gbUnitType(type);
  if (name !== undefined && (name !== profile.id || !isOwn)) {
    return problems.refuse('profile', name, isOwn ? profile.id : `no profile: ${profile.id} has no type ${type},`);
  }
  if (name !== undefined || (isOwn && standard === undefined)) return 'profile' as const;
  if (standard) return 'standard' as const;
  return problems.refuse('type', type, 'a type of the standard or of the profile, or else its bytes in `data`,');
}

function unitFromData(value: JsonObject, profile: GbProfile, problems: ProblemList): GbUnit | undefined {
  const { type, count, objects } = value;
  const hex = readHex(value['data'], undefined, 'data', problems);
  const data = hex === undefined ? undefined : fromHex(hex);
  if (data === undefined) return undefined;
  if (objects !== undefined) return problems.refuse('objects', objects, 'either objects or data, not both,');
  if (data.length > gbMaxDataBytes) return problems.refuse('data', value['data'], `at most ${gbMaxDataBytes} bytes`);
  if (type !== undefined && type !== data[0])
    return problems.refuse('type', type, `${data[0]}, the first byte of data,`);
  if (count !== undefined && count !== data[1]) {
    return problems.refuse('count', count, `${data[1]}, the second byte of data,`);
  }
  return decodeGbUnit(data, profile);
}

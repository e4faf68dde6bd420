import { isJsonObject, type JsonObject } from '../../wire/json-object.ts';
import type { GbProfile } from '../profile.ts';
import { textFieldProblem } from '../text/text-field.ts';
import { timeLabelBytes } from '../time-label.ts';
import type { GbObject, GbTextName } from '../unit/gb-object.ts';
import { numberRange, type GbField, type GbLayout } from '../unit/layout.ts';
import { gbRawOf } from '../words/quantity.ts';
import type { ProblemList } from './json-problems.ts';
import { readHex, readInstantText, readInteger } from './read-fields.ts';

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
type Context = { readonly path: string; readonly problems: ProblemList; readonly profile: GbProfile };

const forReadersOnly = ['flags', 'unit', 'quality'];

/** An object of a unit; what does not fit is noted, with the path of the field. */
export function objectFromJson(layout: GbLayout, json: unknown, context: Context): GbObject {
  const object: Writable<GbObject> = {};
  const { path, problems } = context;
  if (!isJsonObject(json)) {
    problems.refuse(path, json, 'an object');
    return object;
  }
  for (const field of layout) readField(field, json, object, context);
  const known = new Set([...layout.flatMap(keysOf), ...forReadersOnly]);
  for (const key of Object.keys(json)) {
    if (!known.has(key)) problems.refuse(`${path}.${key}`, json[key], `no such field; one of ${[...known].join(', ')}`);
  }
  return object;
}

function keysOf(field: GbField): string[] {
  if (field.kind === 'extraNumber' || field.kind === 'extraHex') return ['extra'];
  if (field.kind === 'number') return [field.name === 'raw' ? 'value' : field.name];
  return field.kind === 'hex' ? [field.name] : [field.name, `${field.name}Hex`];
}

function readField(field: GbField, json: JsonObject, object: Writable<GbObject>, context: Context): void {
  const { path, problems } = context;
  const place = `${path}.${field.name}`;
  const value = json[field.name];
  if (field.kind === 'number') {
    if (field.name === 'raw') setIfKnown(object, 'raw', rawFromJson(json, numberRange(field), context));
    else if (field.name !== 'reserved' || (value !== undefined && value !== 0)) {
      setIfKnown(object, field.name, readInteger(value, numberRange(field), place, problems));
    }
  } else if (field.kind === 'hex') {
    setIfKnown(object, field.name, readHex(value, field.bytes, place, problems));
  } else if (field.kind === 'time') {
    const hex = json[`${field.name}Hex`];
    if (hex !== undefined)
      setIfKnown(object, `${field.name}Hex`, readHex(hex, timeLabelBytes, `${place}Hex`, problems));
    if (value !== undefined) setIfKnown(object, field.name, readInstantText(value, place, problems));
  } else if (field.kind === 'text') readText('description', field.bytes, field.bytes, json, object, context);
  else if (field.kind === 'countedText') readText('text', 255, undefined, json, object, context);
  else readExtra(field, json, object, context);
}

/** The raw count of `value`, which is in the unit of the analog type. */
function rawFromJson(json: JsonObject, range: readonly [number, number], context: Context): number | undefined {
  const { path, problems, profile } = context;
  const { value, analogType } = json;
  if (typeof value !== 'number') return problems.refuse(`${path}.value`, value, 'a number');
  const { raw, step } = typeof analogType === 'number' ? gbRawOf(analogType, value, profile) : { raw: value, step: 1 };
  if (raw !== undefined && Number.isInteger(raw) && raw >= range[0] && raw <= range[1]) return raw;
  return problems.refuse(`${path}.value`, value, `a multiple of ${step}, ${range[0]}…${range[1]} times,`);
}

/** A text wins over its bytes only when they are not there: `…Hex` is what came on the wire. */
function readText(
  name: GbTextName,
  maxBytes: number,
  hexLength: number | undefined,
  json: JsonObject,
  object: Writable<GbObject>,
  { path, problems }: Context,
): void {
  const hex = json[`${name}Hex`];
  const value = json[name];
  if (hex !== undefined) {
    const digits = readHex(hex, hexLength, `${path}.${name}Hex`, problems);
    if (digits !== undefined && digits.length > 2 * maxBytes) {
      problems.refuse(`${path}.${name}Hex`, hex, `at most ${2 * maxBytes} hex digits`);
    }
    setIfKnown(object, `${name}Hex`, digits);
  }
  if (value === undefined && (hex !== undefined || name === 'description')) return;
  if (typeof value !== 'string') {
    problems.refuse(`${path}.${name}`, value, 'a text');
    return;
  }
  const problem = hex === undefined ? textFieldProblem(value, maxBytes) : undefined;
  if (problem !== undefined) problems.refuse(`${path}.${name}`, value, problem.replace(/ expected$/, ''));
  object[name] = value;
}

function readExtra(
  field: Extract<GbField, { kind: 'extraNumber' | 'extraHex' }>,
  json: JsonObject,
  object: Writable<GbObject>,
  { path, problems }: Context,
): void {
  const extra = json['extra'];
  if (!isJsonObject(extra)) {
    problems.refuse(`${path}.extra`, extra, `an object with ${field.name}`);
    return;
  }
  const place = `${path}.extra.${field.name}`;
  const value =
    field.kind === 'extraNumber'
      ? readInteger(extra[field.name], numberRange(field), place, problems)
      : readHex(extra[field.name], field.bytes, place, problems);
  if (value !== undefined) object.extra = { ...object.extra, [field.name]: value };
}

function setIfKnown<Key extends keyof GbObject>(
  object: Writable<GbObject>,
  key: Key,
  value: Exclude<GbObject[Key], undefined> | undefined,
): void {
  if (value !== undefined) object[key] = value;
}

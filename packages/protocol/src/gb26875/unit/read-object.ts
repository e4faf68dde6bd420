import { toHex } from '../hex.ts';
import { encodeGb18030 } from '../text/gb18030.ts';
import { decodeTextField, encodeTextField, type TextPad } from '../text/text-field.ts';
import { readTimeLabel, timeLabelBytes } from '../time-label.ts';
import type { GbObject, GbTextName, GbTimeName } from './gb-object.ts';
import type { GbField, GbLayout } from './layout.ts';

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** One object from its bytes and where it ends; undefined when they are too short for it. */
export function readObject(
  layout: GbLayout,
  bytes: Uint8Array,
  start: number,
  pad: TextPad,
): { readonly object: GbObject; readonly end: number } | undefined {
  const object: Writable<GbObject> = {};
  const extra: Record<string, number | string> = {};
  let offset = start;
  for (const field of layout) {
    const length = lengthAt(field, bytes, offset);
    if (length === undefined || offset + length > bytes.length) return undefined;
    const part = bytes.subarray(offset, offset + length);
    if (field.kind === 'number') {
      const value = readNumber(part, field);
      // A reserved byte is zero; only what deviates is worth a field.
      if (field.name !== 'reserved' || value !== 0) object[field.name] = value;
    } else if (field.kind === 'hex') object.partAddress = toHex(part);
    else if (field.kind === 'text') readText(object, 'description', part, (text) => encodeTextField(text, length, pad));
    else if (field.kind === 'countedText') readText(object, 'text', part.subarray(1), (text) => encodeGb18030(text));
    else if (field.kind === 'time') readTime(object, field.name, part);
    else extra[field.name] = field.kind === 'extraNumber' ? readNumber(part, field) : toHex(part);
    offset += length;
  }
  if (Object.keys(extra).length > 0) object.extra = extra;
  return { object, end: offset };
}

function lengthAt(field: GbField, bytes: Uint8Array, offset: number): number | undefined {
  if (field.kind === 'time') return timeLabelBytes;
  if (field.kind !== 'countedText') return field.bytes;
  const length = bytes[offset];
  return length === undefined ? undefined : 1 + length;
}

function readNumber(bytes: Uint8Array, form: { readonly isSigned?: boolean; readonly isHighFirst?: boolean }): number {
  const highFirst = form.isHighFirst === true ? bytes : bytes.toReversed();
  const value = highFirst.reduce((sum, byte) => sum * 256 + byte, 0);
  const values = 256 ** bytes.length;
  return form.isSigned === true && value >= values / 2 ? value - values : value;
}

function readText(
  object: Writable<GbObject>,
  name: GbTextName,
  bytes: Uint8Array,
  canonical: (text: string) => Uint8Array,
) {
  const text = decodeTextField(bytes);
  // A configuration of no characters is an answer; a component without a description has none.
  if (text !== '' || name === 'text') object[name] = text;
  if (toHex(canonical(text)) !== toHex(bytes)) object[`${name}Hex`] = toHex(bytes);
}

function readTime(object: Writable<GbObject>, name: GbTimeName, bytes: Uint8Array): void {
  const at = readTimeLabel(bytes);
  if (at !== undefined) object[name] = at;
  else if (bytes.some((byte) => byte !== 0)) object[`${name}Hex`] = toHex(bytes);
}

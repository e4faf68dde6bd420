import { fromHex } from '../hex.ts';
import { joinBytes } from '../bytes.ts';
import { encodeGb18030 } from '../text/gb18030.ts';
import { encodeTextField, type TextPad } from '../text/text-field.ts';
import { timeLabelBytes, writeTimeLabel } from '../time-label.ts';
import type { GbObject } from './gb-object.ts';
import { numberRange, type GbField, type GbLayout } from './layout.ts';

const maxCountedTextBytes = 255;

/**
 * The bytes of one object. A text longer than its field is cut between characters; an absent text is padding, an absent
 * time six zeros.
 *
 * @param path names the object in errors, `objects[0]`.
 * @throws RangeError naming field, value and expectation when a field is missing or does not fit.
 */
export function writeObject(layout: GbLayout, object: GbObject, path: string, pad: TextPad): Uint8Array<ArrayBuffer> {
  return joinBytes(layout.map((field) => writeField(field, object, `${path}.${field.name}`, pad)));
}

function writeField(field: GbField, object: GbObject, path: string, pad: TextPad): Uint8Array {
  switch (field.kind) {
    case 'number':
      return writeNumber(object[field.name] ?? (field.name === 'reserved' ? 0 : undefined), field, path);
    case 'hex':
      return hexBytes(object.partAddress, field.bytes, path);
    case 'text':
      if (object.descriptionHex !== undefined) return hexBytes(object.descriptionHex, field.bytes, `${path}Hex`);
      return encodeTextField(object.description ?? '', field.bytes, pad);
    case 'countedText':
      return writeCountedText(object, path);
    case 'time': {
      const hex = object[`${field.name}Hex`];
      return hex === undefined ? writeTimeLabel(object[field.name]) : hexBytes(hex, timeLabelBytes, `${path}Hex`);
    }
    case 'extraNumber':
      return writeNumber(object.extra?.[field.name], field, path);
    case 'extraHex':
      return hexBytes(object.extra?.[field.name], field.bytes, path);
  }
}

function writeNumber(
  value: unknown,
  form: { readonly bytes: number; readonly isSigned?: boolean; readonly isHighFirst?: boolean },
  path: string,
): Uint8Array {
  const [least, most] = numberRange(form);
  if (!(typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`${path} is ${String(value)}, an integer ${least}…${most} expected`);
  }
  const bytes = new Uint8Array(form.bytes);
  for (let i = 0, rest = value < 0 ? value + 256 ** form.bytes : value; i < form.bytes; i += 1) {
    bytes[form.isHighFirst === true ? form.bytes - 1 - i : i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

function writeCountedText(object: GbObject, path: string): Uint8Array {
  const text =
    object.textHex === undefined
      ? encodeGb18030(object.text ?? '', maxCountedTextBytes)
      : hexBytes(object.textHex, undefined, `${path}Hex`);
  if (text.length > maxCountedTextBytes) throw new RangeError(`${path}Hex has ${text.length} bytes, 0…255 expected`);
  return Uint8Array.of(text.length, ...text);
}

function hexBytes(value: unknown, length: number | undefined, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value, length) : undefined;
  if (bytes !== undefined) return bytes;
  throw new RangeError(
    `${path} is ${String(value)}, ${length === undefined ? '' : `${2 * length} `}hex digits expected`,
  );
}

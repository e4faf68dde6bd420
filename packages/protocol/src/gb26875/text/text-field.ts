import { decodeGb18030, encodeGb18030 } from './gb18030.ts';

/** What fills a text field behind the text: NUL by most makes, blanks by some. The standard leaves it open. */
export type TextPad = 'nul' | 'space';

/**
 * Text of a field: up to the first NUL (real frames carry stale bytes behind it; no character of GB 18030 holds a NUL),
 * without a last broken character and without trailing blanks. Never throws.
 */
export function decodeTextField(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeGb18030(end < 0 ? bytes : bytes.subarray(0, end)).replace(/ +$/, '');
}

/** A field of exactly `length` bytes: the text cut between characters, then padded. */
export function encodeTextField(text: string, length: number, pad: TextPad = 'nul'): Uint8Array<ArrayBuffer> {
  const field = new Uint8Array(length).fill(pad === 'nul' ? 0 : 0x20);
  field.set(encodeGb18030(text, length));
  return field;
}

/** Why a text does not survive a field of at most `maxBytes`; undefined when it does. Trailing blanks do not count. */
export function textFieldProblem(text: string, maxBytes: number): string | undefined {
  const bytes = encodeGb18030(text);
  if (bytes.length > maxBytes) return `${bytes.length} bytes of GB 18030, at most ${maxBytes} expected`;
  return decodeTextField(bytes) === text.replace(/ +$/, '') ? undefined : 'a text of GB 18030 without NUL expected';
}

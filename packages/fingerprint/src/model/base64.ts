const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    parts.push(digit(word >> 18), digit(word >> 12));
    parts.push(left > 1 ? digit(word >> 6) : '=', left > 2 ? digit(word) : '=');
  }
  return parts.join('');
}

/** The bytes of a text of RFC 4648 §4, padding required; undefined when it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let word = 0;
    for (let place = 0; place < 4; place++)
      word = (word << 6) | Math.max(0, DIGITS.indexOf(text[at + place] as string));
    bytes[to] = word >> 16;
    if (to + 1 < bytes.length) bytes[to + 1] = (word >> 8) & 0xff;
    if (to + 2 < bytes.length) bytes[to + 2] = word & 0xff;
  }
  return bytes;
}

function digit(value: number): string {
  return DIGITS[value & 63] as string;
}

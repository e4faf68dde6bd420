import { decodeUtf8, encodeUtf8 } from '../wire/utf8.ts';

export type EmbeddedRule = {
  readonly path: string;
  readonly encoding?: 'none' | 'base64' | 'hex';
  readonly content?: 'json' | 'text' | 'bytes';
};

const MOST_BYTES = 256 * 1024;
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Map([...digits].map((digit, index) => [digit, index]));
sextets.set('-', 62).set('_', 63);

/** The message inside a text of a message. Pure; never throws. */
export function decodeEmbedded(
  text: unknown,
  { encoding = 'none', content = 'json' }: EmbeddedRule,
): { readonly value: unknown } | { readonly refused: 'embeddedNotJson' | 'embeddedUnreadable' } {
  if (typeof text !== 'string') return { refused: content === 'json' ? 'embeddedNotJson' : 'embeddedUnreadable' };
  let inner = text;
  if (encoding !== 'none' || content === 'bytes') {
    const bytes =
      encoding === 'base64' ? bytesOfBase64(text) : encoding === 'hex' ? bytesOfHex(text) : encodeUtf8(text);
    if (bytes === undefined || bytes.length > MOST_BYTES) return { refused: 'embeddedUnreadable' };
    if (content === 'bytes') return { value: [...bytes] };
    const decoded = decodeUtf8(bytes);
    if (decoded === undefined) return { refused: 'embeddedUnreadable' };
    inner = decoded;
  }
  if (content === 'text') return { value: inner };
  try {
    return { value: JSON.parse(inner) as unknown };
  } catch {
    return { refused: 'embeddedNotJson' };
  }
}

/** RFC 4648, both alphabets, padding optional; undefined when it is neither. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const body = text.replace(/\s/g, '').replace(/={1,2}$/, '');
  if (body.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of body) {
    const value = sextets.get(digit);
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}

function bytesOfHex(text: string): Uint8Array | undefined {
  const body = text.replace(/\s/g, '');
  if (body.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(body)) return undefined;
  return Uint8Array.from(body.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

// Every JavaScript host has it (WHATWG Encoding), the bare language does not name it; `gb18030` is one of its labels.
declare const TextDecoder: new (label: string) => Decoder;
type Decoder = { decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string };

const questionMark = 0x3f;
/** Two-byte codes reach 0xfefe; four-byte codes of the basic plane are kept behind them as their linear index. */
const fourByteMark = 0x10000;
/** Four-byte codes 81308130…8431a439 in order: all of the basic plane that has no two-byte code. */
const basicPlaneFourByteCodes = 39420;
/** Linear index of 90308130 = U+10000; from there on index and code point rise together. */
const supplementaryIndex = 189_000;

/**
 * Text of GB 18030 bytes. A last character that is cut short is dropped; an impossible code becomes U+FFFD. Never throws.
 *
 * On a host without this encoding every byte above 0x7f becomes U+FFFD.
 */
export function decodeGb18030(bytes: Uint8Array): string {
  const decoder = gb18030Decoder();
  if (decoder === undefined) return String.fromCharCode(...Array.from(bytes, (byte) => (byte < 0x80 ? byte : 0xfffd)));
  const text = decoder.decode(bytes, { stream: true });
  // The decoder holds an unfinished character back until it is told that nothing follows.
  decoder.decode();
  return text;
}

/**
 * GB 18030 bytes of a text, at most `maxBytes`, cut between characters. A character the encoding does not hold (a lone
 * surrogate, a few private ones) becomes `?`.
 */
export function encodeGb18030(text: string, maxBytes = Infinity): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const character of text) {
    const code = codeOf(character.codePointAt(0) ?? questionMark);
    const length = code < 0x100 ? 1 : code < 0x10000 ? 2 : 4;
    if (bytes.length + length > maxBytes) break;
    for (let shift = 8 * (length - 1); shift >= 0; shift -= 8) bytes.push((code >>> shift) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** The bytes of one character as one number, first byte highest. */
function codeOf(codePoint: number): number {
  if (codePoint < 0x80) return codePoint;
  if (codePoint > 0xffff) return fourByteCode(supplementaryIndex + codePoint - 0x10000);
  const entry = basicPlane()[codePoint] ?? 0;
  if (entry === 0) return questionMark;
  return entry < fourByteMark ? entry : fourByteCode(entry - fourByteMark);
}

/** Bytes run 81…fe, 30…39, 81…fe, 30…39. */
function fourByteCode(index: number): number {
  const fourth = 0x30 + (index % 10);
  const third = 0x81 + (Math.floor(index / 10) % 126);
  const second = 0x30 + (Math.floor(index / 1260) % 10);
  const first = 0x81 + Math.floor(index / 12600);
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}

let knownDecoder: Decoder | 'none' | undefined;

function gb18030Decoder(): Decoder | undefined {
  try {
    knownDecoder ??= new TextDecoder('gb18030');
  } catch {
    knownDecoder = 'none';
  }
  return knownDecoder === 'none' ? undefined : knownDecoder;
}

let knownBasicPlane: Int32Array | undefined;

/** Code of each UTF-16 unit, 0 = none; asked from the host's decoder on first use, so both directions agree. */
function basicPlane(): Int32Array {
  if (knownBasicPlane !== undefined) return knownBasicPlane;
  const codes = new Int32Array(0x10000);
  const note = (text: string | undefined, code: number) => {
    const unit = text?.length === 1 ? text.charCodeAt(0) : 0;
    // Of two codes for one character the first is the usual one (A1A1 and A3A0 are both the ideographic space).
    if (unit >= 0x80 && codes[unit] === 0) codes[unit] = code;
  };
  for (let first = 0x81; first <= 0xfe; first += 1) {
    const pairs: number[] = [];
    for (let second = 0x40; second <= 0xfe; second += 1) if (second !== 0x7f) pairs.push(first, second, 0x0a);
    const characters = decodeGb18030(Uint8Array.from(pairs)).split('\n');
    for (let i = 0; 3 * i < pairs.length; i += 1) {
      if (characters[i] !== '\ufffd') note(characters[i], (first << 8) | (pairs[3 * i + 1] ?? 0));
    }
  }
  const quads = new DataView(new ArrayBuffer(4 * basicPlaneFourByteCodes));
  for (let i = 0; i < basicPlaneFourByteCodes; i += 1) quads.setUint32(4 * i, fourByteCode(i));
  const characters = decodeGb18030(new Uint8Array(quads.buffer));
  if (characters.length === basicPlaneFourByteCodes) {
    for (let i = 0; i < characters.length; i += 1) note(characters[i], fourByteMark + i);
  }
  knownBasicPlane = codes;
  return codes;
}

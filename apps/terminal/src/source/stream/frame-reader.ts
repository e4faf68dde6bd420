import { crc32 } from 'node:zlib';
import { bytesOfFormat, streamHeaderProblems, type StreamHeader } from './stream-format.ts';

/** What a reader of bytes gives. `discarded`: bytes that were no block. */
export type StreamItem =
  | { readonly kind: 'header'; readonly header: StreamHeader }
  | {
      readonly kind: 'block';
      readonly frames: number;
      readonly payload: Buffer;
      /** Frames that are missing before it. */
      readonly missing: number;
      readonly isOverrun: boolean;
      /** Epoch ms of its first frame; absent: the sampler has no clock. */
      readonly at?: number;
    }
  | { readonly kind: 'discarded'; readonly bytes: number; readonly detail: string };

/** Bytes of a stream in, headers and blocks out; however the bytes are split. */
export type StreamReader = {
  /** @throws Error for a header that cannot be read. */
  push(bytes: Buffer): readonly StreamItem[];
  /** Bytes that are no whole block yet. */
  readonly pending: number;
};

const HEADER_MAGIC = Buffer.from('FSS1');
const BLOCK_MAGIC = Buffer.from('FSB1');
const HEADER_PREFIX_BYTES = 8;
const MOST_HEADER_BYTES = 64 * 1024;
const BLOCK_PREFIX_BYTES = 32;
const MOST_FRAMES = 65_536;

/** Reads the framed stream of docs/reference/sample-stream.md. What is broken is skipped to the next block. */
export function createFrameReader(): StreamReader {
  let buffer: Buffer = Buffer.alloc(0);
  let header: StreamHeader | undefined;
  let headerText = '';
  let expected: number | undefined;

  function readHeader(): StreamItem | undefined {
    if (buffer.length < HEADER_PREFIX_BYTES) return undefined;
    if (!buffer.subarray(0, 4).equals(HEADER_MAGIC)) {
      const seen = JSON.stringify(buffer.subarray(0, 4).toString('latin1'));
      throw new Error(`the stream begins with ${seen}, expected a header that begins with FSS1`);
    }
    const length = buffer.readUInt32LE(4);
    if (length > MOST_HEADER_BYTES)
      throw new Error(`the header is ${length} bytes, at most ${MOST_HEADER_BYTES} expected`);
    if (buffer.length < HEADER_PREFIX_BYTES + length) return undefined;
    const text = buffer.subarray(HEADER_PREFIX_BYTES, HEADER_PREFIX_BYTES + length).toString('utf8');
    buffer = buffer.subarray(HEADER_PREFIX_BYTES + length);
    if (header !== undefined && text !== headerText)
      throw new Error('the stream goes on with another header, expected the same');
    headerText = text;
    header = headerOf(text);
    expected = undefined;
    return { kind: 'header', header };
  }

  function readBlock(known: StreamHeader): StreamItem | undefined {
    if (buffer.length < 4) return undefined;
    if (buffer.subarray(0, 4).equals(HEADER_MAGIC)) return readHeader();
    if (!buffer.subarray(0, 4).equals(BLOCK_MAGIC)) return skip(1, 'no block begins here');
    if (buffer.length < BLOCK_PREFIX_BYTES) return undefined;
    const frames = buffer.readUInt32LE(4);
    if (frames < 1 || frames > MOST_FRAMES) return skip(4, `a block of ${frames} frames, expected 1 to ${MOST_FRAMES}`);
    const end = BLOCK_PREFIX_BYTES + frames * known.channels.length * bytesOfFormat[known.format];
    if (buffer.length < end) return undefined;
    const payload = buffer.subarray(BLOCK_PREFIX_BYTES, end);
    if (crc32(payload) !== buffer.readUInt32LE(28)) return skip(4, 'a block whose check sum is another');
    const first = Number(buffer.readBigUInt64LE(8));
    const atUs = Number(buffer.readBigUInt64LE(16));
    const isOverrun = buffer.readUInt32LE(24) > 0;
    buffer = buffer.subarray(end);
    if (expected !== undefined && first < expected) {
      return { kind: 'discarded', bytes: end, detail: `a block from frame ${first}, ${expected} was the next` };
    }
    const missing = expected === undefined ? 0 : first - expected;
    expected = first + frames;
    return { kind: 'block', frames, payload, missing, isOverrun, ...(atUs > 0 && { at: atUs / 1000 }) };
  }

  /** To the next magic word that is at least `least` bytes away; a word that may just be beginning stays. */
  function skip(least: number, detail: string): StreamItem {
    const next = [HEADER_MAGIC, BLOCK_MAGIC]
      .map((magic) => buffer.indexOf(magic, least))
      .filter((at) => at >= 0)
      .sort((a, b) => a - b)[0];
    const bytes = next ?? Math.max(least, buffer.length - 3);
    buffer = buffer.subarray(bytes);
    return { kind: 'discarded', bytes, detail };
  }

  return {
    push(bytes) {
      buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes]);
      const items: StreamItem[] = [];
      for (;;) {
        const item = header === undefined ? readHeader() : readBlock(header);
        if (item === undefined) return items;
        items.push(item);
      }
    },
    get pending() {
      return buffer.length;
    },
  };
}

function headerOf(text: string): StreamHeader {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the header is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const problems = streamHeaderProblems(document);
  if (problems.length > 0) throw new Error(`the header: ${problems.join('; ')}`);
  return document as StreamHeader;
}

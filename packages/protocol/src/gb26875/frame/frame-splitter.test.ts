import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../hex.ts';
import { decodeGbFrame } from './decode-frame.ts';
import { createGbFrameSplitter, splitGbDatagram, type GbPiece } from './frame-splitter.ts';

const seed = Number(process.env['FENGSUI_FUZZ_SEED'] ?? 20251122);
const longestHeld = 1053;

const fire = bytesOf(`4040 0201 0101 0A070E05031A 4D3C2B1A0000 010000000000 3000 02 0201 010111 03000C00 0300
  C8FDB2E3C5E4B5E7BCE4 ${'00'.repeat(21)} 09070E05031A EE 2323`);
const confirm = bytesOf('4040 0201 0101 0A070E05031A 010000000000 4D3C2B1A0000 0000 03 18 2323');
const duty = bytesOf('4040 0700 0101 00090E05031A 010000000000 4D3C2B1A0000 0300 01 5B0105 76 2323');

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return fromHex(hex.replaceAll(/\s/g, '')) ?? assert.fail(`${hex} is not hex`);
}

const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const framesOf = (pieces: readonly GbPiece[]) =>
  pieces.filter((piece) => piece.kind === 'frame').map((piece) => toHex(piece.bytes));
/** Every byte in its order; damaged candidates are notices only. */
const passedOn = (pieces: readonly GbPiece[]) =>
  pieces
    .filter((piece) => piece.kind !== 'damaged')
    .map((piece) => toHex(piece.bytes))
    .join('');
const reasonsOf = (pieces: readonly GbPiece[]) =>
  pieces.map((piece) => (piece.kind === 'discarded' ? piece.reason : piece.kind));

/** A data unit of any bytes in a sound frame. */
function wrap(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = join(
    bytesOf('0100 0101 000000000000 4D3C2B1A0000 010000000000'),
    Uint8Array.of(data.length & 0xff, data.length >> 8, 2),
    data,
  );
  return join(bytesOf('4040'), body, Uint8Array.of(body.reduce((sum, one) => sum + one, 0) & 0xff), bytesOf('2323'));
}

/** Length of the sound frame that starts at a place, checked apart from the code by Table 1; 0 when there is none. */
function soundLength(stream: Uint8Array, at: number): number {
  const length = (stream[at + 24] ?? 0) | ((stream[at + 25] ?? 0) << 8);
  const end = at + 30 + length;
  const candidate = stream.subarray(at, end);
  const isSound =
    length <= 1024 &&
    end <= stream.length &&
    toHex(candidate.subarray(0, 2)) === '4040' &&
    toHex(candidate.subarray(-2)) === '2323' &&
    candidate.subarray(2, -3).reduce((sum, one) => sum + one, 0) % 256 === candidate.at(-3);
  return isSound ? 30 + length : 0;
}

/** The rule for a whole stream: left to right, one byte lost per false start. */
function framesByRule(stream: Uint8Array): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < stream.length) {
    const length = soundLength(stream, at);
    if (length > 0) found.push(toHex(stream.subarray(at, at + length)));
    at += Math.max(1, length);
  }
  return found;
}

test('a frame is found wherever the stream is cut', () => {
  const stream = join(fire, confirm, duty);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const splitter = createGbFrameSplitter();
    const pieces = [...splitter.push(stream.subarray(0, cut)), ...splitter.push(stream.subarray(cut))];
    assert.deepEqual(framesOf(pieces), [fire, confirm, duty].map(toHex), `cut at ${cut}`);
    assert.equal(splitter.heldBytes, 0);
  }
});

test('frames that arrive byte by byte come out at their last byte', () => {
  const splitter = createGbFrameSplitter();
  const stream = join(fire, confirm);
  const arrivals: number[] = [];
  stream.forEach((byte, i) => {
    if (splitter.push(Uint8Array.of(byte)).length > 0) arrivals.push(i + 1);
  });
  assert.deepEqual(arrivals, [fire.length, fire.length + confirm.length]);
});

test('start and end bytes inside a frame do not cut it', () => {
  const inner = wrap(join(bytesOf('8001 4040 2323 404040 2323'), confirm));
  assert.deepEqual(framesOf(splitGbDatagram(inner)), [toHex(inner)]);
});

test('a cut frame does not swallow the good one behind it', () => {
  for (let cut = 1; cut < fire.length; cut += 1) {
    const stream = join(fire.subarray(0, cut), confirm, duty);
    const splitter = createGbFrameSplitter();
    const pieces = splitter.push(stream);
    // The claim of the cut frame can hold the good ones back; the owner's timer ends that.
    pieces.push(...splitter.expire(0));
    assert.equal(splitter.heldBytes, 0);
    assert.deepEqual(framesOf(pieces), [confirm, duty].map(toHex), `cut at ${cut}`);
    assert.equal(passedOn(pieces), toHex(stream));
  }
});

test('what began to arrive later is waited for longer', () => {
  const splitter = createGbFrameSplitter();
  assert.deepEqual(splitter.push(fire.subarray(0, 50), 1000), []);
  assert.deepEqual(splitter.push(confirm.subarray(0, 10), 3000), []);
  assert.equal(splitter.heldSince, 1000);
  assert.deepEqual(splitter.expire(999), []);
  const pieces = splitter.expire(1000);
  assert.deepEqual(reasonsOf(pieces), ['incomplete']);
  assert.equal(passedOn(pieces), toHex(fire.subarray(0, 50)));
  assert.equal(splitter.heldSince, 3000);
  assert.deepEqual(framesOf(splitter.push(confirm.subarray(10), 3500)), [toHex(confirm)]);
  assert.equal(splitter.heldSince, undefined);
});

test('what is held and given out is no view of the memory that was pushed', () => {
  const splitter = createGbFrameSplitter();
  const received = Buffer.from(join(confirm, fire.subarray(0, 40)));
  const [first] = splitter.push(received);
  received.fill(0);
  assert.deepEqual(first, { kind: 'frame', bytes: confirm });
  assert.deepEqual(framesOf(splitter.push(Buffer.from(fire.subarray(40)))), [toHex(fire)]);
});

test('a damaged frame is told once, and a good frame inside of it is found', () => {
  const damaged = wrap(join(bytesOf('8001'), confirm, wrap(Uint8Array.of(0x80, 1, 2)).fill(0, -3, -2)));
  damaged[damaged.length - 3] = ((damaged.at(-3) ?? 0) + 1) & 0xff;
  const pieces = splitGbDatagram(join(damaged, duty));
  assert.deepEqual(framesOf(pieces), [confirm, duty].map(toHex));
  assert.deepEqual(
    pieces.filter((piece) => piece.kind === 'damaged').map((piece) => toHex(piece.bytes)),
    [toHex(damaged)],
  );
  assert.equal(passedOn(pieces), toHex(join(damaged, duty)));
});

test('a damaged frame is told once also when it arrives in pieces around it', () => {
  const damaged = confirm.slice();
  damaged[27] = 0;
  const splitter = createGbFrameSplitter();
  const pieces = [...join(damaged, fire, damaged)].flatMap((byte) => splitter.push(Uint8Array.of(byte)));
  pieces.push(...splitter.end());
  assert.equal(pieces.filter((piece) => piece.kind === 'damaged').length, 2);
  assert.deepEqual(framesOf(pieces), [toHex(fire)]);
});

test('each reason for losing bytes has its name', () => {
  const overLimit = confirm.slice();
  overLimit.set([1, 4], 24);
  const noEnd = confirm.slice();
  noEnd.set([0x35, 0x35], 28);
  assert.deepEqual(reasonsOf(splitGbDatagram(join(Uint8Array.of(1, 2, 3), fire))), ['noStart', 'frame']);
  assert.deepEqual(reasonsOf(splitGbDatagram(join(overLimit, fire))), ['lengthOverLimit', 'frame']);
  assert.deepEqual(reasonsOf(splitGbDatagram(join(noEnd, fire))), ['noEnd', 'frame']);
  assert.deepEqual(reasonsOf(splitGbDatagram(join(fire, confirm.subarray(0, 20)))), ['frame', 'incomplete']);
});

test('a run of start bytes resynchronises on the last two', () => {
  const stream = join(new Uint8Array(500).fill(0x40), fire);
  assert.deepEqual(framesOf(splitGbDatagram(stream)), framesByRule(stream));
  assert.deepEqual(framesOf(splitGbDatagram(stream)), [toHex(fire)]);
});

const frame = fc.oneof(
  fc.constantFrom(fire, confirm, duty),
  fc.uint8Array({ maxLength: 60 }).map((data) => wrap(data)),
);
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.constantFrom(0x40, 0x23, 0, 1, 0x1a), { maxLength: 80 }).map((row) => Uint8Array.from(row)),
  fc.tuple(frame, fc.nat(60)).map(([whole, cut]) => whole.subarray(0, cut)),
  fc
    .tuple(frame, fc.nat(60), fc.nat(255))
    .map(([whole, at, value]) => whole.map((byte, i) => (i === at ? value : byte))),
);
const stream = fc.array(fc.oneof(frame, garbage), { maxLength: 12 }).map((parts) => join(...parts));

test('frames do not depend on the chunks, follow the rule, and no byte is lost', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }), (bytes, sizes) => {
      const splitter = createGbFrameSplitter();
      const pieces: GbPiece[] = [];
      let at = 0;
      for (const size of sizes) {
        pieces.push(...splitter.push(bytes.subarray(at, at + size)));
        assert.ok(splitter.heldBytes <= longestHeld);
        at += size;
      }
      pieces.push(...splitter.push(bytes.subarray(at)), ...splitter.end());
      assert.deepEqual(framesOf(pieces), framesByRule(bytes));
      assert.equal(passedOn(pieces), toHex(bytes));
      assert.equal(splitter.heldBytes, 0);
    }),
    { numRuns: 500 },
  );
});

test('a good frame behind garbage is found unless a sound frame begins in the garbage', () => {
  fc.assert(
    fc.property(garbage, frame, (noise, good) => {
      const bytes = join(noise, good);
      fc.pre(noise.every((_, at) => soundLength(bytes, at) === 0));
      assert.deepEqual(framesOf(splitGbDatagram(bytes)), [toHex(good)]);
    }),
    { numRuns: 300 },
  );
});

test('a million fuzzed bytes throw nothing, hold little, and every frame that comes out is sound', () => {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const splitter = createGbFrameSplitter();
  const pieces = [fire, confirm, duty];
  const counts = { fed: 0, given: 0, frames: 0, sent: 0 };
  const take = (taken: readonly GbPiece[]) => {
    for (const piece of taken) {
      if (piece.kind !== 'damaged') counts.given += piece.bytes.length;
      const decoded = decodeGbFrame(piece.bytes);
      assert.equal(decoded.kind === 'frame', piece.kind === 'frame', toHex(piece.bytes));
      if (piece.kind === 'frame') counts.frames += 1;
    }
  };
  while (counts.fed < 1_000_000) {
    const roll = random();
    let chunk: Uint8Array = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
    if (roll < 0.2) chunk = pieces[Math.floor(random() * 3)] ?? fire;
    else if (roll < 0.4)
      chunk = (pieces[Math.floor(random() * 3)] ?? fire).map((byte) => (random() < 0.02 ? random() * 256 : byte));
    else if (roll < 0.5) chunk = chunk.map((byte) => (byte < 128 ? 0x40 : byte < 160 ? 0x23 : byte % 4));
    if (roll < 0.2) counts.sent += 1;
    counts.fed += chunk.length;
    take(splitter.push(chunk));
    assert.ok(splitter.heldBytes <= longestHeld, `${splitter.heldBytes} bytes held, seed ${seed}`);
    if (random() < 0.1) take(splitter.expire(Infinity));
  }
  take(splitter.end());
  assert.equal(counts.given, counts.fed);
  assert.ok(counts.frames > counts.sent * 0.8, `${counts.frames} of ${counts.sent} frames, seed ${seed}`);
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { assembleCapture, decodeCaptureChunk, encodeCapture, type CaptureChunk } from './capture.ts';
import { encodeFrames } from './capture-frames.ts';
import { crc32 } from './crc32.ts';
import { encodeUtf8 } from './utf8.ts';

const frameBytes = Uint8Array.from([0x9c, 0xff, 0xc8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00, 0x38, 0xff]);
const header = {
  epoch: 'b7',
  seq: 813,
  at: 1763718000123,
  sampleRateHz: 6400,
  mainsHz: 50,
  channels: [
    { point: 'c1.voltageV', unit: 'V', scale: 0.02, offset: 0 },
    { point: 'c1.currentA', unit: 'A', scale: 0.001, offset: 0.5 },
  ],
  frames: 3,
  triggerFrame: 1,
  sha256: '5ef342e304182c89952ec3ca64eb4a5dff2d738f801f4a0898337aff9b8de675',
};
const headerText = JSON.stringify(header);

// Heads packed with another implementation (Python struct and zlib).
const wholeHead = '46534331000001003a010000abe30c2e';
const splitHeads = ['46534331000002003a0100003338c180', '46534331010002000000000001153b06'];

function chunkOf(head: string, ...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from([...Buffer.from(head, 'hex'), ...parts.flatMap((part) => [...part])]);
}

function chunk(index: number, count: number, headerBytes: number, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(16);
  head.write('FSC1');
  head.writeUInt16LE(index, 4);
  head.writeUInt16LE(count, 6);
  head.writeUInt32LE(headerBytes, 8);
  head.writeUInt32LE(crc32(body), 12);
  return Uint8Array.from([...head, ...body]);
}

test('a capture of one chunk is encoded byte by byte as the wire page says', () => {
  assert.deepEqual(encodeCapture(header, frameBytes), [chunkOf(wholeHead, encodeUtf8(headerText), frameBytes)]);
});

test('a chunk is decoded with its header and its frame bytes', () => {
  const decoded = decodeCaptureChunk(chunkOf(wholeHead, encodeUtf8(headerText), frameBytes));
  assert.deepEqual(decoded, { kind: 'chunk', index: 0, count: 1, header, frameBytes });
});

test('a capture may be cut within a frame, and only chunk 0 has a header', () => {
  const chunks = encodeCapture(header, frameBytes, headerText.length + 2);
  assert.equal(chunks.length, 2);
  assert.deepEqual(chunks[0], chunkOf(splitHeads[0] ?? '', encodeUtf8(headerText), frameBytes.subarray(0, 2)));
  assert.deepEqual(chunks[1], chunkOf(splitHeads[1] ?? '', frameBytes.subarray(2)));
});

test('every chunk fits one packet and the default body is 60 KiB', () => {
  const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  const encoded = encodeFrames([{ point: 'p', unit: 'A', values }]);
  const big = { ...header, channels: encoded.channels, frames: encoded.frames };
  const lengths = encodeCapture(big, encoded.frameBytes).map((bytes) => bytes.length);
  assert.equal(lengths[0], 16 + 60 * 1024);
  assert.ok(encodeCapture(big, encoded.frameBytes, 261_104).every((bytes) => bytes.length + 1024 <= 256 * 1024));
  assert.throws(() => encodeCapture(big, encoded.frameBytes, 261_105), /bodyBytes is 261105/);
});

test('any flipped bit of a chunk is noticed or leaves the frames unchanged', () => {
  const good = encodeCapture(header, frameBytes)[0] as Uint8Array;
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bytes = good.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    const decoded = decodeCaptureChunk(bytes);
    // index and count are outside the CRC: a wrong count is noticed when the capture is put together.
    if (decoded.kind === 'chunk') assert.ok(bit >= 48 && bit < 64 && decoded.count !== 1, `bit ${bit}`);
  }
});

test('a chunk that breaks the layout is discarded with its reason', () => {
  const text = encodeUtf8(headerText);
  const rows: [Uint8Array, string][] = [
    [new Uint8Array(15), 'truncated'],
    [Uint8Array.from(Buffer.from(`FSC2${'\0'.repeat(12)}`)), 'unsupportedVersion'],
    [chunk(0, 0, 0, text), 'invalidField'],
    [chunk(2, 2, 0, text), 'invalidField'],
    [chunk(1, 2, 5, text), 'invalidField'],
    [chunk(0, 1, 0, text), 'invalidField'],
    [chunk(0, 1, text.length + 1, text), 'invalidField'],
    [chunk(0, 1, 3, encodeUtf8('abc')), 'notJson'],
    [new Uint8Array(256 * 1024 + 1), 'tooLarge'],
  ];
  for (const [bytes, reason] of rows) {
    const decoded = decodeCaptureChunk(bytes);
    assert.equal(decoded.kind === 'discarded' ? decoded.reason : decoded.kind, reason);
  }
});

test('a header that is wrong is discarded with the field, what is optional is left out', () => {
  const decode = (change: object) => {
    const text = encodeUtf8(JSON.stringify({ ...header, ...change }));
    return decodeCaptureChunk(chunk(0, 1, text.length, text));
  };
  const rows: [object, RegExp][] = [
    [{ sampleRateHz: 0 }, /sampleRateHz is 0/],
    [{ sampleRateHz: undefined }, /sampleRateHz is absent/],
    [{ frames: 1.5 }, /frames is 1.5/],
    [{ frames: 2 ** 40 }, /at most 67108864 bytes/],
    [{ sha256: 'ABC' }, /sha256 is "ABC"/],
    [{ sha256: header.sha256.toUpperCase() }, /sha256/],
    [{ channels: [] }, /channels/],
    [{ channels: Array(65).fill(header.channels[0]) }, /channels/],
    [{ channels: [{ point: 'p', scale: '1', offset: 0 }] }, /channels\[0\]\.scale is "1"/],
    [{ channels: [{ point: 'p', scale: 1e301, offset: 0 }] }, /channels\[0\]\.scale is 1e\+301/],
    [{ channels: [{ point: '', scale: 1, offset: 0 }] }, /channels\[0\]\.point/],
    [{ seq: -3 }, /seq is -3/],
  ];
  for (const [change, detail] of rows) {
    const decoded = decode(change);
    assert.ok(decoded.kind === 'discarded', JSON.stringify(change));
    assert.match(decoded.detail, detail);
  }
  const decoded = decode({ at: 'x', mainsHz: null, triggerFrame: 3 });
  assert.ok(decoded.kind === 'chunk');
  const { at: _at, mainsHz: _mainsHz, triggerFrame: _triggerFrame, ...rest } = header;
  assert.deepEqual(decoded.header, rest);
});

test('chunks in any order, some twice, give the capture back, and its sha256 fits', () => {
  const run = fc.record({
    values: fc.array(fc.double({ min: -400, max: 400, noNaN: true }), { minLength: 1, maxLength: 400 }),
    body: fc.integer({ min: 400, max: 900 }),
    shuffle: fc.infiniteStream(fc.nat()),
  });
  fc.assert(
    fc.property(run, ({ values, body, shuffle }) => {
      const encoded = encodeFrames([{ point: 'p', unit: 'V', values: Float64Array.from(values) }]);
      const sha256 = createHash('sha256').update(encoded.frameBytes).digest('hex');
      const sent = { ...header, channels: encoded.channels, frames: encoded.frames, triggerFrame: 0, sha256 };
      const chunks = encodeCapture(sent, encoded.frameBytes, body).map(
        (bytes) => decodeCaptureChunk(bytes) as CaptureChunk,
      );
      const doubled = [...chunks, ...chunks].map((item) => ({ item, key: shuffle.next().value as number }));
      const shuffled = doubled.sort((a, b) => a.key - b.key).map(({ item }) => item);
      const assembled = assembleCapture(shuffled);
      assert.deepEqual(assembled, { kind: 'capture', header: sent, frameBytes: encoded.frameBytes });
    }),
  );
});

test('a capture with gaps says which chunks are missing', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i);
  const encoded = encodeFrames([{ point: 'p', unit: 'V', values }]);
  const sent = { ...header, channels: encoded.channels, frames: 1000 };
  const chunks = encodeCapture(sent, encoded.frameBytes, 500).map((bytes) => decodeCaptureChunk(bytes) as CaptureChunk);
  assert.equal(chunks.length, 5);
  const without = (...gone: number[]) => assembleCapture(chunks.filter((_, i) => !gone.includes(i)));
  assert.deepEqual(without(2, 4), { kind: 'incomplete', count: 5, missing: [2, 4], header: sent });
  assert.deepEqual(without(0), { kind: 'incomplete', count: 5, missing: [0] });
  assert.deepEqual(assembleCapture([]), { kind: 'incomplete', count: 0, missing: [] });
});

test('chunks that contradict each other or the header are discarded', () => {
  const [only] = encodeCapture(header, frameBytes).map((bytes) => decodeCaptureChunk(bytes) as CaptureChunk);
  assert.ok(only);
  assert.equal(assembleCapture([only, { ...only, count: 2 }]).kind, 'discarded');
  assert.equal(assembleCapture([{ ...only, frameBytes: frameBytes.subarray(2) }]).kind, 'discarded');
});

test('what does not match is refused by the encoder', () => {
  assert.throws(() => encodeCapture(header, frameBytes.subarray(2)), /10 frame bytes, the header asks for 12/);
  assert.throws(() => encodeCapture({ ...header, triggerFrame: 3 }, frameBytes), /triggerFrame is 3/);
  assert.throws(() => encodeCapture({ ...header, sha256: 'x' }, frameBytes), /sha256/);
  assert.throws(() => encodeCapture(header, frameBytes, 100), /bodyBytes is 100/);
});

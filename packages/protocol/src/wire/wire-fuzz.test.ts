import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCaptureChunk, encodeCapture } from './capture.ts';
import { encodeFrames } from './capture-frames.ts';
import { decodeCommand } from './command.ts';
import { crc32 } from './crc32.ts';
import { decodeEvent, encodeEvent } from './event.ts';
import { decodePresence, encodePresence } from './presence.ts';
import { decodeReply, encodeReply } from './reply.ts';
import { decodeTelemetry } from './telemetry.ts';
import { encodeBinaryTelemetry } from './telemetry-binary.ts';
import { encodeBatchTelemetry, encodeSingleTelemetry } from './telemetry-json.ts';
import { decodeTime } from './time.ts';
import { encodeUtf8 } from './utf8.ts';

const seed = Number(process.env['FENGSUI_FUZZ_SEED'] ?? 20251121);
const runs = Number(process.env['FENGSUI_FUZZ_RUNS'] ?? 100_000);

/** mulberry32: small, seedable, good enough to choose bytes. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const decoders = [
  decodeTelemetry,
  decodeEvent,
  decodePresence,
  decodeReply,
  decodeCommand,
  decodeTime,
  decodeCaptureChunk,
];
const known = new Set(['telemetry', 'event', 'presence', 'reply', 'command', 'time', 'chunk', 'discarded']);

function decodeAll(bytes: Uint8Array, run: number): void {
  for (const decode of decoders) {
    try {
      assert.ok(known.has(decode(bytes).kind));
    } catch (error) {
      const hex = Buffer.from(bytes).toString('hex');
      throw new Error(`${decode.name} threw in run ${run}, seed ${seed}, on ${hex}`, { cause: error });
    }
  }
}

const { channels, frames, frameBytes } = encodeFrames([{ point: 'p', unit: 'A', values: Float64Array.of(1, 2, 3) }]);
const seeds: Uint8Array[] = [
  encodeSingleTelemetry({
    epoch: 'b7',
    seq: 812,
    at: 1763718000123,
    values: { 'c1.currentA': 4.31, 't1.temperatureC': 31.5 },
  }),
  encodeBatchTelemetry({ epoch: 'b7', seq: 1, at0: 5, periodMs: 20, points: ['a', 'b'], rows: [[1, NaN]] }),
  encodeBinaryTelemetry({
    epoch: 'b7',
    seq: 1,
    at0: 5,
    periodMs: 20,
    points: ['a', 'b'],
    rows: [[1, NaN]],
    precision: 'float32',
  }),
  encodeEvent({
    epoch: 'b7',
    seq: 2,
    at: 5,
    kind: 'arc',
    point: 'c1',
    active: true,
    level: 'warning',
    evidence: { a: [1] },
  }),
  encodePresence({ online: true, firmware: '1', model: 'm' }),
  encodeReply({ id: 'a', ok: true, result: { b: 1 }, at: 3 }),
  ...encodeCapture({ epoch: '', sampleRateHz: 6400, channels, frames, sha256: '0'.repeat(64) }, frameBytes),
];

test(`${runs} random byte strings are decoded or discarded, never thrown on`, () => {
  const random = randomFrom(seed);
  const openings = ['', '{', '{"', '{"values":{', '\u0001', 'FSC1', '[', '"'].map(encodeUtf8);
  for (let run = 0; run < runs; run += 1) {
    const opening = openings[Math.floor(random() * openings.length)] as Uint8Array;
    const tail = Uint8Array.from({ length: Math.floor(random() * 64) }, () => Math.floor(random() * 256));
    decodeAll(Uint8Array.of(...opening, ...tail), run);
  }
});

test('mutated valid payloads are decoded or discarded, never thrown on', () => {
  const random = randomFrom(seed + 1);
  for (let run = 0; run < runs / 4; run += 1) {
    const bytes = (seeds[run % seeds.length] as Uint8Array).slice();
    const changes = 1 + Math.floor(random() * 4);
    for (let i = 0; i < changes; i += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    // Half of the captures get a CRC that fits, so that what lies behind it is reached.
    if (bytes[0] === 0x46 && random() < 0.5) new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(16)), true);
    decodeAll(random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes, run);
  }
});

test('JSON of every type in every field is decoded or discarded, never thrown on', () => {
  const values = [
    'null',
    'true',
    '-1',
    '1e999',
    '0.5',
    '""',
    '"x\\u0000\\ud800"',
    '[]',
    '[[]]',
    '{}',
    '{"__proto__":{"a":1}}',
    '"alarm"',
  ];
  const fields =
    'epoch seq at at0 periodMs points rows values kind point active level confidence evidence captureId online id ok result __proto__ constructor'.split(
      ' ',
    );
  const random = randomFrom(seed + 2);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  for (let run = 0; run < runs / 4; run += 1) {
    const members = Array.from({ length: Math.floor(random() * 8) }, () => `"${pick(fields)}":${pick(values)}`);
    decodeAll(encodeUtf8(`{${members.join(',')}}`), run);
  }
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { eventKinds, localActionKind, momentaryKinds } from '@fengsui/alarm';
import {
  assembleCapture,
  decodeCaptureChunk,
  decodeCommand,
  decodeEvent,
  decodeFrames,
  decodePresence,
  decodeReply,
  decodeTelemetry,
  decodeTime,
  parseTopic,
} from '../src/index.ts';

const document = readFileSync(new URL('../../../docs/reference/wire.md', import.meta.url), 'utf8');
const blocks = [...document.matchAll(/^```(json|hex|text) (\S+)\n([^]*?)^```$/gm)].map(
  ([, format = '', name = '', content = '']) => ({
    format,
    name,
    content,
  }),
);

const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
  telemetry: decodeTelemetry,
  event: decodeEvent,
  presence: decodePresence,
  reply: decodeReply,
  command: decodeCommand,
  time: decodeTime,
};

/** Hex pairs at the start of each line; what follows two blanks and a word is a remark. */
function bytesOf(hex: string): Uint8Array {
  const pairs = hex
    .split('\n')
    .flatMap((line) => /^(?:[0-9a-f]{2}\s+)*(?:[0-9a-f]{2})?/.exec(`${line} `)?.[0].match(/[0-9a-f]{2}/g) ?? []);
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** As JSON shows it: typed arrays as arrays, NaN as null. */
function asJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) => (item instanceof Float64Array ? Array.from(item) : item));
  return JSON.parse(text) as unknown;
}

test('the wire page has an example of every payload', () => {
  const names = new Set(blocks.map(({ name }) => name));
  for (const name of [...Object.keys(decoders), 'topics', 'capture-header', 'capture-frames', 'capture-head']) {
    assert.ok(names.has(name), `no example of ${name}`);
  }
  assert.ok(blocks.some(({ format, name }) => format === 'hex' && name === 'telemetry'));
});

blocks.forEach(({ format, name, content }, i) => {
  const decode = decoders[name];
  if (decode === undefined) return;
  test(`wire page, block ${i + 1}: the ${format} example of ${name} decodes to what stands below it`, () => {
    const below = blocks[i + 1];
    assert.equal(below?.name, 'decoded');
    const payload = format === 'hex' ? bytesOf(content) : new TextEncoder().encode(content.trim());
    assert.deepEqual(asJson(decode(payload)), JSON.parse(below?.content ?? ''));
  });
});

test('the topics of the wire page are read as it says', () => {
  const lines =
    blocks
      .find(({ name }) => name === 'topics')
      ?.content.trim()
      .split('\n') ?? [];
  assert.ok(lines.length > 3);
  for (const line of lines) {
    const [topic = '', expected = ''] = line.split(/\s{2,}/);
    assert.deepEqual(parseTopic(topic), JSON.parse(expected), line);
  }
});

test('head, header and frames of the wire page make one complete capture', () => {
  const contentOf = (wanted: string) => blocks.find(({ name }) => name === wanted)?.content ?? '';
  const header = new TextEncoder().encode(contentOf('capture-header').trim());
  const chunk = decodeCaptureChunk(
    Uint8Array.of(...bytesOf(contentOf('capture-head')), ...header, ...bytesOf(contentOf('capture-frames'))),
  );
  assert.ok(chunk.kind === 'chunk', JSON.stringify(chunk));
  const capture = assembleCapture([chunk]);
  assert.ok(capture.kind === 'capture');
  assert.equal(createHash('sha256').update(capture.frameBytes).digest('hex'), capture.header.sha256);
  const values = decodeFrames(capture.header, capture.frameBytes);
  const named = Object.fromEntries(capture.header.channels.map(({ point }, i) => [point, values[i]]));
  const below = blocks[blocks.findIndex(({ name }) => name === 'capture-head') + 1];
  assert.deepEqual(asJson(named), JSON.parse(below?.content ?? ''));
});

test('the wire page names every event kind', () => {
  for (const kind of [...eventKinds, ...momentaryKinds, localActionKind])
    assert.match(document, new RegExp(`\\b${kind}\\b`));
});

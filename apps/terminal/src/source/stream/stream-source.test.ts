import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { boardHeader, boardRows, streamBlock, streamHeader } from '../../../test/sample-stream.ts';
import type { SampleSource, SourceBlock, SourceNote } from '../sample-source.ts';
import { createFrameReader, type StreamItem } from './frame-reader.ts';
import { openStreamSource, type StreamPatience } from './stream-source.ts';

/** Header and three blocks of 4 frames. */
const stream = Buffer.concat([
  streamHeader(boardHeader),
  ...[0, 4, 8].map((first) => streamBlock({ first, rows: boardRows(first, 4) })),
]);

async function blocksOf(source: SampleSource): Promise<SourceBlock[]> {
  const blocks: SourceBlock[] = [];
  for await (const block of source.blocks()) blocks.push(block);
  return blocks;
}

async function opened(
  chunks: readonly Buffer[],
  name = 'stdin:',
  patience: StreamPatience = {},
): Promise<SampleSource> {
  const input = new PassThrough();
  for (const chunk of chunks) input.write(chunk);
  input.end();
  return openStreamSource(name, input, patience);
}

const notesOf = (blocks: readonly SourceBlock[]): SourceNote[] => blocks.flatMap(({ notes = [] }) => notes);

test('a stream is what its header says, in the units of the points', async () => {
  const source = await opened([stream]);
  assert.deepEqual(
    [source.sampleRateHz, source.mainsHz, source.circuits, source.temperatures, source.isLive],
    [6400, 50, [{ prefix: 'c1', hasResidual: false, hasOwnVoltage: false }], ['t1'], true],
  );
  const blocks = await blocksOf(source);
  const rows = boardRows(0, 12);
  assert.deepEqual(
    blocks.flatMap(({ voltageV }) => [...voltageV]),
    rows.map(([code = 0]) => code * 0.02),
  );
  const amperes = blocks.flatMap(({ circuits }) => [...(circuits[0]?.currentA ?? [])]);
  rows.forEach(([, code = 0], frame) => assert.ok(Math.abs((amperes[frame] ?? NaN) - code * 0.002) < 1e-9));
  assert.deepEqual(
    blocks.map(({ temperaturesC }) => temperaturesC),
    [[31.5], [31.5], [31.5]],
  );
  assert.deepEqual(notesOf(blocks), []);
});

test('split at every byte it is the same stream', () => {
  const whole = createFrameReader().push(stream);
  assert.equal(whole.length, 4);
  for (let at = 0; at <= stream.length; at++) {
    const reader = createFrameReader();
    const items: StreamItem[] = [...reader.push(stream.subarray(0, at)), ...reader.push(stream.subarray(at))];
    assert.deepEqual(items, whole, `split at ${at}`);
  }
  const reader = createFrameReader();
  assert.deepEqual(
    [...stream].flatMap((byte) => reader.push(Buffer.of(byte))),
    whole,
  );
});

test('missing frames are a gap, named as an overrun where the sampler says so', async () => {
  const blocks = await blocksOf(
    await opened([
      streamHeader(boardHeader),
      streamBlock({ first: 100, rows: boardRows(0, 4) }),
      streamBlock({ first: 164, rows: boardRows(4, 4), overrun: 60 }),
      streamBlock({ first: 170, rows: boardRows(8, 4) }),
      streamBlock({ first: 170, rows: boardRows(8, 4) }),
      streamBlock({ first: 174, rows: boardRows(12, 4) }),
    ]),
  );
  assert.deepEqual(notesOf(blocks), [
    { kind: 'gap', frames: 60, reason: 'overrun' },
    { kind: 'gap', frames: 2, reason: 'lost' },
    { kind: 'discarded', bytes: 64, detail: 'a block from frame 170, 174 was the next' },
  ]);
  assert.equal(blocks.filter(({ voltageV }) => voltageV.length > 0).length, 4);
});

test('bytes that are no block are skipped to the next one, without eating it', async () => {
  const second = streamBlock({ first: 4, rows: boardRows(4, 4) });
  const broken = Buffer.from(second);
  broken[40] = (broken[40] ?? 0) ^ 0xff;
  const chunks = [
    streamHeader(boardHeader),
    streamBlock({ first: 0, rows: boardRows(0, 4) }),
    Buffer.from('FSB noise FSB'),
    broken,
    streamBlock({ first: 8, rows: boardRows(8, 4) }),
  ];
  const blocks = await blocksOf(await opened(chunks));
  const notes = notesOf(blocks);
  assert.deepEqual(
    notes.filter(({ kind }) => kind === 'gap'),
    [{ kind: 'gap', frames: 4, reason: 'lost' }],
  );
  const discarded = notes.reduce((sum, note) => sum + (note.kind === 'discarded' ? note.bytes : 0), 0);
  assert.equal(discarded, 13 + broken.length);
  assert.equal(blocks.filter(({ voltageV }) => voltageV.length > 0).length, 2);
});

test('random bytes never throw once the header is read, and never grow the memory of the reader', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff);
  const reader = createFrameReader();
  reader.push(streamHeader(boardHeader));
  for (let round = 0; round < 200; round++) {
    reader.push(Buffer.from(Array.from({ length: 1000 }, () => (random() >> 8) & 0xff)));
    assert.ok(reader.pending < 70_000);
  }
  const found = reader.push(streamBlock({ first: 0, rows: boardRows(0, 4) }));
  assert.equal(found.filter(({ kind }) => kind === 'block').length, 1);
});

test('a header that cannot be used is refused with everything that is wrong', async () => {
  const wrong: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from('hello, world'), /stdin: the stream begins with "hell", expected a header that begins with FSS1/],
    [streamHeader({ ...boardHeader, sampleRateHz: 50, colour: 1 }), /sampleRateHz must be >= 1000/],
    [streamHeader({ ...boardHeader, channels: [{ name: 'voltageV', scale: 1 }] }), /no current among voltageV/],
    [
      streamHeader({ ...boardHeader, channels: [...boardHeader.channels, { name: 'voltageV', unit: 'A', scale: 0 }] }),
      /channels\.0: voltageV is given twice; channels\.4: voltageV is given twice; channels\.4: unit is "A".*channels\.4: scale is 0/,
    ],
    [Buffer.from('FSS1\xff\xff\xff\xff', 'latin1'), /the header is 4294967295 bytes, at most 65536 expected/],
  ];
  for (const [bytes, words] of wrong) await assert.rejects(opened([bytes]), words);
  await assert.rejects(opened([]), /it ended before a header/);
  const silent = new PassThrough();
  await assert.rejects(openStreamSource('stdin:', silent, { headerMs: 50 }), /no header within 0.05 s/);
});

test('a stream that ends within a block says so', async () => {
  const source = await opened([stream.subarray(0, stream.length - 5)]);
  await assert.rejects(blocksOf(source), /stdin: it ended within a block, after 59 bytes of it/);
});

test('raw samples are read by their description; a WAV file and a wrong description are refused', async () => {
  const rows = boardRows(0, 8);
  const raw = Buffer.from(Int16Array.from(rows.flatMap(([v = 0, i = 0]) => [v, i])).buffer);
  const name = 'stdin:pcm?rate=6400&format=S16_LE&channels=voltageV:0.02,c1.currentA:0.002';
  const source = await opened([raw.subarray(0, 7), raw.subarray(7)], name);
  const blocks = await blocksOf(source);
  assert.deepEqual(
    blocks.flatMap(({ voltageV }) => [...voltageV]),
    rows.map(([code = 0]) => code * 0.02),
  );
  await assert.rejects(
    blocksOf(await opened([Buffer.from('RIFF1234WAVE')], name)),
    /is a WAV file, expected raw samples/,
  );
  await assert.rejects(
    opened([], 'stdin:pcm?rate=100&format=U8&channel=x'),
    /channel is not known.*\n.*format is U8, expected one of S16_LE, S32_LE, FLOAT_LE\n/,
  );
});

test('a stall is told while it lasts, what comes after it begins anew, and one for too long ends the source', async () => {
  const input = new PassThrough();
  const raw = (first: number): Buffer =>
    Buffer.from(Int16Array.from(boardRows(first, 64).flatMap(([v = 0, i = 0]) => [v, i])).buffer);
  input.write(raw(0));
  const name = 'stdin:pcm?rate=6400&channels=voltageV:0.02,currentA:0.002';
  const source = await openStreamSource(name, input, { stallMs: 100, deadMs: 400 });
  const notes: SourceNote[] = [];
  let frames = 0;
  const run = (async () => {
    for await (const block of source.blocks()) {
      notes.push(...(block.notes ?? []));
      frames += block.voltageV.length;
      if (frames === 64 && notes.length === 1) input.write(raw(64));
    }
  })();
  await assert.rejects(run, /stdin: no samples for \d+ s/);
  const kinds = notes.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 3), ['stalled', 'gap', 'stalled']);
  assert.equal(frames, 128);
  assert.ok(input.destroyed);
});

test('an abort ends a source that waits', async () => {
  const input = new PassThrough();
  input.write(stream);
  const source = await openStreamSource('stdin:', input);
  const abort = new AbortController();
  const blocks: SourceBlock[] = [];
  const run = (async () => {
    for await (const block of source.blocks(abort.signal)) blocks.push(block);
  })();
  while (blocks.length < 3) await delay(5);
  abort.abort();
  await run;
  assert.equal(blocks.length, 3);
});

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../../terminal/test/eventually.ts';
import { boardHeader, boardRows, streamBlock, streamHeader } from '../../../terminal/test/sample-stream.ts';
import { TestBroker } from '../../../terminal/test/test-broker.ts';
import { RunningFengsui } from '../../test/run-fengsui.ts';

const PATIENCE_MS = 60_000;
/** At the 6,400 Hz of the board. */
const FRAMES = 64;
const BLOCK_MS = 10;

type Seen = {
  readonly kind: string;
  readonly active?: boolean;
  readonly evidence?: { readonly reasons?: readonly { readonly reason: string }[] };
};

test('samples come down a real pipe in pieces of any length, a gap and a stall are told, and the end of the pipe is the end', async (context) => {
  const broker = await TestBroker.start();
  context.after(() => broker.stop());
  const input = new PassThrough();
  const call = [
    'terminal',
    '--source',
    'stdin:',
    '--device',
    'D1',
    '--centre',
    broker.url,
    '--rated',
    'c1=16',
    '--no-loads',
  ];
  const running = new RunningFengsui(call, { environment: { FENGSUI_DEVICE_SECRET: 's3cret' }, input });
  const telemetry = () => broker.received.filter(({ topic }) => topic.endsWith('/telemetry'));
  const events = (): Seen[] =>
    broker.received
      .filter(({ topic }) => topic.endsWith('/event'))
      .map(({ payload }) => JSON.parse(payload.toString()) as Seen);
  const reasons = () => events().flatMap(({ evidence }) => evidence?.reasons?.map(({ reason }) => reason) ?? []);
  let first = 0;
  let rest = Buffer.alloc(0);
  /** Writes so much signal, in real time or slower where the machine is, cut at places of no meaning to its blocks. */
  const write = async (ms: number): Promise<void> => {
    for (let written = 0; written < ms; written += BLOCK_MS, await delay(BLOCK_MS)) {
      rest = Buffer.concat([rest, streamBlock({ first, rows: boardRows(first, FRAMES) })]);
      first += FRAMES;
      const cut = 1 + ((first * 7) % rest.length);
      input.write(rest.subarray(0, cut));
      rest = rest.subarray(cut);
    }
  };
  input.write(streamHeader(boardHeader));
  await write(2500);
  await eventually('telemetry', () => telemetry().length >= 1, PATIENCE_MS);
  assert.match(telemetry()[0]?.payload.toString() ?? '', /"c1\.currentA":(10|9\.99|10\.0)/);
  first += 6400;
  await write(500);
  await eventually('the gap', () => reasons().includes('samplesLost'), PATIENCE_MS);
  await eventually('the stall', () => reasons().includes('stalled'), PATIENCE_MS);
  const told = telemetry().length;
  await write(3000);
  await eventually('telemetry after it', () => telemetry().length > told, PATIENCE_MS);
  input.write(rest);
  input.end();
  const { code, stderr } = await running.ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /samples: 6400 frames are missing \(lost\); measured anew from here/);
  assert.match(stderr, /samples: none for \d s/);
  // Nothing but the faults: a seam is no arc.
  assert.deepEqual([...new Set(events().map(({ kind }) => kind))], ['fault']);
});

test('a pipe that brings something else ends with 1 and says what it is', async () => {
  const input = new PassThrough();
  input.end('recording, 8000 Hz\n');
  const call = ['terminal', '--source', 'stdin:', '--device', 'D1', '--centre', 'mqtt://127.0.0.1:1'];
  const { code, stderr } = await new RunningFengsui(call, { environment: { FENGSUI_DEVICE_SECRET: 'x' }, input }).ended;
  assert.equal(code, 1);
  assert.match(stderr, /stdin: the stream begins with "reco", expected a header that begins with FSS1/);
});

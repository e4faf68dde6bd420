import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { mainsHzOf } from '../mains-hz.ts';
import { recordedBoardOf } from '../recording-circuits.ts';
import type { SampleSource, SourceBlock, SourceCircuit, SourceNote } from '../sample-source.ts';
import { createFrameReader, type StreamItem, type StreamReader } from './frame-reader.ts';
import { createPcmReader, parsePcm } from './pcm-reader.ts';
import { boardOfHeader, decodeFrames, type StreamHeader } from './stream-format.ts';

export type StreamPatience = {
  /** For the header; default 10 s. */
  readonly headerMs?: number;
  /** Without samples for so long the source is told to stand still, again and again; default 2 s. */
  readonly stallMs?: number;
  /** Without samples for so long it has failed: whoever supervises the process starts it anew; default 60 s. */
  readonly deadMs?: number;
};

const prefix = 'stdin:';

export function isStreamSource(name: string): boolean {
  return name.startsWith(prefix);
}

/**
 * Samples as they come down a pipe: `stdin:` framed, `stdin:pcm?…` raw (docs/reference/sample-stream.md).
 *
 * @throws Error when the header does not come or cannot be read; RangeError for a description that is wrong.
 */
export async function openStreamSource(
  name: string,
  input: Readable,
  patience: StreamPatience = {},
): Promise<SampleSource> {
  const { headerMs = 10_000 } = patience;
  const chunks = (input as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const description = /^stdin:pcm\?(.*)$/.exec(name)?.[1];
  if (description !== undefined) {
    const header = parsePcm(description);
    return sourceOf(header, createPcmReader(header), chunks, [], input, patience);
  }
  if (name !== prefix) throw new RangeError(`${name}: expected stdin: or stdin:pcm?rate=…&format=…&channels=…`);
  const reader = createFrameReader();
  const until = performance.now() + headerMs;
  for (;;) {
    const chunk = await nextWithin(nextOf(chunks), until - performance.now());
    if (chunk === 'late') throw new Error(`stdin: no header within ${headerMs / 1000} s`);
    if (chunk.done === true) throw new Error('stdin: it ended before a header');
    const [first, ...items] = pushed(reader, chunk.value);
    if (first?.kind === 'header') return sourceOf(first.header, reader, chunks, items, input, patience);
  }
}

function sourceOf(
  header: StreamHeader,
  reader: StreamReader,
  chunks: AsyncIterator<Buffer>,
  first: readonly StreamItem[],
  input: Readable,
  { stallMs = 2_000, deadMs = 60_000 }: StreamPatience,
): SampleSource {
  const board = boardOfHeader(header);
  const { sampleRateHz } = header;
  const toBlock = createBlockMaker(header);

  async function* blocks(signal?: AbortSignal): AsyncIterable<SourceBlock> {
    yield* toBlock(first);
    const aborted = new Promise<'aborted'>((resolve) => {
      signal?.addEventListener('abort', () => resolve('aborted'), { once: true });
      if (signal?.aborted === true) resolve('aborted');
    });
    let silentSince = performance.now();
    let stalledMs = 0;
    try {
      for (let next = chunks.next(); ;) {
        const chunk = await Promise.race([nextWithin(next, stallMs), aborted]);
        if (chunk === 'aborted') return;
        if (chunk === 'late') {
          stalledMs = performance.now() - silentSince;
          if (stalledMs >= deadMs) throw new Error(`stdin: no samples for ${Math.round(stalledMs / 1000)} s`);
          yield emptyBlock([{ kind: 'stalled', ms: stalledMs }]);
          continue;
        }
        if (chunk.done === true) break;
        next = nextOf(chunks);
        const items = pushed(reader, chunk.value);
        const isRaw = items.every((item) => item.kind === 'block' && item.at === undefined);
        if (items.some(({ kind }) => kind === 'block')) {
          // Raw samples carry no number: after a stop they do not go on where they were.
          const frames = Math.round((stalledMs * sampleRateHz) / 1000);
          if (stalledMs > 0 && isRaw) yield emptyBlock([{ kind: 'gap', frames, reason: 'stalled' }]);
          silentSince = performance.now();
          stalledMs = 0;
        }
        yield* toBlock(items);
      }
      if (reader.pending > 0) throw new Error(`stdin: it ended within a block, after ${reader.pending} bytes of it`);
    } finally {
      input.destroy();
    }
  }

  return {
    sampleRateHz,
    mainsHz: mainsHzOf(header.mainsHz, 'stdin'),
    circuits: board.circuits.map(({ prefix: circuit, residualCurrentMa, hasOwnVoltage }): SourceCircuit => {
      return { prefix: circuit, hasResidual: residualCurrentMa !== undefined, hasOwnVoltage };
    }),
    temperatures: board.temperatures.map(({ prefix: temperature }) => temperature),
    isLive: true,
    blocks,
  };

  function emptyBlock(notes: readonly SourceNote[]): SourceBlock {
    const none = new Float64Array(0);
    const circuits = board.circuits.map(({ residualCurrentMa, hasOwnVoltage }) => ({
      currentA: none,
      ...(residualCurrentMa !== undefined && { residualCurrentMa: none }),
      ...(hasOwnVoltage && { voltageV: none }),
    }));
    return { voltageV: none, circuits, notes };
  }

  function createBlockMaker(known: StreamHeader): (items: readonly StreamItem[]) => Iterable<SourceBlock> {
    const names = known.channels.map(({ name }) => name);
    // Which channel is which, found once: channels of the same board, holding their own number.
    const numbered = recordedNumbers(known);
    return function* (items) {
      let notes: SourceNote[] = [];
      for (const item of items) {
        if (item.kind === 'header') {
          notes.push({ kind: 'gap', frames: 0, reason: 'lost' });
        } else if (item.kind === 'discarded') {
          notes.push(item);
        } else {
          if (item.missing > 0) {
            notes.push({ kind: 'gap', frames: item.missing, reason: item.isOverrun ? 'overrun' : 'lost' });
          }
          const values = decodeFrames(known, item.payload, item.frames);
          const of = (index: number): Float64Array => values[index] ?? new Float64Array(0);
          yield {
            voltageV: of(numbered.voltage),
            circuits: numbered.circuits.map(({ current, residual, voltage }) => ({
              currentA: of(current),
              ...(residual !== undefined && { residualCurrentMa: of(residual) }),
              ...(voltage !== undefined && { voltageV: of(voltage) }),
            })),
            temperaturesC: numbered.temperatures.map((index) => of(index).at(-1) ?? NaN),
            ...(notes.length > 0 && { notes }),
          };
          notes = [];
        }
      }
      if (notes.length > 0 && names.length > 0) yield emptyBlock(notes);
    };
  }
}

type Numbered = {
  readonly voltage: number;
  readonly circuits: readonly { readonly current: number; readonly residual?: number; readonly voltage?: number }[];
  readonly temperatures: readonly number[];
};

/** Sorts the channels as those of a recording: each carries its own number as its only value. */
function recordedNumbers(header: StreamHeader): Numbered {
  const channels = header.channels.flatMap(({ name }, index) =>
    name === 'skip' ? [] : [{ name, unit: '', values: Float64Array.of(index) }],
  );
  const board = recordedBoardOf({ channels });
  const numberOf = (values: Float64Array): number => values[0] ?? -1;
  return {
    voltage: numberOf(board.voltageV),
    circuits: board.circuits.map(({ currentA, residualCurrentMa, voltageV, hasOwnVoltage }) => ({
      current: numberOf(currentA),
      ...(residualCurrentMa !== undefined && { residual: numberOf(residualCurrentMa) }),
      ...(hasOwnVoltage && { voltage: numberOf(voltageV) }),
    })),
    temperatures: board.temperatures.map(({ temperatureC }) => numberOf(temperatureC)),
  };
}

/** Destroying the stream rejects what is still asked for: nobody may be left to hear that. */
function nextOf(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  const next = chunks.next();
  next.catch(() => undefined);
  return next;
}

function pushed(reader: StreamReader, bytes: Buffer): readonly StreamItem[] {
  try {
    return reader.push(bytes);
  } catch (error) {
    throw new Error(`stdin: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function nextWithin<Result>(next: Promise<Result>, limitMs: number): Promise<Result | 'late'> {
  const timer = new AbortController();
  const late = delay(Math.max(0, limitMs), 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    return await Promise.race([next, late]);
  } finally {
    timer.abort();
  }
}

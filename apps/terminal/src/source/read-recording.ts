import { access, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  decodeHfhadSlice,
  findHfhadRecording,
  parseCff,
  parseComtrade,
  parseWaveformCsv,
  type ComtradeFile,
  type Recording,
  type Unreadable,
} from '@fengsui/protocol';

/** A recording out of a file, with what was odd about the file and could be read all the same. */
export type RecordingFile = { readonly recording: Recording; readonly warnings: readonly string[] };

/** One text as a JavaScript string ends at 512 MiB; a recording of that size belongs in a binary format. */
const mostBytes = 400 * 1024 * 1024;

/**
 * Reads a waveform file: `X.csv` (design.md 5.5), a COMTRADE pair given by its `.cfg` or its `.dat`, a
 * combined `.cff`, or `DIR#recordingId` for a folder with `index.json` and `waves.i16le.bin`.
 *
 * @throws Error naming file, place and expectation for everything that cannot be read.
 */
export async function readRecordingFile(source: string): Promise<RecordingFile> {
  const hash = source.lastIndexOf('#');
  if (hash > 0 && !(await exists(source))) return readFolder(source.slice(0, hash), source.slice(hash + 1));
  switch (path.extname(source).toLowerCase()) {
    case '.csv': {
      const text = (await readWhole(source)).toString('utf8');
      return { recording: readable(source, parseWaveformCsv(text)).recording, warnings: [] };
    }
    case '.cfg':
    case '.dat':
      return readComtrade(source);
    case '.cff':
      return longestStretch(readable(source, parseCff(await readWhole(source))));
    default:
      throw new Error(`${source}: expected a .csv, .cfg, .dat or .cff file, DIR#recordingId, or city:<scenario>`);
  }
}

async function readComtrade(source: string): Promise<RecordingFile> {
  const cfgFile = await findPartner(source, '.cfg');
  const datFile = await findPartner(source, '.dat');
  const [cfg, dat] = await Promise.all([readWhole(cfgFile), readWhole(datFile)]);
  return longestStretch(readable(source, parseComtrade(cfg, dat)));
}

function longestStretch(file: ComtradeFile): RecordingFile {
  const [first, ...others] = file.recordings;
  const longest = others.reduce((best, other) => (framesOf(other) > framesOf(best) ? other : best), first);
  const skipped = file.recordings
    .filter((recording) => recording !== longest)
    .map(({ sampleRateHz, channels: [channel] }) => `${channel?.values.length ?? 0} frames at ${sampleRateHz} Hz`);
  const warnings = skipped.length === 0 ? [] : [`only the longest stretch is used; left out: ${skipped.join('; ')}`];
  return { recording: longest, warnings: [...file.warnings, ...warnings] };
}

function framesOf({ channels: [channel] }: Recording): number {
  return channel?.values.length ?? 0;
}

async function readFolder(folder: string, recordingId: string): Promise<RecordingFile> {
  const index = (await readWhole(path.join(folder, 'index.json'))).toString('utf8');
  const slice = readable(folder, findHfhadRecording(index, recordingId));
  const file = await open(path.join(folder, 'waves.i16le.bin'));
  try {
    const bytes = Buffer.alloc(Math.min(slice.byteLength, mostBytes));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, slice.byteOffset);
    const decoded = readable(folder, decodeHfhadSlice(slice, bytes.subarray(0, bytesRead)));
    return { recording: decoded.recording, warnings: [] };
  } finally {
    await file.close();
  }
}

function readable<Result extends { readonly kind: string }>(file: string, result: Result | Unreadable): Result {
  if (isUnreadable(result)) throw new Error(`${file}: ${result.place}: ${result.detail}`);
  return result;
}

function isUnreadable(result: { readonly kind: string }): result is Unreadable {
  return result.kind === 'unreadable';
}

async function readWhole(file: string): Promise<Buffer> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  if (size > mostBytes) throw new Error(`${file}: ${size} bytes, at most ${mostBytes} expected`);
  return readFile(file);
}

/** The other file of a COMTRADE pair, whichever way its ending is written. */
async function findPartner(source: string, ending: '.cfg' | '.dat'): Promise<string> {
  const given = path.extname(source);
  if (given.toLowerCase() === ending) return source;
  const stem = source.slice(0, -given.length);
  for (const candidate of [ending, ending.toUpperCase()]) if (await exists(stem + candidate)) return stem + candidate;
  throw new Error(`${source}: its ${stem}${ending} is missing, expected beside it`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

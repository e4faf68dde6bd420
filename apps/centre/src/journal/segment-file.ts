import { open, readdir, readFile, rename, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Entry, Lane } from './entry.ts';
import { decodeRecord } from './record-codec.ts';

/** A segment holds the entries of one lane from the sequence in its name up to the next segment's. */
export type Segment = { readonly file: string; readonly firstSequence: number };

const NAME = /^(alarm|bulk)-(\d{16})[.]journal$/;

export const segmentName = (lane: Lane, firstSequence: number): string =>
  `${lane}-${String(firstSequence).padStart(16, '0')}.journal`;

export async function listSegments(folder: string, lane: Lane): Promise<Segment[]> {
  const names = await readdir(folder);
  return names
    .map((name) => ({ name, match: NAME.exec(name) }))
    .filter(({ match }) => match?.[1] === lane)
    .map(({ name, match }) => ({ file: path.join(folder, name), firstSequence: Number(match?.[2]) }))
    .sort((a, b) => a.firstSequence - b.firstSequence);
}

export type SegmentScan = {
  readonly entries: readonly Entry[];
  /** Offset behind the last whole record that was read. */
  readonly goodBytes: number;
  readonly fileBytes: number;
  readonly damage?: string;
};

/** Read at once: a thousand reports. A reader that lags takes piece by piece; the whole file for each would be most of its work. */
const WINDOW_BYTES = 512 * 1024;

/** Reads the records from byte `from` on, at most `limit`. */
export async function scanSegment(file: string, lane: Lane, from = 0, limit = Infinity): Promise<SegmentScan> {
  const handle = await open(file, 'r');
  try {
    const fileBytes = (await handle.stat()).size;
    const entries: Entry[] = [];
    let goodBytes = from;
    let windowBytes = WINDOW_BYTES;
    while (goodBytes < fileBytes && entries.length < limit) {
      const bytes = await readAt(handle, goodBytes, Math.min(windowBytes, fileBytes - goodBytes));
      if (bytes.byteLength === 0) break;
      const scan = decodeRecords(bytes, lane, limit - entries.length);
      for (const entry of scan.entries) entries.push(entry);
      const at = goodBytes + scan.end;
      const isCutByWindow = scan.damage === CUT_OFF && goodBytes + windowBytes < fileBytes;
      if (scan.damage !== undefined && !isCutByWindow)
        return { entries, goodBytes: at, fileBytes, damage: `${scan.damage} at byte ${at}` };
      // A record that is longer than the window.
      if (isCutByWindow && scan.end === 0) windowBytes *= 2;
      goodBytes = at;
    }
    return { entries, goodBytes, fileBytes };
  } finally {
    await handle.close();
  }
}

const CUT_OFF = 'record cut off';

function decodeRecords(
  bytes: Buffer,
  lane: Lane,
  limit: number,
): { readonly entries: readonly Entry[]; readonly end: number; readonly damage?: string } {
  const entries: Entry[] = [];
  let end = 0;
  while (end < bytes.byteLength && entries.length < limit) {
    const outcome = decodeRecord(bytes, end, lane);
    if (outcome.kind !== 'entry')
      return { entries, end, damage: outcome.kind === 'incomplete' ? CUT_OFF : outcome.reason };
    entries.push(outcome.entry);
    end = outcome.end;
  }
  return { entries, end };
}

/** The bytes at `offset`; fewer where the file was cut meanwhile. */
async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A file's name is durable only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the segment so that its name survives a power cut before anything is written to it. */
export async function createSegment(folder: string, lane: Lane, firstSequence: number): Promise<[Segment, FileHandle]> {
  const file = path.join(folder, segmentName(lane, firstSequence));
  const handle = await open(file, 'a+', 0o600);
  await syncFolder(folder);
  return [{ file, firstSequence }, handle];
}

/** Keeps the torn bytes beside the journal for whoever wants to look at them, then cuts them off. */
export async function cutTail(segment: Segment, goodBytes: number): Promise<void> {
  const bytes = await readFile(segment.file);
  const kept = `${segment.file}.torn-at-${goodBytes}`;
  const copy = await open(`${kept}.partial`, 'w', 0o600);
  try {
    await copy.writeFile(bytes.subarray(goodBytes));
    await copy.sync();
  } finally {
    await copy.close();
  }
  await rename(`${kept}.partial`, kept);
  const handle = await open(segment.file, 'r+');
  try {
    await handle.truncate(goodBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

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

/** Reads the records from byte `from` on, at most `limit`. */
export async function scanSegment(file: string, lane: Lane, from = 0, limit = Infinity): Promise<SegmentScan> {
  const bytes = await readFile(file);
  const entries: Entry[] = [];
  let offset = from;
  while (offset < bytes.byteLength && entries.length < limit) {
    const outcome = decodeRecord(bytes, offset, lane);
    if (outcome.kind === 'entry') {
      entries.push(outcome.entry);
      offset = outcome.end;
      continue;
    }
    const damage = outcome.kind === 'incomplete' ? 'record cut off' : outcome.reason;
    return { entries, goodBytes: offset, fileBytes: bytes.byteLength, damage: `${damage} at byte ${offset}` };
  }
  return { entries, goodBytes: offset, fileBytes: bytes.byteLength };
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

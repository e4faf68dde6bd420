import { mkdir } from 'node:fs/promises';
import { lanes, type Lane } from './entry.ts';
import type { Journal } from './journal.ts';
import { LaneLog, type LaneLogOptions } from './lane-log.ts';
import { syncFolder } from './segment-file.ts';

export type SegmentJournalOptions = Pick<LaneLogOptions, 'folder' | 'warn' | 'onHeld'> & {
  /** What the store has applied of each lane. */
  readonly startAfter: Readonly<Record<Lane, number>>;
} & Partial<Pick<LaneLogOptions, 'hasRoom' | 'segmentBytes' | 'recentBytes' | 'maxBacklogEntries' | 'retryMs'>>;

/** Opens (or begins) the embedded journal; a torn tail of the last write is cut off and kept beside it. */
export async function openSegmentJournal(options: SegmentJournalOptions): Promise<Journal> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await syncFolder(options.folder);
  const logs = new Map<Lane, LaneLog>();
  const listeners: ((lane: Lane) => void)[] = [];
  for (const lane of lanes) {
    const log = new LaneLog({
      segmentBytes: 16 * 1024 * 1024,
      recentBytes: 32 * 1024 * 1024,
      maxBacklogEntries: 500_000,
      retryMs: 500,
      ...options,
      lane,
      startAfter: options.startAfter[lane],
    });
    log.onAppended = () => {
      for (const listener of listeners) listener(lane);
    };
    await log.open();
    logs.set(lane, log);
  }
  const logOf = (lane: Lane): LaneLog => logs.get(lane) as LaneLog;
  return {
    append: (lane, entries) => logOf(lane).append(entries),
    read: (lane, after, limit) => logOf(lane).read(after, limit),
    waiting: (lane, after) => Math.max(0, logOf(lane).lastSequence - after),
    onAppended: (listener) => void listeners.push(listener),
    trim: (lane, through, safe = through) => logOf(lane).trim(safe),
    beginning: (lane) => logOf(lane).beginning,
    lastSequence: (lane) => logOf(lane).lastSequence,
    hold: () => {
      const letGo = [...logs.values()].map((log) => log.hold());
      return () => letGo.forEach((end) => end());
    },
    close: async () => {
      for (const log of logs.values()) await log.close();
    },
  };
}

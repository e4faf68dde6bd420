import { unlink, type FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { Pause } from '../platform/pause.ts';
import type { Entry, Lane, NewEntry } from './entry.ts';
import { encodeRecord } from './record-codec.ts';
import { createSegment, cutTail, listSegments, scanSegment, type Segment, type SegmentScan } from './segment-file.ts';

export type LaneLogOptions = {
  readonly folder: string;
  readonly lane: Lane;
  /** A new segment is begun beyond this size. */
  readonly segmentBytes: number;
  /** Entries kept in memory for the reader that follows closely; one that falls behind further goes through the files. */
  readonly recentBytes: number;
  /** Appending waits while the reader is this far behind. */
  readonly maxBacklogEntries: number;
  /** Appending to the bulk lane waits while this is false: what is left of the disk is for alarms. */
  readonly hasRoom?: (() => boolean) | undefined;
  /** Sequences start behind this even when the folder is empty: what the store has applied is never used again. */
  readonly startAfter: number;
  readonly warn: (message: string) => void;
  /** The disk refuses or breaks: said once per change; appending goes on trying. */
  readonly onHeld: (reason: string | undefined) => void;
  readonly retryMs: number;
};

type Pending = {
  readonly entries: readonly NewEntry[];
  readonly resolve: (sequences: readonly number[]) => void;
  readonly reject: (error: Error) => void;
};

/** Entries read at once from a file, however few are wanted. */
const LEAST_PIECE = 1_000;
/** Entries by which a reader that goes through the files may be behind when new ones are kept in memory for it again. */
const NEAR_ENTRIES = 2_000;
/** Looking at the file costs as much as a small write: once a second is enough. */
const LOOK_EVERY_MS = 1_000;

/** Appends and reads one lane. Commit at once when idle; whatever arrives meanwhile is the next batch. */
export class LaneLog {
  readonly #options: LaneLogOptions;
  #segments: Segment[] = [];
  #handle: FileHandle | undefined;
  #activeBytes = 0;
  #nextSequence: number;
  #applied: number;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #recent: Entry[] = [];
  #recentBytes = 0;
  /** Whether the reader has lost touch: what is kept meanwhile would be gone before it comes. */
  #isReaderFar = false;
  #readCursor: { readonly file: string; readonly after: number; readonly offset: number } | undefined;
  #lookAgainAt = 0;
  #holds = 0;
  #closed = false;
  readonly #pause = new Pause();
  onAppended: () => void = () => undefined;

  #lastAtOpen = 0;

  constructor(options: LaneLogOptions) {
    this.#options = options;
    this.#nextSequence = options.startAfter + 1;
    this.#applied = options.startAfter;
  }

  get lastSequence(): number {
    return this.#nextSequence - 1;
  }

  /** What lies at or before it is in no file here: it was applied and trimmed, or the journal was another one then. */
  get beginning(): number {
    const { startAfter } = this.#options;
    return this.#lastAtOpen < startAfter ? startAfter : (this.#segments[0]?.firstSequence ?? startAfter + 1) - 1;
  }

  async open(): Promise<void> {
    const { folder, lane, warn } = this.#options;
    this.#segments = await listSegments(folder, lane);
    const first = this.#segments[0]?.firstSequence ?? 0;
    if (first > this.#options.startAfter + 1) {
      throw new Error(
        `journal ${lane} in ${folder} begins at entry ${first}, the store has applied up to ${this.#options.startAfter}: ` +
          'the store is older than the journal. Restore both from one backup, into a new folder',
      );
    }
    for (const [index, segment] of this.#segments.entries()) {
      const isLast = index === this.#segments.length - 1;
      // Only the segment that was being written can be torn; a hole further back is damage nobody may paper over.
      if (!isLast) continue;
      const scan = await scanSegment(segment.file, lane);
      if (scan.damage !== undefined) {
        warn(
          `${segment.file}: ${scan.damage}; ${scan.fileBytes - scan.goodBytes} bytes that were never acknowledged cut off`,
        );
        await cutTail(segment, scan.goodBytes);
      }
      this.#lastAtOpen = scan.entries.at(-1)?.sequence ?? segment.firstSequence - 1;
      this.#nextSequence = Math.max(this.#nextSequence, this.#lastAtOpen + 1);
      this.#handle = await open(segment.file, 'a+', 0o600);
      this.#activeBytes = scan.goodBytes;
    }
  }

  append(entries: readonly NewEntry[]): Promise<readonly number[]> {
    if (this.#closed) return Promise.reject(new Error('journal is closed'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ entries, resolve, reject });
      this.#writeOn();
    });
  }

  #writeOn(): void {
    if (this.#writing !== undefined || this.#pending.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      // Between the last look and this line somebody may have come: nobody else would write him.
      this.#writeOn();
    });
  }

  async read(after: number, limit: number): Promise<readonly Entry[]> {
    const firstRecent = this.#recent[0]?.sequence ?? Infinity;
    if (after + 1 >= firstRecent) {
      const from = after + 1 - firstRecent;
      return this.#recent.slice(from, from + limit);
    }
    if (after >= this.lastSequence) return [];
    return this.#readFiles(after, limit);
  }

  async trim(through: number): Promise<void> {
    this.#applied = Math.max(this.#applied, through);
    this.#pause.end();
    let drop = 0;
    while (drop < this.#recent.length && (this.#recent[drop] as Entry).sequence <= through) {
      this.#recentBytes -= sizeOf(this.#recent[drop] as Entry);
      drop++;
    }
    if (drop > 0) this.#recent.splice(0, drop);
    // The active segment stays: its last record carries the sequence on through a restart.
    while (
      this.#holds === 0 &&
      this.#segments.length > 1 &&
      (this.#segments[1] as Segment).firstSequence - 1 <= through
    ) {
      const segment = this.#segments.shift() as Segment;
      await unlink(segment.file);
    }
  }

  /** Keeps every segment until the returned function is called; the next trim then deletes what it may. */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds--;
      isHeld = false;
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pause.end();
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #writeAll(): Promise<void> {
    // One turn of the event loop lets everything that arrived in the same read become one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#pending.length > 0) {
      await this.#waitForReader();
      const batch = this.#pending;
      this.#pending = [];
      if (this.#closed) {
        for (const { reject } of batch) reject(new Error('journal is closed'));
        continue;
      }
      await this.#writeBatch(batch);
    }
  }

  async #writeBatch(batch: readonly Pending[]): Promise<void> {
    const { lane } = this.#options;
    const first = this.#nextSequence;
    let sequence = first;
    const records: Buffer[] = [];
    const entries: Entry[] = [];
    const accepted: [Pending, number[]][] = [];
    for (const pending of batch) {
      const own: number[] = [];
      try {
        const encoded = pending.entries.map((entry, index) => encodeRecord(entry, sequence + index));
        for (const [index, record] of encoded.entries()) {
          records.push(record);
          entries.push({ ...(pending.entries[index] as NewEntry), lane, sequence });
          own.push(sequence++);
        }
        accepted.push([pending, own]);
      } catch (error) {
        pending.reject(error as Error);
      }
    }
    if (records.length === 0) {
      for (const [pending, own] of accepted) pending.resolve(own);
      return;
    }
    const bytes = Buffer.concat(records);
    if (!(await this.#writeDurably(bytes, first))) {
      for (const [pending] of accepted) pending.reject(new Error('journal is closed'));
      return;
    }
    this.#nextSequence = sequence;
    this.#remember(entries);
    for (const [pending, own] of accepted) pending.resolve(own);
    this.onAppended();
  }

  /** True once written and synced; false only when closed meanwhile. A full disk holds, it does not corrupt. */
  async #writeDurably(bytes: Buffer, firstSequence: number): Promise<boolean> {
    const { folder, lane, segmentBytes, onHeld, retryMs } = this.#options;
    let heldBy: string | undefined;
    while (!this.#closed) {
      try {
        if (this.#handle === undefined || this.#activeBytes >= segmentBytes) {
          const previous = this.#handle;
          const [segment, handle] = await createSegment(folder, lane, firstSequence);
          this.#segments.push(segment);
          this.#handle = handle;
          this.#activeBytes = 0;
          await previous?.close();
        }
        const handle = this.#handle;
        let written = 0;
        while (written < bytes.byteLength) {
          const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written);
          written += bytesWritten;
        }
        await handle.datasync();
        await this.#checkStillThere(handle);
        this.#activeBytes += bytes.byteLength;
        if (heldBy !== undefined) onHeld(undefined);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== heldBy) onHeld(reason);
        heldBy = reason;
        await this.#abandonTornWrite();
        await this.#pause.wait(retryMs);
      }
    }
    return false;
  }

  /** A file that was deleted under us takes every write and keeps none of them for the next start. */
  async #checkStillThere(handle: FileHandle): Promise<void> {
    if (performance.now() < this.#lookAgainAt) return;
    this.#lookAgainAt = performance.now() + LOOK_EVERY_MS;
    if ((await handle.stat()).nlink === 0)
      throw new Error(`${this.#segments.at(-1)?.file ?? 'the segment'} was deleted`);
  }

  /**
   * After a failed write or sync the kernel may have dropped pages and cleared the error: the file's tail proves
   * nothing any more. What was acknowledged before is safe; the rest goes into a new segment.
   */
  async #abandonTornWrite(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    const active = this.#segments.at(-1);
    try {
      await handle?.truncate(this.#activeBytes);
      await handle?.close();
    } catch {
      // The next open() finds the torn tail by its CRC.
    }
    if (active !== undefined && this.#activeBytes === 0) {
      this.#segments.pop();
      await unlink(active.file).catch(() => undefined);
    }
  }

  async #waitForReader(): Promise<void> {
    while (
      !this.#closed &&
      (this.#lacksRoom() || this.lastSequence - this.#applied > this.#options.maxBacklogEntries)
    ) {
      await this.#pause.wait(this.#options.retryMs);
    }
  }

  #lacksRoom(): boolean {
    return this.#options.lane === 'bulk' && this.#options.hasRoom?.() === false;
  }

  #remember(entries: readonly Entry[]): void {
    const backlog = (entries[0] as Entry).sequence - 1 - this.#applied;
    if (this.#isReaderFar && backlog > NEAR_ENTRIES) return;
    this.#isReaderFar = false;
    for (const entry of entries) {
      this.#recent.push(entry);
      this.#recentBytes += sizeOf(entry);
    }
    if (this.#recentBytes <= this.#options.recentBytes) return;
    this.#recent = [];
    this.#recentBytes = 0;
    this.#isReaderFar = true;
  }

  /** Catching up after a restart: one file at a time, going on where the last read of it ended. */
  async #readFiles(after: number, limit: number): Promise<readonly Entry[]> {
    // A copy: another reader's trim takes segments away meanwhile.
    const segments = [...this.#segments];
    // Who wants one entry must not open the file once for each before it.
    const piece = Math.max(limit, LEAST_PIECE);
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.firstSequence - 1 <= after) continue;
      const resume = this.#readCursor;
      const from = resume !== undefined && resume.file === segment.file && resume.after === after ? resume.offset : 0;
      let scan: SegmentScan;
      try {
        scan = await scanSegment(segment.file, this.#options.lane, from, piece);
        while (scan.entries.length > 0 && (scan.entries.at(-1) as Entry).sequence <= after) {
          scan = await scanSegment(segment.file, this.#options.lane, scan.goodBytes, piece);
        }
      } catch (error) {
        // Trimmed while it was being looked for: what this reader wanted of it has been applied meanwhile.
        if (this.#segments.includes(segment)) throw error;
        return this.#readFiles(after, limit);
      }
      const found = scan.entries.filter((entry) => entry.sequence > after && entry.sequence <= this.lastSequence);
      const last = found.at(-1);
      if (found.length > limit) return found.slice(0, limit);
      if (last !== undefined) {
        this.#readCursor = { file: segment.file, after: last.sequence, offset: scan.goodBytes };
        return found;
      }
      if (next !== undefined && scan.damage !== undefined && after + 1 < next.firstSequence) {
        throw new Error(`${segment.file}: ${scan.damage}, entries ${after + 1}…${next.firstSequence - 1} are lost`);
      }
    }
    return [];
  }
}

const sizeOf = (entry: Entry): number => 256 + (entry.payload?.byteLength ?? 0);

import { renameSync } from 'node:fs';
import type { Numbering } from '../report/numbering.ts';
import { randomEpoch } from '../report/random-epoch.ts';
import type { Report } from '../report/report.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { createOutboxFlusher, type OutboxFlusher } from './outbox-flusher.ts';
import { OutboxTable, type PacketRange } from './outbox-table.ts';
import type { Outbox, OutboxCounts, OutboxEntry } from './outbox.ts';

export type DiskOutboxOptions = {
  readonly file: string;
  /** Bytes of payload from which on telemetry is thinned; default 256 MiB, a month of one terminal. */
  readonly limitBytes?: number;
  /** What a person should hear of: a damaged file, a disk that takes nothing. Each problem once. */
  readonly onProblem?: (problem: string) => void;
};

export type DiskOutbox = Outbox & {
  /** Goes on where the run before ended; a number that may have been told is never given again. */
  readonly numbering: Numbering;
};

const DEFAULT_LIMIT_BYTES = 256 * 1024 * 1024;
/** Rows read at a time. */
const PAGE_PACKETS = 32;
const REMOVE_AT_PACKETS = 32;
const REMOVE_AFTER_MS = 200;
/** A power cut costs at most this much telemetry; events and captures are flushed at once. */
const FLUSH_AFTER_MS = 5_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** Telemetry packets among which every second is given up when the disk is full. */
const THIN_AMONG = 4_096;
/** Numbers set aside at a time: the mark is flushed long before they run out. */
const RESERVED_NUMBERS = 10_000;

/** `d1.json` → `d1.outbox`. */
export function outboxFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.outbox`;
}

/**
 * An outbox that survives kills and power cuts.
 *
 * Order of sending: events as they came; then telemetry measured since the connection stands, so that the centre sees
 * now before then; then captures; then the backlog of telemetry, oldest first. The centre tells backlog by its number.
 * At the limit the oldest telemetry is thinned to every second packet, again and again; what the disk does not take is
 * kept in memory as long as the process lives.
 *
 * A damaged file is moved aside (`.damaged`) and a new one begun: measuring goes on.
 */
export function openDiskOutbox(options: DiskOutboxOptions): DiskOutbox {
  return new SqliteOutbox(options);
}

class SqliteOutbox implements DiskOutbox {
  readonly numbering: Numbering;
  readonly #table: OutboxTable;
  readonly #flusher: OutboxFlusher;
  readonly #limitBytes: number;
  readonly #onProblem: (problem: string) => void;
  readonly #lanes: readonly [events: Lane, fresh: Lane, captures: Lane, backlog: Lane];
  readonly #inFlight = new Map<number, OutboxEntry>();
  readonly #acknowledgedOrders: number[] = [];
  /** What the disk did not take. */
  readonly #unkept = new MemoryOutbox();
  readonly #problems = new Set<string>();
  #packets: number;
  #bytes: number;
  #lastOrder: number;
  #acknowledged = 0;
  #droppedTelemetry = 0;
  #refusedCaptures = 0;
  #removeTimer: NodeJS.Timeout | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor({ file, limitBytes = DEFAULT_LIMIT_BYTES, onProblem }: DiskOutboxOptions) {
    if (!Number.isSafeInteger(limitBytes) || limitBytes < 1) {
      throw new RangeError(`limitBytes is ${limitBytes}, an integer above 0 expected`);
    }
    this.#limitBytes = limitBytes;
    this.#onProblem = onProblem ?? (() => undefined);
    const { table, totals } = this.#openOrReplace(file);
    this.#table = table;
    this.#packets = totals.packets;
    this.#bytes = totals.bytes;
    this.#lastOrder = totals.lastOrder;
    this.#lanes = [
      new Lane(table, { kind: 'event', after: 0, upTo: Number.MAX_SAFE_INTEGER }),
      new Lane(table, { kind: 'telemetry', after: totals.lastOrder, upTo: Number.MAX_SAFE_INTEGER }),
      new Lane(table, { kind: 'capture', after: 0, upTo: Number.MAX_SAFE_INTEGER }),
      new Lane(table, { kind: 'telemetry', after: 0, upTo: totals.lastOrder }),
    ];
    this.#flusher = createOutboxFlusher(file, ({ problem }) => {
      if (problem !== undefined) this.#tell(`the outbox ${file} is not safe against a power cut: ${problem}`);
    });
    this.numbering = new KeptNumbering(table, () => this.#flusher.request());
    table.flush();
  }

  put(report: Report): boolean {
    const bytes = report.packets.reduce((sum, { payload }) => sum + payload.length, 0);
    if (report.kind === 'capture' && this.#bytes + bytes > 2 * this.#limitBytes) {
      this.#refusedCaptures += 1;
      return false;
    }
    const hasRoom = this.#makeRoomFor(bytes);
    if (!hasRoom && report.kind === 'telemetry') {
      this.#droppedTelemetry += report.packets.length;
      return false;
    }
    const entries = report.packets.map((packet, index) => ({
      ...packet,
      kind: report.kind,
      order: this.#lastOrder + 1 + index,
    }));
    try {
      this.#table.insert(entries);
    } catch (error) {
      this.#tell(`the outbox takes nothing more, reports are kept in memory only: ${wordsOf(error)}`);
      return this.#unkept.put(report);
    }
    this.#lastOrder += entries.length;
    this.#packets += entries.length;
    this.#bytes += bytes;
    if (report.kind === 'telemetry') {
      this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS).unref();
    } else {
      this.#flush();
    }
    return true;
  }

  take(isUrgent = false): OutboxEntry | undefined {
    for (const lane of isUrgent ? this.#lanes.slice(0, 1) : this.#lanes) {
      const entry = lane.next();
      if (entry === undefined) continue;
      this.#inFlight.set(entry.order, entry);
      return entry;
    }
    return this.#unkept.take(isUrgent);
  }

  connected(): void {
    const [, fresh, , backlog] = this.#lanes;
    fresh.rewind(this.#lastOrder);
    backlog.extend(this.#lastOrder);
    this.#unkept.connected();
  }

  acknowledge(entry: OutboxEntry): void {
    // An order of the memory's may be one of the disk's too: the entry itself tells.
    if (this.#inFlight.get(entry.order) !== entry) {
      this.#unkept.acknowledge(entry);
      return;
    }
    this.#inFlight.delete(entry.order);
    this.#acknowledged += 1;
    this.#packets -= 1;
    this.#bytes -= entry.payload.length;
    this.#acknowledgedOrders.push(entry.order);
    if (this.#acknowledgedOrders.length >= REMOVE_AT_PACKETS) this.#removeAcknowledged();
    else this.#removeTimer ??= setTimeout(() => this.#removeAcknowledged(), REMOVE_AFTER_MS);
  }

  returnInFlight(): void {
    this.#inFlight.clear();
    this.#unkept.returnInFlight();
    this.#removeAcknowledged();
    const [events, fresh, captures, backlog] = this.#lanes;
    for (const lane of [events, captures, backlog]) lane.rewind(0);
    fresh.rewind(this.#lastOrder);
    backlog.extend(this.#lastOrder);
  }

  isEmpty(): boolean {
    return this.#packets === 0 && this.#unkept.isEmpty();
  }

  fill(): number {
    return Math.max(this.#bytes / this.#limitBytes, this.#unkept.fill());
  }

  counts(): OutboxCounts {
    const unkept = this.#unkept.counts();
    return {
      waiting: this.#packets - this.#inFlight.size + unkept.waiting,
      inFlight: this.#inFlight.size + unkept.inFlight,
      bytes: this.#bytes + unkept.bytes,
      acknowledged: this.#acknowledged + unkept.acknowledged,
      droppedTelemetry: this.#droppedTelemetry + unkept.droppedTelemetry,
      refusedCaptures: this.#refusedCaptures + unkept.refusedCaptures,
    };
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#removeAcknowledged();
    clearTimeout(this.#removeTimer);
    clearTimeout(this.#flushTimer);
    await this.#flusher.close(CLOSE_TIMEOUT_MS);
    this.#table.close();
  }

  #openOrReplace(file: string): { readonly table: OutboxTable; readonly totals: ReturnType<OutboxTable['totals']> } {
    try {
      return opened(file);
    } catch (error) {
      const aside = `${file}.damaged`;
      for (const suffix of ['', '-wal', '-shm']) {
        try {
          renameSync(file + suffix, aside + suffix);
        } catch {
          // Not every one of the three is there.
        }
      }
      this.#tell(`the outbox ${file} cannot be read (${wordsOf(error)}); moved to ${aside}, a new one is begun`);
      return opened(file);
    }
  }

  /** False when there is nothing left to give up. */
  #makeRoomFor(bytes: number): boolean {
    while (this.#bytes + bytes > this.#limitBytes) {
      const given = this.#table.thinTelemetry(THIN_AMONG, [...this.#inFlight.keys(), ...this.#acknowledgedOrders]);
      if (given.packets === 0) return false;
      this.#packets -= given.packets;
      this.#bytes -= given.bytes;
      this.#droppedTelemetry += given.packets;
      for (const lane of this.#lanes) lane.forgetPage();
    }
    return true;
  }

  #removeAcknowledged(): void {
    clearTimeout(this.#removeTimer);
    this.#removeTimer = undefined;
    try {
      this.#table.remove(this.#acknowledgedOrders);
      this.#acknowledgedOrders.length = 0;
    } catch (error) {
      // They stay on the list; sent twice after a restart, the centre takes them once.
      this.#tell(`the outbox cannot strike off what was acknowledged: ${wordsOf(error)}`);
    }
  }

  #flush(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flusher.request();
  }

  #tell(problem: string): void {
    if (this.#problems.has(problem)) return;
    this.#problems.add(problem);
    this.#onProblem(problem);
  }
}

/** Reads one kind of packets in order, a page at a time. */
class Lane {
  readonly #table: OutboxTable;
  #range: PacketRange;
  #page: OutboxEntry[] = [];

  constructor(table: OutboxTable, range: PacketRange) {
    this.#table = table;
    this.#range = range;
  }

  next(): OutboxEntry | undefined {
    if (this.#page.length === 0) this.#page = this.#table.page(this.#range, PAGE_PACKETS);
    const entry = this.#page.shift();
    if (entry !== undefined) this.#range = { ...this.#range, after: entry.order };
    return entry;
  }

  rewind(after: number): void {
    this.#range = { ...this.#range, after };
    this.forgetPage();
  }

  extend(upTo: number): void {
    this.#range = { ...this.#range, upTo };
  }

  /** What was read ahead may be gone by now. */
  forgetPage(): void {
    this.#page = [];
  }
}

/**
 * Numbers are set aside in the file before they are used: after a kill or a power cut the count goes on behind them.
 * Where the disk takes no mark any more it goes on all the same: a number told twice is stored twice, and a fault.
 */
class KeptNumbering implements Numbering {
  readonly epoch: string;
  readonly run: string;
  readonly #table: OutboxTable;
  readonly #onReserved: () => void;
  #next: number;
  #reservedUpTo: number;

  constructor(table: OutboxTable, onReserved: () => void) {
    const { epoch, reserved } = table.numbering(randomEpoch);
    this.epoch = epoch;
    this.run = `${epoch}-${reserved}`;
    this.#table = table;
    this.#onReserved = onReserved;
    this.#next = reserved;
    this.#reservedUpTo = reserved;
    this.#reserve();
  }

  next(): number {
    if (this.#next >= this.#reservedUpTo - RESERVED_NUMBERS / 2) this.#reserve();
    return this.#next++;
  }

  #reserve(): void {
    this.#reservedUpTo = this.#next + RESERVED_NUMBERS;
    this.#table.reserve(this.epoch, this.#reservedUpTo);
    this.#onReserved();
  }
}

function opened(file: string): { readonly table: OutboxTable; readonly totals: ReturnType<OutboxTable['totals']> } {
  const table = new OutboxTable(file);
  try {
    return { table, totals: table.totals() };
  } catch (error) {
    table.close();
    throw error;
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

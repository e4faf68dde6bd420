import { PARTITION_COUNT, type Lane } from '../journal/entry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Effects } from '../situation/effects.ts';
import type { Step, Store } from '../store/store.ts';
import type { Bucket } from './bucket.ts';
import { partitionOf, sliceOfDevice, SLICES, type Cell } from './cell.ts';
import type { Level, LevelName } from './level.ts';
import { detachedTables } from './partitions.ts';
import { Pending } from './pending.ts';
import { readRows } from './read-rows.ts';
import { notRolled, readRolled, requireRolledStep, rolledSteps, type Rolled } from './rolled.ts';
import { writtenRow, type TelemetryRow } from './telemetry-row.ts';
import { writePiece } from './write-piece.ts';

/** Small cells share a transaction up to so many minutes: an alarm's commit waits for one of them at most. */
const PIECE_MINUTES = 200;
/** A cell that has so many (a device that sends a backlog) is folded at once. */
const CELL_MINUTES = 400;
/** More than this in memory is forgotten, and read from the store again later. */
const MOST_MINUTES = 300_000;

/** Minutes of one journal partition read from the store before they are written. */
const MOST_READ = 4_000;

export type KeptFrom = Readonly<Record<LevelName, number>>;

export type RollerOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly levels: Readonly<Record<LevelName, Level>>;
  /** Journal partitions whose rows are added here; undefined: all, and nobody else writes roll-ups. */
  readonly owns?: (partition: number) => boolean;
  /**
   * How far a lane is applied for a partition, by this process or whoever had it before: later commits are told to
   * `follow`.
   */
  readonly applied: (lane: Lane, partition: number) => number;
  /** What begins earlier is not kept at a level. */
  readonly keptFrom: () => KeptFrom;
};

/**
 * Adds what is stored to the roll-ups, each row once. It follows the commits in memory and writes what it collected in
 * one transaction with how far that goes, cell by cell. After any failure it forgets what it holds and reads the store
 * from where the roll-ups end: a kill at any moment leaves them exact.
 */
export class Roller {
  readonly #options: RollerOptions;
  readonly #partitions = new Set<string>();
  readonly #tooLate = { minute: 0, quarter: 0, day: 0 };
  readonly #full = new Set<Cell>();
  /** The highest entries a followed row of a partition came from. */
  readonly #followed = new Map<number, Record<Lane, number>>();
  /** Partitions that are followed: those that were owned when it was caught up. */
  #owned: ReadonlySet<number> = new Set();
  #rolled = new Map<number, Rolled>();
  /** Commits that are not folded; undefined when they cannot be followed. */
  #following: Pending | undefined;
  #rows = 0;

  constructor(options: RollerOptions) {
    this.#options = options;
  }

  /** Rows written since the start, minutes that wait, minutes that came later than a level is kept. */
  get figures(): { readonly rows: number; readonly waiting: number; readonly tooLate: Record<LevelName, number> } {
    return { rows: this.#rows, waiting: this.#following?.size ?? 0, tooLate: { ...this.#tooLate } };
  }

  /** Minutes that wait. */
  get waiting(): number {
    return this.#following?.size ?? Infinity;
  }

  /** Cells that should not wait for the others. */
  get fullCells(): readonly Cell[] {
    return [...this.#full];
  }

  /** A commit is durable. */
  follow({ telemetry }: Pick<Effects, 'telemetry'>): void {
    const following = this.#following;
    if (following === undefined) return;
    for (const written of telemetry) {
      const row = writtenRow(written);
      if (!this.#owned.has(row.partition)) continue;
      const cell = following.add(row);
      this.#noteFollowed(row);
      if (following.sizeOf(cell) >= CELL_MINUTES) this.#full.add(cell);
    }
    if (following.size > MOST_MINUTES) this.#following = undefined;
  }

  #noteFollowed({ partition, laneSequence }: TelemetryRow): void {
    let followed = this.#followed.get(partition);
    if (followed === undefined) this.#followed.set(partition, (followed = { alarm: 0, bulk: 0 }));
    const lane: Lane = laneSequence < 0 ? 'alarm' : 'bulk';
    followed[lane] = Math.max(followed[lane], Math.abs(laneSequence));
  }

  /** Folds what is stored and not in the roll-ups, and follows from there. First of all, and after any failure. */
  async catchUp(isStopping: () => boolean): Promise<void> {
    const { store, clock, applied, owns = () => true } = this.#options;
    // In one go with `applied`: what is committed later is followed, what is committed already is read.
    const startedAt = clock.now();
    this.#following = new Pending();
    this.#full.clear();
    this.#followed.clear();
    const limits = new Map<number, Record<Lane, number>>();
    for (let partition = 0; partition < PARTITION_COUNT; partition++)
      if (owns(partition))
        limits.set(partition, { alarm: applied('alarm', partition), bulk: applied('bulk', partition) });
    this.#owned = new Set(limits.keys());
    this.#partitions.clear();
    const stored = await readRolled(store);
    this.#rolled = new Map([...stored].filter(([partition]) => limits.has(partition)));
    const tables = ['telemetry', ...(await detachedTables(store))];
    for (const mark of await store.query('select partition, lane, sequence from checkpoint order by partition')) {
      const [partition, lane] = [mark['partition'] as number, mark['lane'] as Lane];
      const limit = limits.get(partition);
      if (limit === undefined) continue;
      const end = Math.min(mark['sequence'] as number, limit[lane]);
      await this.#readUpTo(tables, partition, lane, end, isStopping);
      if (isStopping()) return;
    }
    const at = new Array<number>(SLICES).fill(startedAt);
    const whole = new Map([...this.#rolled].map(([partition, rolled]) => [partition, { ...rolled, at }]));
    if (whole.size > 0) await store.commit(this.#progress(whole));
    this.#rolled = whole;
  }

  /** Folds what was followed: all cells, or those given. Throws what the store throws; then `catchUp` is due. */
  async fold(isStopping: () => boolean, cells?: readonly Cell[]): Promise<void> {
    const following = this.#following;
    if (following === undefined) throw new Error('more came at once than memory takes: it is read from the store');
    const at = this.#options.clock.now();
    const waiting = [...(cells ?? following.cells())];
    while (waiting.length > 0 && !isStopping()) {
      // Between here and the commit nothing is followed: what is taken is all there is of these cells.
      const minutes: Bucket[] = [];
      const partitions = new Set<number>();
      while (minutes.length === 0 || minutes.length + following.sizeOf(waiting[0] as Cell) <= PIECE_MINUTES) {
        const cell = waiting.shift();
        if (cell === undefined) break;
        this.#full.delete(cell);
        minutes.push(...following.take(cell));
        partitions.add(partitionOf(cell));
      }
      const rolled = new Map<number, Rolled>();
      for (const partition of partitions) rolled.set(partition, this.#rolledNow(following, partition, at));
      await this.#write(minutes, false, this.#progress(rolled));
      for (const [partition, now] of rolled) this.#rolled.set(partition, now);
    }
  }

  /**
   * How far the roll-ups go with a transaction. Where several processes write them: unless another has added to these
   * partitions since they were read here. What it added would be in twice.
   */
  #progress(rolled: ReadonlyMap<number, Rolled>): Step[] {
    if (this.#options.owns === undefined) return rolledSteps(rolled);
    const known = [...rolled.keys()].map(
      (partition) => [partition, this.#rolled.get(partition) ?? notRolled()] as const,
    );
    return [requireRolledStep(new Map(known)), ...rolledSteps(rolled)];
  }

  /** Slices of which nothing waits have everything that was followed. */
  #rolledNow(following: Pending, partition: number, at: number): Rolled {
    const known = this.#rolled.get(partition) ?? notRolled();
    const followed = this.#followed.get(partition) ?? { alarm: 0, bulk: 0 };
    const isDone = (slice: number): boolean => following.sizeOf(partition * SLICES + slice) === 0;
    const through = (lane: Lane): number[] =>
      known.through[lane].map((before, slice) => (isDone(slice) ? Math.max(before, followed[lane]) : before));
    return {
      through: { alarm: through('alarm'), bulk: through('bulk') },
      at: known.at.map((before, slice) => (isDone(slice) ? at : before)),
    };
  }

  /** Adds rows that were stored before there were roll-ups; `progress` says how far, in the same transaction. */
  async foldBefore(rows: readonly TelemetryRow[], progress: readonly Step[]): Promise<void> {
    const pending = new Pending();
    for (const row of rows) pending.add(row);
    const minutes = pending.cells().flatMap((cell) => pending.take(cell));
    await this.#write(minutes, true, progress);
  }

  /** A partition of a roll-up was dropped. */
  forgetPartition(name: string): void {
    this.#partitions.delete(name);
  }

  /** Reads the rows of a journal partition up to entry `end` and folds them; rows that are in already are left out. */
  async #readUpTo(
    tables: readonly string[],
    partition: number,
    lane: Lane,
    end: number,
    isStopping: () => boolean,
  ): Promise<void> {
    let after = Math.min(...this.#through(partition, lane));
    while (after < end && !isStopping()) {
      const pending = new Pending();
      let fullest = 0;
      while (after < end && pending.size < MOST_READ && fullest < CELL_MINUTES) {
        const { rows, through } = await readRows(this.#options.store, tables, { lane, partition, after, end });
        after = through;
        for (const row of rows) {
          const known = this.#through(partition, lane)[sliceOfDevice(row.deviceId)] as number;
          if (Math.abs(row.laneSequence) > known) fullest = Math.max(fullest, pending.sizeOf(pending.add(row)));
        }
      }
      await this.#requireSameTables(tables);
      await this.#writeRead(pending, partition, lane, after);
    }
  }

  /** A day that another process took out of the table while it was read here: its rows may be missing. */
  async #requireSameTables([, ...detached]: readonly string[]): Promise<void> {
    if (this.#options.owns === undefined) return;
    const now = await detachedTables(this.#options.store);
    if (now.join() !== detached.join()) throw new Error('a day was taken out of telemetry meanwhile');
  }

  async #writeRead(pending: Pending, partition: number, lane: Lane, end: number): Promise<void> {
    for (let slice = 0; slice < SLICES;) {
      const known = this.#rolled.get(partition) ?? notRolled();
      const through = [...known.through[lane]];
      const minutes: Bucket[] = [];
      for (; slice < SLICES && minutes.length < PIECE_MINUTES; slice++) {
        minutes.push(...pending.take(partition * SLICES + slice));
        through[slice] = Math.max(through[slice] as number, end);
      }
      const rolled: Rolled = { ...known, through: { ...known.through, [lane]: through } };
      await this.#write(minutes, false, this.#progress(new Map([[partition, rolled]])));
      this.#rolled.set(partition, rolled);
    }
  }

  #through(partition: number, lane: Lane): readonly number[] {
    return (this.#rolled.get(partition) ?? notRolled()).through[lane];
  }

  async #write(minutes: readonly Bucket[], isOlder: boolean, progress: readonly Step[]): Promise<void> {
    const { store, levels, keptFrom } = this.#options;
    const isShared = this.#options.owns !== undefined;
    const piece = {
      ...{ store, levels, minutes, isOlder, isShared, keptFrom: keptFrom(), progress },
      partitions: this.#partitions,
    };
    const { rows, tooLate } = await writePiece(piece);
    this.#rows += rows;
    // What was stored before there were roll-ups did not come late.
    if (isOlder) return;
    for (const name of Object.keys(tooLate) as LevelName[]) this.#tooLate[name] += tooLate[name];
  }
}

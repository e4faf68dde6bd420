import type { Lane } from '../journal/entry.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Effects } from '../situation/effects.ts';
import type { Store } from '../store/store.ts';
import { foldBefore } from './before.ts';
import { levelsOf, type LevelName } from './level.ts';
import { LocalDays } from './local-days.ts';
import {
  deleteOld,
  detachRaw,
  dropDetached,
  dropRollUps,
  keptFromOf,
  type Dropped,
  type DroppedKind,
  type Retention,
} from './retention.ts';
import { Roller } from './roller.ts';

/** So long what was collected waits to be folded: a bucket that is written once costs half of one written twice. */
const FEW_EVERY_MS = 60_000;
const MANY_EVERY_MS = 300_000;
const FEW_MINUTES = 2_000;
/** So many are folded at once, whenever they came: about 100 MB. */
const MOST_WAITING = 150_000;
const TICK_MS = 1_000;
const AGAIN_MS = 5_000;
/** Between two pieces of what was stored before this version: the rest of the centre comes first. */
const BEFORE_PAUSE_MS = 20;
const RETENTION_AFTER_MS = 5 * 60_000;
const RETENTION_EVERY_MS = 3_600_000;

export type HistoryOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  readonly retention: Retention;
  /** Whether the disk has room for more than alarms; roll-ups wait meanwhile, retention goes on. */
  readonly hasRoom?: () => boolean;
  /**
   * How far a lane is applied for a partition of the journal. Of one that this process took over: by whoever had it
   * before, or by itself, whichever is more.
   */
  readonly applied: (lane: Lane, partition: number) => number;
  /** Whose rows are added to the roll-ups here, where several processes do it; what it says changes with `reshare`. */
  readonly owns?: (partition: number) => boolean;
  /** Whether retention, and what is done once for the whole store, is done here; default true. */
  readonly isKeeper?: boolean;
};

export type HistoryFigures = {
  readonly rowsWritten: number;
  readonly minutesWaiting: number;
  readonly tooLate: Readonly<Record<LevelName, number>>;
  readonly dropped: ReadonlyMap<DroppedKind, number>;
  /** Age of what is not folded, ms. */
  readonly lagMs: number;
  readonly trouble: string | undefined;
};

/** Keeps the roll-ups of telemetry up to date, and drops what is older than it is kept. One task, beside the worker. */
export class History {
  readonly #options: HistoryOptions;
  readonly #dropped = new Map<DroppedKind, number>();
  #roller: Roller | undefined;
  #days: LocalDays;
  #loop: Promise<void> | undefined;
  #stopping = false;
  #wake: (() => void) | undefined;
  #trouble: string | undefined;
  #foldedAt = 0;
  #asked: (() => void)[] = [];
  #retentionAsked: (() => void)[] = [];
  #reshareAsked: (() => void)[] = [];

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#days = new LocalDays(options.timeZone);
  }

  get figures(): HistoryFigures {
    const { rows, waiting, tooLate } = this.#roller?.figures ?? {
      rows: 0,
      waiting: 0,
      tooLate: { minute: 0, quarter: 0, day: 0 },
    };
    const lagMs = this.#foldedAt === 0 ? 0 : performance.now() - this.#foldedAt;
    return {
      rowsWritten: rows,
      minutesWaiting: waiting,
      tooLate,
      dropped: this.#dropped,
      lagMs,
      trouble: this.#trouble,
    };
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** What is not folded is read from the store at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#loop;
  }

  /** A commit is durable. */
  follow(effects: Pick<Effects, 'telemetry'>): void {
    this.#roller?.follow(effects);
  }

  /** Resolves when everything that was committed before the call is in the roll-ups. */
  fold(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#wake?.();
    });
  }

  /**
   * `owns` says something else from here on: to be called before anything of a partition that was taken is committed.
   * What was followed is forgotten, and everything that is owned by then is caught up from the store. Resolves when nothing of what was owned before is on its way to the store: another process may take it.
   */
  reshare(): Promise<void> {
    if (this.#loop === undefined || this.#stopping) return this.#loop ?? Promise.resolve();
    return new Promise((resolve) => {
      this.#reshareAsked.push(resolve);
      this.#wake?.();
    });
  }

  /** Resolves when what is older than it is kept has been dropped; at once where that is another's matter. */
  retain(): Promise<void> {
    if (this.#options.isKeeper === false) return Promise.resolve();
    return new Promise((resolve) => {
      this.#retentionAsked.push(resolve);
      this.#wake?.();
    });
  }

  async #run(): Promise<void> {
    const isStopping = (): boolean => this.#stopping || this.#reshareAsked.length > 0;
    while (!this.#stopping) {
      try {
        this.#settleReshared();
        const roller = (this.#roller ??= await this.#begin());
        await roller.catchUp(isStopping);
        if (isStopping()) continue;
        this.#foldedAt = performance.now();
        if (this.#trouble !== undefined) this.#options.log.info('history: roll-ups go on');
        this.#trouble = undefined;
        await this.#goOn(roller, isStopping);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#stopping) break;
        if (reason !== this.#trouble) this.#options.log.error('history: roll-ups stand still', { reason });
        this.#trouble = reason;
        if (!isStopping()) await this.#pause(AGAIN_MS);
      }
    }
    this.#settleReshared();
  }

  #settleReshared(): void {
    for (const settle of this.#reshareAsked.splice(0)) settle();
  }

  /** Days are those of the zone the store began with: a bucket that is written keeps its bounds. */
  async #begin(): Promise<Roller> {
    const { store, clock, applied, owns, timeZone, log, retention } = this.#options;
    const sql = 'update history_state set time_zone = $1 where time_zone is null';
    await store.commit([{ kind: 'sql', sql, params: [timeZone] }]);
    const [state] = await store.query('select time_zone from history_state');
    const known = state?.['time_zone'] as string;
    if (known !== timeZone) {
      log.warn('history: days of the roll-ups stay those of the time zone they began with', { known, timeZone });
      this.#days = new LocalDays(known);
    }
    const keptFrom = (): ReturnType<typeof keptFromOf> => keptFromOf(retention, this.#days, clock.now());
    const levels = levelsOf(this.#days);
    return new Roller({ store, clock, levels, applied, keptFrom, ...(owns !== undefined && { owns }) });
  }

  /** Until it is to stop, or to be caught up anew. */
  async #goOn(roller: Roller, isStopping: () => boolean): Promise<void> {
    const { isKeeper = true } = this.#options;
    let isBefore = isKeeper;
    let retentionDueAt = isKeeper ? performance.now() + RETENTION_AFTER_MS : Infinity;
    while (!isStopping()) {
      const asked = this.#asked;
      if (asked.length > 0 || this.#isDue(roller)) {
        this.#asked = [];
        await roller.fold(isStopping);
        if (isStopping()) {
          this.#asked.unshift(...asked);
          return;
        }
        this.#foldedAt = performance.now();
        for (const settle of asked) settle();
      } else if (roller.fullCells.length > 0 && this.#hasRoom()) {
        await roller.fold(isStopping, roller.fullCells);
      } else if (isBefore && this.#hasRoom()) {
        isBefore = await foldBefore(this.#options.store, roller);
        await this.#pause(BEFORE_PAUSE_MS);
      } else if (this.#retentionAsked.length > 0 || performance.now() >= retentionDueAt) {
        const settled = this.#retentionAsked;
        this.#retentionAsked = [];
        await this.#retain(roller, isStopping);
        if (isStopping()) {
          this.#retentionAsked.unshift(...settled);
          return;
        }
        retentionDueAt = performance.now() + RETENTION_EVERY_MS;
        for (const settle of settled) settle();
      } else {
        await this.#pause(TICK_MS);
      }
    }
  }

  #isDue(roller: Roller): boolean {
    if (!this.#hasRoom()) return false;
    const { waiting } = roller;
    const age = performance.now() - this.#foldedAt;
    return waiting > MOST_WAITING || age >= (waiting > FEW_MINUTES ? MANY_EVERY_MS : FEW_EVERY_MS);
  }

  #hasRoom(): boolean {
    return this.#options.hasRoom?.() ?? true;
  }

  async #retain(roller: Roller, isStopping: () => boolean): Promise<void> {
    const { store, clock, retention, log } = this.#options;
    const now = clock.now();
    const told = (dropped: Dropped): void => {
      const { kind, name, until, rows, bytes } = dropped;
      this.#dropped.set(kind, (this.#dropped.get(kind) ?? 0) + rows);
      roller.forgetPartition(name);
      log.info('history: dropped what is older than it is kept', {
        kind,
        name,
        until: new Date(until).toISOString(),
        rows,
        bytes,
      });
    };
    await detachRaw(store, retention, now);
    // What was committed before it was detached is folded now; nothing is added to it any more.
    await roller.fold(isStopping);
    if (isStopping()) return;
    this.#foldedAt = performance.now();
    await dropDetached(store, told, now);
    const keptFrom = keptFromOf(retention, this.#days, now);
    await dropRollUps(store, keptFrom, now, told);
    await deleteOld(store, retention, keptFrom, now, told, isStopping);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#stopping ? 0 : ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

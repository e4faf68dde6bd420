import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import { TimerQueue } from './timer-queue.ts';
import { isDuration, type Timer, type TimerFiredMeta } from './timer.ts';

/** Beyond this setTimeout overflows; the service looks again long before. */
const LONGEST_WAIT_MS = 60_000;
/** The journal refused: not again at once. */
const RETRY_MS = 500;
/** Timers that are due together are one batch of the journal; it takes no more of them at once. */
const FIRED_TOGETHER = 500;

/**
 * Owns the one clock-driven timer of the situation: when a stored timer is due it appends `timerFired`, and the worker
 * does what it means. A timer that was due while the centre was down fires at the start.
 */
export class TimerService {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #waiting = new TimerQueue();
  /** Fired, not yet applied: not fired again. */
  readonly #fired = new Map<string, Timer>();
  #timeout: NodeJS.Timeout | undefined;
  /** What the timeout waits for. */
  #armedFor = Infinity;
  #running = false;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Timers that wait, and those that have fired and are not applied yet. */
  get size(): number {
    return this.#waiting.size + this.#fired.size;
  }

  /** How late the timer is that should have fired first, ms. */
  get lateMs(): number {
    return Math.max(0, this.#clock.now() - (this.#waiting.first?.dueAt ?? Infinity));
  }

  start(): void {
    this.#running = true;
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    this.#disarm();
  }

  /** Fires these from now on and no others: what is applied here has changed. */
  replace(timers: Iterable<Timer>): void {
    this.#waiting.clear();
    this.#fired.clear();
    this.#disarm();
    this.update(timers, []);
  }

  /** Those that `isKept` refuses are another process's from now on. */
  keep(isKept: (timer: Timer) => boolean): void {
    const others = [...this.#waiting, ...this.#fired.values()].filter((timer) => !isKept(timer));
    this.update(
      [],
      others.map(({ id }) => id),
    );
  }

  /**
   * After a commit: what was set and what ended. `shiftMs`: the centre's clock was put forward by so much within the
   * commit, which moved the timers that measure a duration, but for those of `set`.
   */
  update(set: Iterable<Timer>, ended: Iterable<string>, shiftMs = 0): void {
    if (shiftMs !== 0) this.#shift(shiftMs);
    for (const id of ended) {
      this.#waiting.delete(id);
      this.#fired.delete(id);
    }
    for (const timer of set) {
      if (this.#fired.get(timer.id)?.dueAt === timer.dueAt) continue;
      this.#fired.delete(timer.id);
      this.#waiting.set(timer);
    }
    if (this.#running) this.#schedule();
  }

  #shift(shiftMs: number): void {
    for (const timer of [...this.#waiting]) {
      if (isDuration(timer.purpose)) this.#waiting.set({ ...timer, dueAt: timer.dueAt + shiftMs });
    }
    // How long it is to what is due next has changed.
    this.#disarm();
  }

  #disarm(): void {
    clearTimeout(this.#timeout);
    this.#armedFor = Infinity;
  }

  /** Nothing to do in most commits: what is due first is what it was. */
  #schedule(shortestWaitMs = 0): void {
    const dueAt = this.#waiting.first?.dueAt ?? Infinity;
    if (dueAt === this.#armedFor) return;
    this.#disarm();
    if (dueAt === Infinity) return;
    this.#armedFor = dueAt;
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(shortestWaitMs, dueAt - this.#clock.now()));
    this.#timeout = setTimeout(() => this.#fire(), wait);
  }

  #fire(): void {
    this.#disarm();
    const now = this.#clock.now();
    const due = this.#waiting.takeDue(now);
    for (let from = 0; from < due.length; from += FIRED_TOGETHER) {
      this.#append(due.slice(from, from + FIRED_TOGETHER), now);
    }
    if (this.#running) this.#schedule();
  }

  #append(due: readonly Timer[], now: number): void {
    for (const timer of due) this.#fired.set(timer.id, timer);
    const entries = due.map((timer) => {
      const meta: TimerFiredMeta = { timerId: timer.id, firedAt: now, purpose: timer.purpose };
      return { kind: 'timerFired', partition: partitionOf(timer.venueId), appendedAt: now, meta } as const;
    });
    // The row is still there when the journal closes: it fires after the next start.
    this.#journal.append('alarm', entries).catch(() => {
      for (const timer of due) {
        if (this.#fired.get(timer.id) !== timer) continue;
        this.#fired.delete(timer.id);
        this.#waiting.set(timer);
      }
      if (this.#running) this.#schedule(RETRY_MS);
    });
  }
}

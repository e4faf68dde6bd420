import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Clock } from '../platform/clock.ts';
import type { Timer, TimerFiredMeta } from './timer.ts';

/** Beyond this setTimeout overflows; the service looks again long before. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Owns the one clock-driven timer of the situation: when a stored timer is due it appends `timerFired`, and the worker
 * does what it means. A timer that was due while the centre was down fires at the start.
 */
export class TimerService {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();
  /** Fired, not yet applied: not fired again. */
  readonly #fired = new Map<string, number>();
  #timeout: NodeJS.Timeout | undefined;
  #running = false;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  start(): void {
    this.#running = true;
    this.#schedule();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timeout);
  }

  /** After a commit: what was set and what ended. */
  update(set: Iterable<Timer>, ended: Iterable<string>): void {
    for (const id of ended) {
      this.#timers.delete(id);
      this.#fired.delete(id);
    }
    for (const timer of set) {
      this.#timers.set(timer.id, timer);
      if (this.#fired.get(timer.id) !== timer.dueAt) this.#fired.delete(timer.id);
    }
    if (this.#running) this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timeout);
    let earliest = Infinity;
    for (const timer of this.#timers.values()) {
      if (!this.#fired.has(timer.id) && timer.dueAt < earliest) earliest = timer.dueAt;
    }
    if (earliest === Infinity) return;
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(0, earliest - this.#clock.now()));
    this.#timeout = setTimeout(() => this.#fire(), wait);
  }

  #fire(): void {
    const now = this.#clock.now();
    for (const timer of this.#timers.values()) {
      if (timer.dueAt > now || this.#fired.has(timer.id)) continue;
      this.#fired.set(timer.id, timer.dueAt);
      const meta: TimerFiredMeta = { timerId: timer.id, firedAt: now, purpose: timer.purpose };
      const entry = { kind: 'timerFired', partition: partitionOf(timer.venueId), appendedAt: now, meta } as const;
      // The row is still there when the journal closes: it fires after the next start.
      this.#journal.append('alarm', [entry]).catch(() => this.#fired.delete(timer.id));
    }
    if (this.#running) this.#schedule();
  }
}

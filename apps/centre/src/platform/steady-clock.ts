import type { Clock } from './clock.ts';

/** `away`: the machine's clock left ours; `back`: it came back; `followed`: it stayed, and ours is the machine's now. */
export type ClockChange = {
  readonly state: 'away' | 'back' | 'followed';
  /** Our time just before. */
  readonly centreAt: number;
  readonly machineAt: number;
};

/** What NTP does in small steps is followed at once. */
const STEP_MS = 2_000;
/** A clock that was set by mistake is mostly set right again within this time. */
const HOLD_MS = 10 * 60_000;
/** Nobody sets a clock right by more than a day while it is in use: that takes a person, who starts the centre anew. */
const FARTHEST_MS = 24 * 3_600_000;
/** Before this version was written: a clock that was never set. */
const NOT_SET_BEFORE = Date.UTC(2025, 0, 1);
/** Two starts of one machine may differ by this. */
const START_STEP_MS = 60_000;

export type SteadyClockSources = {
  /** The machine's clock, epoch ms. */
  readonly machineNow: () => number;
  /** Milliseconds that nobody can set. */
  readonly monotonicNow: () => number;
};

/**
 * The machine's time as long as it goes evenly. When it jumps, ours goes on by its own count: what was measured before
 * and after stays comparable, nobody is silent and nothing is due because of it. If the jump lasts, it was a correction
 * and is followed: once, between two beats, so that the situation can be told of it.
 *
 * Without `beat` every second it is the machine's time of its start plus what has passed since.
 */
export class SteadyClock implements Clock {
  readonly #machineNow: () => number;
  readonly #monotonicNow: () => number;
  /** Our time less the monotonic. */
  #offsetMs: number;
  #newest = -Infinity;
  #away: { readonly byMs: number; readonly since: number } | undefined;
  /** Our time was never taken from a clock that was set: the first one that is, is believed. */
  #isGuess = false;

  constructor({ machineNow, monotonicNow }: SteadyClockSources = systemSources) {
    this.#machineNow = machineNow;
    this.#monotonicNow = monotonicNow;
    this.#offsetMs = machineNow() - monotonicNow();
  }

  /** Never less than before, but for a step that `beat` has told of. */
  now(): number {
    this.#newest = Math.max(this.#newest, Math.round(this.#monotonicNow() + this.#offsetMs));
    return this.#newest;
  }

  /** How far the machine's clock is ahead of ours, ms. */
  get machineAheadMs(): number {
    return Math.round(this.#machineNow() - this.#own());
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /**
   * Before anything is asked: the last instant that is on record. A machine whose clock was never set goes on from
   * there; one whose clock was put back while we were down is believed (somebody has started us), and says so.
   */
  start(lastKnownAt: number | undefined): ClockChange | undefined {
    const machineAt = this.#machineNow();
    if (machineAt < NOT_SET_BEFORE) {
      const centreAt = Math.max(lastKnownAt ?? 0, NOT_SET_BEFORE);
      this.#setTo(centreAt);
      this.#isGuess = true;
      this.#away = { byMs: machineAt - centreAt, since: this.#monotonicNow() };
      return { state: 'away', centreAt, machineAt };
    }
    this.#setTo(machineAt);
    const isBefore = lastKnownAt !== undefined && lastKnownAt - machineAt > START_STEP_MS;
    return isBefore ? { state: 'followed', centreAt: lastKnownAt, machineAt } : undefined;
  }

  /** To be called about every second: compares, and says what has changed. */
  beat(): ClockChange | undefined {
    const machineAt = this.#machineNow();
    const own = this.#own();
    const byMs = machineAt - own;
    const change = (state: ClockChange['state']): ClockChange => ({ state, centreAt: Math.round(own), machineAt });
    if (Math.abs(byMs) <= STEP_MS) {
      const wasAway = this.#away !== undefined;
      this.#away = undefined;
      this.#isGuess = false;
      this.#offsetMs += byMs;
      return wasAway ? change('back') : undefined;
    }
    const since = this.#monotonicNow();
    const isNews = this.#away === undefined;
    // It was set again meanwhile: the wait begins anew.
    if (this.#away === undefined || Math.abs(byMs - this.#away.byMs) > STEP_MS) this.#away = { byMs, since };
    if (!this.#mayFollow(machineAt, byMs, since - this.#away.since)) return isNews ? change('away') : undefined;
    this.#away = undefined;
    this.#isGuess = false;
    this.#setTo(machineAt);
    return change('followed');
  }

  #mayFollow(machineAt: number, byMs: number, heldMs: number): boolean {
    if (machineAt < NOT_SET_BEFORE) return false;
    return this.#isGuess || (heldMs >= HOLD_MS && Math.abs(byMs) <= FARTHEST_MS);
  }

  #own(): number {
    return this.#monotonicNow() + this.#offsetMs;
  }

  #setTo(at: number): void {
    this.#offsetMs = at - this.#monotonicNow();
    this.#newest = -Infinity;
  }
}

const systemSources: SteadyClockSources = {
  machineNow: () => Date.now(),
  monotonicNow: () => performance.now(),
};

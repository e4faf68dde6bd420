import type { NewEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { partitionOf } from '../journal/partition.ts';
import type { Log } from '../platform/log.ts';
import type { ClockChange, SteadyClock } from '../platform/steady-clock.ts';
import type { Store } from '../store/store.ts';
import { SWEEP_INTERVAL_MS, SWEEP_TIMER_ID } from './apply-timer.ts';
import type { ClockStep, TimerFiredMeta } from './timer.ts';

const BEAT_MS = 1_000;
/** What the journal could not take yet. */
const KEPT = 16;

/** Lets the centre's clock beat, and puts on record when the machine's was set. */
export class ClockWatch {
  readonly #clock: SteadyClock;
  readonly #journal: Pick<Journal, 'append'>;
  readonly #log: Log;
  #unwritten: NewEntry[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: SteadyClock, journal: Pick<Journal, 'append'>, log: Log) {
    this.#clock = clock;
    this.#journal = journal;
    this.#log = log;
  }

  /** `found`: what the clock said of itself at the start. */
  start(found: ClockChange | undefined): void {
    if (found !== undefined) this.#note(found);
    this.#timer = setInterval(() => this.beat(), BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  beat(): void {
    const change = this.#clock.beat();
    if (change !== undefined) this.#note(change);
    else if (this.#unwritten.length > 0) this.#write(this.#unwritten.splice(0));
  }

  /** Appended in the same turn in which the clock was set: no timer that fires by the new time is on record before it. */
  #note(change: ClockChange): void {
    const step: ClockStep = { kind: 'clockStep', ...change };
    const firedAt = this.#clock.now();
    const meta: TimerFiredMeta = { timerId: 'clockStep', firedAt, purpose: step };
    const byS = Math.round((change.machineAt - change.centreAt) / 1000);
    this.#log.warn(wordsOf[change.state], { byS, machineAt: iso(change.machineAt), centreAt: iso(change.centreAt) });
    const entry = { kind: 'timerFired', partition: partitionOf(''), appendedAt: firedAt, meta } as const;
    this.#write([...this.#unwritten.splice(0), entry]);
  }

  #write(entries: readonly NewEntry[]): void {
    this.#journal.append('alarm', entries).catch(() => {
      this.#unwritten = [...entries, ...this.#unwritten].slice(-KEPT);
    });
  }
}

const wordsOf: Readonly<Record<ClockChange['state'], string>> = {
  away: "the machine's clock was set; the centre goes on by its own count",
  back: "the machine's clock is back at the centre's time",
  followed: "the machine's clock was set and is followed",
};

const iso = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at));

/** About the last instant at which this centre ran: its sweep is due a moment later. */
export async function lastRecordedAt(store: Store): Promise<number | undefined> {
  const [row] = await store.query('select due_at from timer where id = $1', [SWEEP_TIMER_ID]);
  return row === undefined ? undefined : (row['due_at'] as number) - SWEEP_INTERVAL_MS;
}

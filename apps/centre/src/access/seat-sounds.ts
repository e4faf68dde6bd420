import type { Seat, SeatSound } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { sha256, type Callers } from './callers.ts';
import { logInId } from './log-in-id.ts';
import type { Scope } from './scope.ts';

/** A page tells every 30 s; one in the background is let by its browser once a minute. */
const OPEN_MS = 150_000;

type Told = { readonly sound: SeatSound; readonly since: number; readonly toldAt: number };

/**
 * Where an alarm would be heard: what the page of each log-in that may acknowledge alarms said of its own sound. In memory:
 * whoever leads next has been told all of it within a minute.
 */
export class SeatSounds {
  readonly #callers: Callers;
  readonly #clock: Clock;
  /** By the hash of the token; one for each log-in at most. */
  readonly #told = new Map<string, Told>();

  constructor(callers: Callers, clock: Clock) {
    this.#callers = callers;
    this.#clock = clock;
  }

  /** @param token of a log-in that is there. */
  tell(token: string, sound: SeatSound): void {
    const key = sha256(token);
    const now = this.#clock.now();
    for (const ended of [...this.#told.keys()].filter((id) => !this.#callers.logins.has(id))) this.#told.delete(ended);
    const before = this.#open(key, now);
    this.#told.set(key, { sound, since: before?.sound === sound ? before.since : now, toldAt: now });
  }

  /** Seats with a page open that see something of the scope, those that sound last; `ownToken` marks one. */
  list(scope: Scope, ownToken?: string): readonly Seat[] {
    const now = this.#clock.now();
    const own = ownToken === undefined ? undefined : sha256(ownToken);
    const found: Seat[] = [];
    for (const key of [...this.#told.keys()]) {
      const told = this.#open(key, now);
      const caller = this.#callers.callerOfKept(key);
      if (told === undefined || caller === undefined) this.#told.delete(key);
      else if (caller.permissions.has('alarm.acknowledge') && overlaps(scope, caller.scope))
        found.push({
          id: logInId(key),
          username: caller.username,
          role: caller.role,
          sound: told.sound,
          since: new Date(told.since).toISOString(),
          toldAt: new Date(told.toldAt).toISOString(),
          own: key === own,
        });
    }
    return found.sort((a, b) => urgency[a.sound] - urgency[b.sound] || a.since.localeCompare(b.since));
  }

  #open(key: string, now: number): Told | undefined {
    const told = this.#told.get(key);
    return told !== undefined && now - told.toldAt <= OPEN_MS ? told : undefined;
  }
}

const urgency: Readonly<Record<SeatSound, number>> = { none: 0, untried: 1, tried: 2 };

function overlaps({ venues: one }: Scope, { venues: other }: Scope): boolean {
  if (one === 'all' || other === 'all') return true;
  const known = new Set(one);
  return other.some((id) => known.has(id));
}

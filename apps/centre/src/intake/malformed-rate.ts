import { isWithin } from '../platform/clock.ts';
import type { Admission } from './device-door.ts';

const WINDOW_MS = 60_000;
/** More unreadable messages a minute than this: read more slowly (the situation raises `malformedReports`). */
export const MALFORMED_PER_MINUTE = 20;
/** More than this with nothing valid among them: close the connection. design.md 5.1. */
const HOPELESS_PER_MINUTE = 1_000;
const HOLD_MS = 50;

type Window = { readonly since: number; readonly malformed: number; readonly valid: number };

/** Counts messages per device in windows of a minute: what was valid before the first unreadable one counts too. */
export class MalformedRate {
  readonly #windows = new Map<string, Window>();

  admit(deviceId: string, isMalformed: boolean, now: number): Admission {
    const known = this.#windows.get(deviceId);
    const window =
      known !== undefined && isWithin(now, known.since, WINDOW_MS) ? known : { since: now, malformed: 0, valid: 0 };
    const next = {
      since: window.since,
      malformed: window.malformed + (isMalformed ? 1 : 0),
      valid: window.valid + (isMalformed ? 0 : 1),
    };
    this.#windows.set(deviceId, next);
    // Holding each of 1,000 back would hide that there are 1,000: only what follows the 20th is slowed, and the
    // hopeless sender is counted by what it has sent, not by what it may send.
    const holdMs = isMalformed && next.malformed > MALFORMED_PER_MINUTE ? HOLD_MS : 0;
    return { holdMs, close: next.malformed > HOPELESS_PER_MINUTE && next.valid === 0 };
  }

  forget(deviceId: string): void {
    this.#windows.delete(deviceId);
  }
}

import type { Seat } from '@fengsui/protocol';

/** Who has just logged in has a minute to try it. */
const GRACE_MS = 60_000;

/** How many open seats there are of which nobody has heard one; 0 where one was heard, or none is open for a minute yet. */
export function unheardSeats(seats: readonly Seat[], now: number): number {
  if (seats.some(({ sound }) => sound === 'tried')) return 0;
  return seats.some(({ since }) => now - Date.parse(since) > GRACE_MS) ? seats.length : 0;
}

/** An event may be this far ahead of its receipt before the device's clock is not believed. */
const AHEAD_MS = 10 * 60_000;
/** Before any device of this product could have been made: a clock that was never set. */
const ABSURDLY_OLD = Date.UTC(2015, 0, 1);
/** A frame is stamped when it is sent: one stamped a day ago comes from a clock that is wrong, not from a queue. */
const BEHIND_MS = 24 * 3_600_000;

/** The instant an event counts at: its label, or its receipt when that is none or cannot be believed. */
export function gbEventTime(
  labelAt: number | undefined,
  receivedAt: number,
): { readonly at: number; readonly deviceAt?: number } {
  if (labelAt === undefined) return { at: receivedAt };
  if (labelAt > receivedAt + AHEAD_MS || labelAt < ABSURDLY_OLD) return { at: receivedAt, deviceAt: labelAt };
  return { at: labelAt };
}

/** Whether a frame's sending time says that the device's clock is wrong. */
export const isGbClockSuspect = (sentAt: number, receivedAt: number): boolean =>
  sentAt > receivedAt + AHEAD_MS || sentAt < receivedAt - BEHIND_MS;

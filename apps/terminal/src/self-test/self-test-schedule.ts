/** When a terminal tested itself last, and whether all was well. */
export type SelfTestRecord = { readonly at: number; readonly passed: boolean };

/** Later than this after the one before, a test counts as missed. */
export const LATEST_AFTER_MS = 26 * 3_600_000;
/** What is looked at needs samples, values, and a connection. */
const WARM_UP_MS = 30_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/**
 * Whether the daily self-test is due: once after each time its minute of the day has passed, also when the terminal was
 * off just then.
 *
 * @param minute of the local day, 0 to 1439.
 * @param minuteOfDay tells the minute of the local day of an instant.
 */
export function isSelfTestDue(
  { minute, startedAt, last }: { readonly minute: number; readonly startedAt: number; readonly last?: number },
  minuteOfDay: (at: number) => number,
  now: number,
): boolean {
  if (now - startedAt < WARM_UP_MS) return false;
  // A clock that was set back must not put the next test off to where it stood.
  if (last === undefined || last > now) return true;
  const minutesSince = (minuteOfDay(now) - minute + DAY_MINUTES) % DAY_MINUTES;
  const newestTurn = Math.floor(now / MINUTE_MS) * MINUTE_MS - minutesSince * MINUTE_MS;
  return last < newestTurn;
}

/** Spreads the tests of a city over the two hours after 02:00, the same each day for a device. */
export function selfTestMinuteOf(deviceId: string): number {
  let sum = 0;
  for (const letter of deviceId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 120;
  return 120 + sum;
}

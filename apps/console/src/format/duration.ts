const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Age of an alarm as a stopwatch: `mm:ss` below an hour, `h:mm:ss` below a day, then `Nd hh:mm`.
 * A negative age (the two clocks differ by less than a tick) shows as 00:00; NaN as a dash.
 *
 * @example formatStopwatch(75_400) // '01:15'
 */
export function formatStopwatch(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–';
  const ms = Math.max(0, durationMs);
  const days = Math.floor(ms / day);
  const hours = Math.floor((ms % day) / hour);
  const minutes = Math.floor((ms % hour) / minute);
  const seconds = Math.floor((ms % minute) / second);
  if (days > 0) return `${days}d ${two(hours)}:${two(minutes)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${two(minutes)}:${two(seconds)}`;
}

/**
 * Age of data in one figure and its unit: `1.2 s`, `42 s`, `3 min`, `5 h`, `2 d`.
 * Rounded down: data is never shown younger than the next figure would be, nor as "60 s".
 */
export function formatDataAge(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–';
  const ms = Math.max(0, durationMs);
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

const presets: Record<string, number> = { s: second, m: minute, h: hour, d: day };

/** `15m`, `6h`, `7d` to milliseconds; undefined when it is not of that form. The form of ranges in the URL. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,4})([smhd])$/.exec(text);
  if (!match) return undefined;
  const [, count, unit] = match;
  const ms = Number(count) * (presets[unit ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
}

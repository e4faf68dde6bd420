/** Instants of the API (ISO 8601) and of rows (epoch ms) for people, in the zone of the screen. */

const pad = (n: number): string => String(n).padStart(2, '0');

/** `12:03:05`, or a dash when the instant is unknown or unreadable. */
export function formatClock(at: number | string | undefined): string {
  const date = toDate(at);
  return date ? `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}` : '–';
}

/** `2026-11-21 12:03:05`; the same in every language, sortable, not ambiguous between day and month. */
export function formatInstant(at: number | string | undefined): string {
  const date = toDate(at);
  return date ? `${formatDay(date)} ${formatClock(date.getTime())}` : '–';
}

/** The clock alone for today, with the day before it otherwise. */
export function formatNear(at: number | string | undefined, now: number): string {
  const date = toDate(at);
  if (!date) return '–';
  return formatDay(date) === formatDay(new Date(now)) ? formatClock(date.getTime()) : formatInstant(date.getTime());
}

/** Epoch ms of an instant of the API; undefined when it is absent or unreadable. */
export function toEpochMs(at: string | undefined): number | undefined {
  if (at === undefined) return undefined;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? undefined : ms;
}

function toDate(at: number | string | undefined): Date | undefined {
  if (at === undefined) return undefined;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function formatDay(date: Date): string {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

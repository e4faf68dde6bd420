/** An instant of a CFG file in two parts, so that the difference of two is exact to the nanosecond. */
export type CfgInstant = { readonly wholeSecondMs: number; readonly nanoseconds: number };

const pattern = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4}),(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,12}))?$/;

/**
 * Reads `dd/mm/yyyy,hh:mm:ss.ssssss` (C37.111-1999 5.3.6, up to nanoseconds in 2013) or, in 1991, `mm/dd/yy,…`; a
 * first number above 12 of a 1991 file can only be the day. Empty fields and 00/00/0000 are an unknown instant.
 *
 * @param utcOffsetMs what the clock of the file was ahead of UTC.
 */
export function parseCfgInstant(
  line: string,
  isMonthFirst: boolean,
  utcOffsetMs: number,
): CfgInstant | 'unknown' | undefined {
  const compact = line.replace(/\s/g, '');
  if (compact === '' || compact === ',' || /^0+\/0+\/0+,/.test(compact)) return 'unknown';
  const parts = pattern.exec(compact);
  if (!parts) return undefined;
  const [, first = '', second = '', yearText = '', hour = '', minute = '', secondsText = '', fraction = ''] = parts;
  const hasMonthFirst = isMonthFirst && Number(first) <= 12;
  const [day, month] = hasMonthFirst ? [Number(second), Number(first)] : [Number(first), Number(second)];
  const year = yearText.length === 4 ? Number(yearText) : Number(yearText) + (Number(yearText) < 70 ? 2000 : 1900);
  const isClockTime = Number(hour) < 24 && Number(minute) < 60 && Number(secondsText) <= 60;
  const dayMs = Date.UTC(year, month - 1, day);
  const isCalendarDay = new Date(dayMs).getUTCMonth() === month - 1 && new Date(dayMs).getUTCDate() === day;
  if (!isClockTime || !isCalendarDay || year < 1900) return undefined;
  const clockMs = (Number(hour) * 3600 + Number(minute) * 60 + Number(secondsText)) * 1000;
  return { wholeSecondMs: dayMs + clockMs - utcOffsetMs, nanoseconds: Number(fraction.padEnd(9, '0').slice(0, 9)) };
}

/** UTC, to the microsecond: `18/11/2025,09:40:00.123456`. */
export function formatCfgInstant(epochMs: number): string {
  const microseconds = Math.round(epochMs * 1000);
  const wholeSeconds = Math.floor(microseconds / 1e6);
  const [date = '', time = ''] = new Date(wholeSeconds * 1000).toISOString().split('T');
  const [year, month, day] = date.split('-');
  const fraction = String(microseconds - wholeSeconds * 1e6).padStart(6, '0');
  return `${day}/${month}/${year},${time.slice(0, 8)}.${fraction}`;
}

export function epochMsOf(instant: CfgInstant): number {
  return instant.wholeSecondMs + instant.nanoseconds / 1e6;
}

export function secondsBetween(from: CfgInstant, to: CfgInstant): number {
  return (to.wholeSecondMs - from.wholeSecondMs) / 1000 + (to.nanoseconds - from.nanoseconds) / 1e9;
}

/** `+8`, `-5h30`, `0`: what a 2013 file says its clock is ahead of UTC; undefined for `x` (not known). */
export function parseTimeCode(text: string): number | undefined {
  const parts = /^([+-]?)(\d{1,2})(?:h(\d{2}))?$/i.exec(text.trim());
  if (!parts) return undefined;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}

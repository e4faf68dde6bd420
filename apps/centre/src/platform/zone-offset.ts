const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** `+08:00` for an instant in an IANA time zone. */
export function zoneOffsetAt(timeZone: string, at: number): string {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  formats.set(timeZone, format);
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.replace('GMT', '');
}

/** The same in minutes east of Greenwich. */
export function offsetMinutesAt(timeZone: string, at: number): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zoneOffsetAt(timeZone, at)) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** `2026-11-23T15:30:00.123+08:00`. */
export function withOffset(at: number, offset: string): string {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  if (sign === undefined) return new Date(at).toISOString();
  const shiftMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  return `${new Date(at + shiftMs).toISOString().slice(0, -1)}${offset}`;
}

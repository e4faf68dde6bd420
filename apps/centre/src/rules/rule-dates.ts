import { zoneOffsetAt } from '../platform/zone-offset.ts';
import type { RuleVersion } from './rule-book.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-23`: the day that an instant is in, in an IANA time zone. */
export function localDay(at: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** Minutes that local time is ahead of UTC: 480 in China. */
export function utcOffsetMinAt(timeZone: string, at: number): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(zoneOffsetAt(timeZone, at)) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** What its first or last day makes of a version by itself: only of one that somebody has switched on. */
export function turnOf({ rule, state, scheduledBy }: RuleVersion, today: string): 'on' | 'retired' | undefined {
  const isScheduled = state === 'reviewed' && scheduledBy !== undefined;
  if (state !== 'on' && !isScheduled) return undefined;
  if (rule.validTo !== undefined && rule.validTo < today) return 'retired';
  return isScheduled && (rule.validFrom ?? '') <= today ? 'on' : undefined;
}

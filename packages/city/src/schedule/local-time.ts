import type { Hours } from './schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** People's hours are local: China Standard Time, without summer time. */
const LOCAL_OFFSET_MS = 8 * HOUR_MS;

/** Local hour of the day, 0 … 24, with fraction. */
export function localHour(atMs: number): number {
  return (atMs - startOfLocalDay(atMs)) / HOUR_MS;
}

/** Epoch ms of the last local midnight. */
export function startOfLocalDay(atMs: number): number {
  return Math.floor((atMs + LOCAL_OFFSET_MS) / DAY_MS) * DAY_MS - LOCAL_OFFSET_MS;
}

/** Whether an hour of the day lies within opening hours, past midnight included. */
export function isWithin({ from, to }: Hours, hour: number): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

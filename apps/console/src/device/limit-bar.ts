import type { Level } from '@fengsui/alarm';
import type { Point } from '@fengsui/protocol';

export type PointLimit = Point['limits'][number];

/** Geometry of the little bar behind a value; shares of its width, 0..1. */
export type LimitBar = {
  readonly fill: number;
  readonly ticks: readonly { readonly at: number; readonly level: Level }[];
};

const levelRank: Record<Level, number> = { attention: 0, warning: 1, alarm: 2 };

/**
 * Bar from zero (or from below the lowest limit, where a lower limit exists) to a quarter beyond the highest limit, with
 * a tick per limit. Undefined without a value or without limits: a bar without a scale would say nothing.
 */
export function limitBar(value: number | undefined, limits: readonly PointLimit[]): LimitBar | undefined {
  if (value === undefined || !Number.isFinite(value) || limits.length === 0) return undefined;
  const thresholds = limits.map(({ threshold }) => threshold);
  const lowest = Math.min(...thresholds);
  const highest = Math.max(...thresholds);
  const hasLower = limits.some(({ direction }) => direction === 'below');
  const start = hasLower ? lowest - (highest - lowest || Math.abs(lowest) || 1) * 0.25 : Math.min(0, lowest);
  const end = highest + ((hasLower ? highest - lowest : highest - start) || Math.abs(highest) || 1) * 0.25;
  const share = (x: number): number => Math.min(1, Math.max(0, (x - start) / (end - start)));
  return { fill: share(value), ticks: limits.map(({ threshold, level }) => ({ at: share(threshold), level })) };
}

/** The worst level whose limit the value is beyond; undefined when it is inside all of them. A value on a limit is inside. */
export function exceededLevel(value: number | undefined, limits: readonly PointLimit[]): Level | undefined {
  if (value === undefined) return undefined;
  const beyond = limits.filter(({ direction, threshold }) =>
    direction === 'above' ? value > threshold : value < threshold,
  );
  return beyond.map(({ level }) => level).sort((a, b) => levelRank[b] - levelRank[a])[0];
}

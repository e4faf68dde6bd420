/** A limit as a chart draws it. */
export type LimitLine = {
  readonly threshold: number;
  readonly direction: 'above' | 'below';
  readonly level: 'attention' | 'warning' | 'alarm';
};

/**
 * y range of a pane: the data, the nearest limit in each direction (the distance to it is what the reader wants to see),
 * zero when the data comes near it, and some air. Further limits show when they fall inside. Without data: the limits, or
 * 0…1.
 */
export function paneRange(
  dataMin: number | null,
  dataMax: number | null,
  limits: readonly LimitLine[],
): readonly [number, number] {
  const values = [dataMin, dataMax].filter((value): value is number => value !== null && Number.isFinite(value));
  const above = limits.filter(({ direction }) => direction === 'above').map(({ threshold }) => threshold);
  const below = limits.filter(({ direction }) => direction === 'below').map(({ threshold }) => threshold);
  if (above.length > 0) values.push(Math.min(...above));
  if (below.length > 0) values.push(Math.max(...below));
  if (values.length === 0) return [0, 1];
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (low > 0 && low < high * 0.6) low = 0;
  if (high === low) {
    const half = Math.abs(high) * 0.1 || 0.5;
    low -= half;
    high += half;
  }
  const air = (high - low) * 0.08;
  return [low === 0 ? 0 : low - air, high + air];
}

/** One line per threshold and direction, the worst level of each. */
export function distinctLimits(limits: readonly LimitLine[]): LimitLine[] {
  const rank = { attention: 0, warning: 1, alarm: 2 } as const;
  const worst = new Map<string, LimitLine>();
  for (const limit of limits) {
    const key = `${limit.direction}${limit.threshold}`;
    const known = worst.get(key);
    if (!known || rank[limit.level] > rank[known.level]) worst.set(key, limit);
  }
  return [...worst.values()].sort((a, b) => a.threshold - b.threshold);
}

export type Growth = {
  /** Units of y per unit of x. */
  readonly slope: number;
  /** Standard error of the slope: what noise of the single values does to it. NaN for fewer than three points. */
  readonly error: number;
};

/** The straight line through points, by least squares. NaN throughout for fewer than two points, or for one x alone. */
export function growthOf(points: readonly (readonly [x: number, y: number])[]): Growth {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (n < 2 || squares === 0) return { slope: NaN, error: NaN };
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: n < 3 ? NaN : Math.sqrt(rest / (n - 2) / squares) };
}

/** Means of `count` equal stretches of the points, which are in order of x: what follows upon another is alike, a mean is not. */
export function stretchMeans(
  points: readonly (readonly [x: number, y: number])[],
  count: number,
): readonly (readonly [x: number, y: number])[] {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const n = Math.min(count, points.length);
  const begin = (stretch: number): number => Math.round((stretch * points.length) / n);
  return Array.from({ length: n }, (_, stretch) => {
    const part = points.slice(begin(stretch), begin(stretch + 1));
    return [mean(part.map(([x]) => x)), mean(part.map(([, y]) => y))] as const;
  });
}

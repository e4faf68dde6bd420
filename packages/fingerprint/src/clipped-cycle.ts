/** Share of the peak-to-peak span within which points count as equal: flat-topped mains are flat to no better than 1e-3. */
const LEVEL_TOLERANCE = 1e-6;
/** One half-width beyond its flat part a cut wave has fallen by more than this share of the span. */
const LEAST_DROP = 0.005;
/** Extremes nearer to zero than this share of the span are the rests of half-wave loads. */
const LEAST_EXTREME = 0.05;
const SHORTEST_RUN = 4;
/** A six-pulse rectifier rests at its extremes for two thirds of the cycle. */
const MOST_FLAT = 0.6;

/**
 * Whether a mean cycle of current has flat tops with cut flanks: the converter's range was exceeded.
 *
 * Averaging keeps a clipped top flat, for every cycle has the same largest code there; resampling does not (it rings), so
 * a source that resamples should state its full scale or be diagnosed before. A wave that stays at its
 * extremes for more than 0.6 of the cycle is taken for a rectangular current, which some rectifiers do draw.
 */
export function isClippedCycle(currentA: Float64Array): boolean {
  let min = Infinity;
  let max = -Infinity;
  for (const value of currentA) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const span = max - min;
  if (!(span > 0)) return false;
  const top = max > LEAST_EXTREME * span ? flatPoints(currentA, (value) => (max - value) / span) : 0;
  const bottom = min < -LEAST_EXTREME * span ? flatPoints(currentA, (value) => (value - min) / span) : 0;
  return top + bottom > 0 && top + bottom <= MOST_FLAT * currentA.length;
}

/** Points in runs at the extreme whose both flanks fall off steeply; the cycle is read as a ring. */
function flatPoints(values: Float64Array, depthOf: (value: number) => number): number {
  const count = values.length;
  const depthAt = (point: number): number => depthOf(values[((point % count) + count) % count] as number);
  let start = 0;
  while (start < count && depthAt(start) <= LEVEL_TOLERANCE) start++;
  let found = 0;
  for (let point = start; point < start + count; point++) {
    if (depthAt(point) > LEVEL_TOLERANCE) continue;
    const first = point;
    while (depthAt(point + 1) <= LEVEL_TOLERANCE && point - first < count) point++;
    const length = point - first + 1;
    const beyond = Math.ceil(length / 2);
    const isCut = Math.min(depthAt(first - beyond), depthAt(point + beyond)) > LEAST_DROP;
    if (length >= SHORTEST_RUN && isCut) found += length;
  }
  return found;
}

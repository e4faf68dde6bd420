import { shiftedLine } from './shifted-line.ts';

/** Fewer means of 20 s than this say nothing. */
const LEAST_BINS = 12;
/** A battery's power rises by 0.4 % a minute at most [M]; it may fall as fast as it likes, at the end of its charge. */
const MOST_RISE_PER_MIN = 0.005;
/** What the circuit scattered before is allowed for up to this part: among few seconds another load's step passes for scatter. */
const MOST_ALLOWED = 0.02;
/** What holds to its line so closely but for one shift has not moved: another load has, unseen. */
const STILL = 0.01;

/**
 * How far a load's own size strays from the straight line that a battery's nearly is within a quarter of an hour, rms, part
 * of its mean: what comes up to speed, follows a picture or a tap does not keep to one. One shift of the level is another
 * load's, when it leaves a line.
 *
 * @param values means of 20 s of its size since switch-on; NaN = not known
 * @param minutesPerValue their distance
 * @param calm scatter of such means before it came on, in the same unit
 * @returns NaN with fewer than twelve known values
 */
export function courseStray(values: ArrayLike<number>, minutesPerValue: number, calm: number): number {
  const known = Array.from(values, (value, k) => ({ value, t: k * minutesPerValue })).filter(
    ({ value }) => !Number.isNaN(value),
  );
  if (known.length < LEAST_BINS) return NaN;
  const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length;
  if (!(mean > 0)) return NaN;
  const shifted = shiftedLine(values, 1);
  const isStill = shifted !== undefined && shifted.shifts === 1 && shifted.scatter < STILL * mean;
  if (isStill && shifted.slope <= MOST_RISE_PER_MIN * minutesPerValue * mean) return shifted.scatter / mean;
  const middle = known.reduce((sum, { t }) => sum + t, 0) / known.length;
  const squares = known.reduce((sum, { t }) => sum + (t - middle) ** 2, 0);
  const slope = known.reduce((sum, { value, t }) => sum + (t - middle) * (value - mean), 0) / squares;
  const kept = Math.min(slope, MOST_RISE_PER_MIN * mean);
  const rest = known.reduce((sum, { value, t }) => sum + (value - mean - kept * (t - middle)) ** 2, 0) / known.length;
  const allowed = Math.min(calm / mean, MOST_ALLOWED);
  return Math.sqrt(Math.max(0, rest / mean ** 2 - allowed ** 2));
}

/** How much a circuit's power moves from 20 s to 20 s beyond what it did before a load came on. */
export type CircuitUnrest = {
  /** Part of the load's power; 0 = no more than before. */
  readonly ratio: number;
  /** What cannot be told from rest, part of the load's power. */
  readonly errorRatio: number;
  /** How far it swings about a straight line beyond all that the other loads may, part of the load's power; 0 = no farther. */
  readonly swingRatio: number;
};

/** Differences that a median needs. */
const LEAST_DIFFERENCES = 6;
/** Of a normal variable: deviation over the median of its magnitude; √6 deviations of a second difference. */
const TO_DEVIATION = 1.4826 / Math.sqrt(6);
/** What follows the voltage's square, part of its power, from one 20 s to the next while the voltage wanders by 0.8 % within minutes. */
const VOLTAGE_RATIO = 0.004;

/**
 * A battery's power is a line or an exponential: means of 20 s leave no second differences, rising, falling or bent, and
 * whatever the shape of its pulses. What moves by itself leaves them. Medians, so that single steps of others count for
 * nothing.
 *
 * @param powersW means of 20 s of the circuit's power since the load came on, steps of others taken out; NaN = not known
 * @param beforeW such means before it came on, oldest first
 * @param activePowerW the load's own, > 0
 * @param othersW everything else, W
 * @returns undefined with fewer than six second differences since or four before
 */
export function circuitUnrest(
  powersW: ArrayLike<number>,
  beforeW: ArrayLike<number>,
  activePowerW: number,
  othersW: number,
): CircuitUnrest | undefined {
  const since = secondDifferences(powersW);
  const before = withoutStep(beforeW);
  if (since.length < LEAST_DIFFERENCES || before.length < LEAST_BEFORE) return undefined;
  const movedW = TO_DEVIATION * medianOf(since);
  const usualW = TO_DEVIATION * medianOf(before);
  return {
    ratio: Math.sqrt(Math.max(0, movedW ** 2 - usualW ** 2)) / activePowerW,
    errorRatio: Math.hypot(usualW, VOLTAGE_RATIO * Math.max(0, othersW)) / activePowerW,
    swingRatio: Math.max(0, swingOf(powersW) - mostSwingOf(beforeW)) / activePowerW,
  };
}

/** Means of 20 s of screens and computers move by this part of their power [M], pumps on inverters by less. */
const OTHERS_MOVE = 0.03;

/**
 * The same of a load that is followed by its power, in which others show: what moves now beyond what those may that are on
 * now. What was restless before it and has gone excuses nothing.
 *
 * @param ownW means of 20 s of its power, the newest last; NaN = not known
 * @param calmW scatter of such means before it came on
 * @param activePowerW the load's own, > 0
 * @param othersW everything else now, W
 * @returns undefined with fewer than six second differences
 */
export function ownUnrest(
  ownW: ArrayLike<number>,
  calmW: number,
  activePowerW: number,
  othersW: number,
): Omit<CircuitUnrest, 'swingRatio'> | undefined {
  const since = secondDifferences(ownW);
  if (since.length < LEAST_DIFFERENCES) return undefined;
  const movedW = TO_DEVIATION * medianOf(since);
  const usualW = Math.min(calmW, OTHERS_MOVE * Math.max(0, othersW));
  return {
    ratio: Math.sqrt(Math.max(0, movedW ** 2 - usualW ** 2)) / activePowerW,
    errorRatio: usualW / activePowerW,
  };
}

/** Part of their power that the other loads may swing by, whatever they did before. */
const OTHERS_SWING = 0.5;

/** What was on before swings by half its power, and as far again as it did. */
function mostSwingOf(beforeW: ArrayLike<number>): number {
  const known = Array.from(beforeW).filter((value) => !Number.isNaN(value));
  const mostW = Math.max(0, ...known);
  return mostW - Math.min(mostW, ...known) + OTHERS_SWING * mostW;
}

/** From the tenth to the ninetieth part of the means about their straight line: the tail of a charge is nearly straight. */
function swingOf(values: ArrayLike<number>): number {
  const known = Array.from(values, (value, k) => ({ value, k })).filter(({ value }) => !Number.isNaN(value));
  const meanK = known.reduce((sum, { k }) => sum + k, 0) / known.length;
  const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, { k }) => sum + (k - meanK) ** 2, 0);
  const slope = known.reduce((sum, { value, k }) => sum + (k - meanK) * (value - mean), 0) / squares;
  const rest = known.map(({ value, k }) => value - mean - slope * (k - meanK)).sort((a, b) => a - b);
  const at = (part: number): number => rest[Math.floor(part * rest.length)] ?? 0;
  return at(0.9) - at(0.1);
}

const LEAST_BEFORE = 2;
/** A step is all that was, when what remains without it is less than this part. */
const STEP_RATIO = 0.15;

/** Where few means are known, a load that went off among them counts in most differences: those across one step are left out. */
function withoutStep(values: ArrayLike<number>): readonly number[] {
  const all = secondDifferences(values);
  let least = STEP_RATIO * rmsOf(all);
  let found = all;
  for (let at = 1; at + 1 < values.length; at++) {
    const older = Array.from(values).slice(0, at);
    // The step may lie within a mean.
    const newer = Array.from(values).slice(at + 1);
    const rest = [...secondDifferences(older), ...secondDifferences(newer)];
    if (rest.length < LEAST_BEFORE || rmsOf(rest) >= least) continue;
    least = rmsOf(rest);
    found = rest;
  }
  return found;
}

function rmsOf(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

function secondDifferences(values: ArrayLike<number>): readonly number[] {
  const found: number[] = [];
  for (let k = 1; k + 1 < values.length; k++) {
    const bend = (values[k - 1] as number) - 2 * (values[k] as number) + (values[k + 1] as number);
    if (!Number.isNaN(bend)) found.push(Math.abs(bend));
  }
  return found;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : 0.5 * (upper + (sorted[middle - 1] as number));
}

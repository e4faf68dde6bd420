import { emptyScatter, scatter, SEEN } from './course-filter.ts';
import type { Scatter } from './course-filter.ts';
import { DIMENSIONS } from './step-watch.ts';

/** A load's own distortion, averaged; plain JSON. */
export type LoadCourse = {
  /** Means of 20 s since switch-on, for the first 20 minutes; null where steps of other loads blanked it. */
  bins: (number | null)[];
  /** Means of one minute, thinned when there are many. */
  minutes: { readonly at: number; readonly value: number }[];
  /** Like `bins`, of everything seen less the level around the load, in the dimensions `SEEN`. */
  seen: (number[] | null)[];
  /** Like `bins`, of the circuit's whole power, W, less the steps of heaters and motors. */
  powers: (number | null)[];
  /** What these steps came to since switch-on, W. */
  steppedW: number;
  powerSum: number;
  /** Bins in which a step of another load was taken out, and its size, VA. */
  steps: { readonly bin: number; readonly sizeVa: number }[];
  /** Jumps from second to second of all dimensions. */
  readonly scatter: Scatter;
  seenSum: number[];
  seenLast: number[] | null;
  readonly startedAt: number;
  sum: number;
  count: number;
  minuteSum: number;
  minuteCount: number;
  minuteIndex: number;
  /** Squares of the jumps from second to second, and their number. */
  squares: number;
  jumps: number;
  last: number | null;
};

const BIN_MS = 20_000;
/** Bins per minute. */
export const BINS_PER_MINUTE = 3;
const MOST_BINS = 60;
/** Seconds a bin and a minute must have to count. */
const LEAST_BIN_S = 8;
const LEAST_MINUTE_S = 20;
const MOST_MINUTES = 240;

export function startCourse(at: number): LoadCourse {
  const sums = { sum: 0, count: 0, minuteSum: 0, minuteCount: 0, minuteIndex: 0, squares: 0, jumps: 0, last: null };
  const seen = { seen: [], steps: [], scatter: emptyScatter(), seenSum: SEEN.map(() => 0), seenLast: null };
  const power = { powers: [], steppedW: 0, powerSum: 0 };
  return { bins: [], minutes: [], startedAt: at, ...sums, ...seen, ...power };
}

/**
 * Adds a second: the load's size, all dimensions less the level around it, and the circuit's whole power. Returns true when
 * it completed a minute.
 */
export function extendCourse(
  course: LoadCourse,
  at: number,
  value: number,
  deviation: ArrayLike<number>,
  circuitW: number,
): boolean {
  const elapsedMs = at - course.startedAt;
  while (course.bins.length < MOST_BINS && elapsedMs > (course.bins.length + 1) * BIN_MS) {
    const { count, seenSum } = course;
    course.bins.push(count >= LEAST_BIN_S ? course.sum / count : null);
    course.seen.push(count >= LEAST_BIN_S ? seenSum.map((sum) => sum / count) : null);
    course.powers.push(count >= LEAST_BIN_S ? course.powerSum / count : null);
    course.powerSum = 0;
    course.sum = 0;
    course.count = 0;
    seenSum.fill(0);
  }
  const minute = Math.floor((elapsedMs - 1) / 60_000);
  let isComplete = false;
  if (minute > course.minuteIndex) {
    if (course.minuteCount >= LEAST_MINUTE_S) {
      const middleAt = course.startedAt + (course.minuteIndex + 0.5) * 60_000;
      course.minutes.push({ at: middleAt, value: course.minuteSum / course.minuteCount });
      isComplete = true;
      // The first ten tell what it was; of the rest every second one.
      if (course.minutes.length > MOST_MINUTES) course.minutes = course.minutes.filter((_, k) => k < 10 || k % 2 === 0);
    }
    course.minuteIndex = minute;
    course.minuteSum = 0;
    course.minuteCount = 0;
  }
  course.sum += value;
  course.count++;
  course.minuteSum += value;
  course.minuteCount++;
  if (course.last !== null) {
    course.squares += (value - course.last) ** 2;
    course.jumps++;
  }
  course.last = value;
  if (course.bins.length < MOST_BINS) {
    extendSeen(course, deviation);
    course.powerSum += circuitW - course.steppedW;
  }
  return isComplete;
}

const jump = new Float64Array(DIMENSIONS);

function extendSeen(course: LoadCourse, deviation: ArrayLike<number>): void {
  const { seenSum, seenLast } = course;
  SEEN.forEach((dimension, k) => {
    const value = deviation[dimension] as number;
    seenSum[k] = (seenSum[k] as number) + value;
    jump[dimension] = value - (seenLast?.[k] ?? value);
  });
  if (seenLast !== null) {
    scatter(course.scatter, jump);
    SEEN.forEach((dimension, k) => (seenLast[k] = deviation[dimension] as number));
  } else course.seenLast = SEEN.map((dimension) => deviation[dimension] as number);
}

const MOST_STEPS = 8;

/** Less distortion than this part of its power: a heater's step or a motor's, no rectifier that moves. */
const NO_RECTIFIER = 0.4;

/** Another load's step was taken out now; `isPulse` = one that it repeats, known without error. */
export function noteStep(course: LoadCourse, sizeVa: number, powerW: number, isPulse = false): void {
  if (course.bins.length >= MOST_BINS) return;
  if (sizeVa < NO_RECTIFIER * Math.abs(powerW)) course.steppedW += powerW;
  // A rectifier that repeats its steps may be this very one.
  if (isPulse && sizeVa < NO_RECTIFIER * Math.abs(powerW)) return;
  course.steps = [...course.steps.slice(1 - MOST_STEPS), { bin: course.bins.length, sizeVa }];
}

/** A second that belongs to somebody else's step. */
export function blankSecond(course: LoadCourse): void {
  course.last = null;
  course.seenLast = null;
}

/** Level and rate of the newest `count` minutes. */
export type RecentRate = {
  readonly level: number;
  readonly ratePctPerMin: number;
  readonly rateErrorPctPerMin: number;
  /** Rms distance from the line, part of the level. */
  readonly scatterRatio: number;
};

/** Least squares over minutes from..to (indices); undefined with fewer than four. */
export function rateOf(course: LoadCourse, from: number, to: number): RecentRate | undefined {
  const minutes = course.minutes.slice(Math.max(0, from), to);
  if (minutes.length < 4) return undefined;
  const origin = minutes[0]?.at ?? 0;
  const times = minutes.map(({ at }) => (at - origin) / 60_000);
  const meanT = times.reduce((sum, t) => sum + t, 0) / times.length;
  const level = minutes.reduce((sum, { value }) => sum + value, 0) / minutes.length;
  let tt = 0;
  let tv = 0;
  minutes.forEach(({ value }, k) => {
    const t = (times[k] as number) - meanT;
    tt += t * t;
    tv += t * (value - level);
  });
  const slope = tv / tt;
  let rest = 0;
  minutes.forEach(({ value }, k) => (rest += (value - level - slope * ((times[k] as number) - meanT)) ** 2));
  const scatter = Math.sqrt(rest / (minutes.length - 2));
  const size = Math.max(1, level);
  return {
    level,
    ratePctPerMin: (100 * slope) / size,
    rateErrorPctPerMin: Math.max(0.001, (100 * scatter) / Math.sqrt(tt) / size),
    scatterRatio: scatter / size,
  };
}

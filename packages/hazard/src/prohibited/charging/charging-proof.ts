import type { ChargingCandidate } from './charging-candidate.ts';
import { rateOf } from './load-course.ts';
import { shiftedLine } from './shifted-line.ts';

const PROVED_AFTER_MS = 2 * 3_600_000;
/** Rise that proves constant current: half of the least in the field (5 %) over about half of its time. */
const PROVING_RISE = 0.01;
/** More than the field's most (12 %) with a margin is no battery. */
const MOST_RISE = 0.2;
const HINDSIGHT_MS = 3_600_000;
const DISPROVED_MINUTES = 90;

/**
 * Two hours on: the power must have risen steadily as a battery's does, or decay as its tail does; a straight line must
 * hold over the whole course, so nothing is proved behind restless loads. Only what is proved may dispatch somebody.
 */
export function prove(candidate: ChargingCandidate, at: number): boolean {
  if (candidate.provedAt !== null || at - candidate.onAt < PROVED_AFTER_MS) return false;
  const { minutes } = candidate.course;
  const middle = Math.floor(minutes.length / 2);
  const whole = rateOf(candidate.course, 10, minutes.length);
  const thirds = [rateOf(candidate.course, 5, 20), rateOf(candidate.course, middle - 7, middle + 8)];
  const [early, half] = thirds;
  const late = rateOf(candidate.course, minutes.length - 15, minutes.length);
  if (whole === undefined || early === undefined || half === undefined || late === undefined) return false;
  const isSteady = whole.scatterRatio < 0.005 && whole.ratePctPerMin > 5 * whole.rateErrorPctPerMin;
  const hasRisen = late.level >= (1 + PROVING_RISE) * early.level && late.level <= (1 + MOST_RISE) * early.level;
  const isRising = isSteady && hasRisen && half.level > early.level && late.level > half.level;
  const isTail = late.scatterRatio < 0.01 && late.level < 0.8 * candidate.highestVa && isSmoothTail(candidate, at);
  if (!isRising && !isTail) return false;
  candidate.provedAt = at;
  return true;
}

const LEAST_TAIL_MS = 20 * 60_000;
/** Rates of tails of 12 … 100 min, per minute. */
const TAIL_RATES = [0.01, 0.085] as const;
/** Rms distance of the whole tail from an exponential. */
const TAIL_SCATTER = 0.02;

/** One exponential from its beginning on: steps of other loads taken for its own do not make one. */
function isSmoothTail({ cvSince, course }: ChargingCandidate, at: number): boolean {
  if (cvSince === null || at - cvSince < LEAST_TAIL_MS) return false;
  const tail = course.minutes.filter(({ at: minuteAt, value }) => minuteAt >= cvSince && value > 0);
  const line = shiftedLine(
    tail.map(({ value }) => Math.log(value)),
    0,
  );
  if (line === undefined) return false;
  const perMinute = (-line.slope * (tail.length - 1) * 60_000) / ((tail.at(-1)?.at ?? 0) - (tail[0]?.at ?? 0));
  return line.scatter < TAIL_SCATTER && perMinute > TAIL_RATES[0] && perMinute < TAIL_RATES[1];
}

/** What ended at full power after an hour without having risen was a lamp rather than a battery. */
export function isNoChargeInHindsight(candidate: ChargingCandidate, at: number): boolean {
  const { minutes } = candidate.course;
  if (at - candidate.onAt < HINDSIGHT_MS) return false;
  const early = rateOf(candidate.course, 2, 12);
  const late = rateOf(candidate.course, minutes.length - 10, minutes.length);
  return early !== undefined && late !== undefined && late.level < 1.005 * early.level && candidate.cvSince === null;
}

/**
 * What was confirmed and ended after an hour or more, at full power and never proved, mostly behind restless loads: a lamp
 * that is switched on every day does so every day, a charger hardly.
 */
export function isUnproved(candidate: ChargingCandidate, at: number): boolean {
  const { confirmedAt, provedAt, cvSince, onAt } = candidate;
  return confirmedAt !== null && provedAt === null && cvSince === null && at - onAt >= HINDSIGHT_MS;
}

/** What was confirmed and has not risen by half a per cent in an hour and a half, seen clearly, is withdrawn. */
export function isDisproved(candidate: ChargingCandidate): boolean {
  const { minutes } = candidate.course;
  if (minutes.length < DISPROVED_MINUTES || candidate.cvSince !== null) return false;
  const early = rateOf(candidate.course, 2, 12);
  const late = rateOf(candidate.course, minutes.length - 10, minutes.length);
  const whole = rateOf(candidate.course, 10, minutes.length);
  if (early === undefined || late === undefined || whole === undefined) return false;
  return whole.scatterRatio < 0.005 && late.level < 1.005 * early.level && late.level > 0.9 * early.level;
}

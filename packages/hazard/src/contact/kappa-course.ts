import type { EstimatedValue } from '../graded-hazard.ts';
import type { HazardForecast } from '../measured-evidence.ts';
import { crossingOf, fitLine, leastSlopePerMs, type CoursePoint } from '../trend/line-fit.ts';
import { courseErrors } from '../trend/step-fit.ts';
import type { ContactCommissioning } from './contact-settings.ts';

/** ln κ, one point a day, at most three weeks. */
export type KappaCourse = readonly CoursePoint[];

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
/** 99 % for the trend: its points are few. */
export const TREND_Z = 2.33;
const FORECAST_Z = 1.28;
const MIN_TREND_POINTS = 7;
const TREND_POINTS = 21;
const FORECAST_POINTS = 10;
/** A trend needs this much of a rise within its window: a doubling within 30 d shows it in ten days. */
const LEAST_TREND_RISE = Math.log(1.25);
/** Days lean on the day before by the filter's memory. */
const DAY_CORRELATION = 2;

/** The course with the day's κ, if a day has passed; points of a clock that was ahead are dropped. */
export function noteKappa(course: KappaCourse, at: number, kappaKPerA2: number, relativeError: number): KappaCourse {
  const known = course.filter((point) => point.at <= at);
  if (at - (known.at(-1)?.at ?? -Infinity) < DAY_MS) return known.length < course.length ? known : course;
  const variance = DAY_CORRELATION * relativeError ** 2;
  return [...known, { at, value: Math.log(kappaKPerA2), variance }].slice(-TREND_POINTS);
}

/** The mean of the days: surer than the filter's newest word, which remembers about one of them. */
export function commissioningOf(course: KappaCourse, tauS: number, frozenAt: number): ContactCommissioning | undefined {
  const weight = course.reduce((sum, { variance }) => sum + 1 / variance, 0);
  if (!(weight > 0)) return undefined;
  const kappaKPerA2 = Math.exp(course.reduce((sum, { value, variance }) => sum + value / variance, 0) / weight);
  return { kappaKPerA2, standardError: kappaKPerA2 / Math.sqrt(weight), tauS, frozenAt };
}

/** Slope of ln κ in doublings per 30 d; unknown (NaN) below seven days. */
export function doublingsPerMonth(course: readonly CoursePoint[]): EstimatedValue {
  const fit = course.length < MIN_TREND_POINTS ? undefined : fitLine(course);
  if (fit === undefined) return { estimate: NaN, proved: NaN };
  const rise = fit.slopePerMs * ((course.at(-1)?.at ?? NaN) - (course[0]?.at ?? NaN));
  const perMonth = MONTH_MS / Math.LN2;
  const errors = courseErrors(course);
  // What has risen by less is no trend yet, however straight it is; and a step, however high, goes on nowhere.
  const isTrend = rise >= LEAST_TREND_RISE && errors !== undefined && errors.line < errors.step;
  return {
    estimate: fit.slopePerMs * perMonth,
    proved: isTrend ? leastSlopePerMs(fit, TREND_Z) * perMonth : 0,
  };
}

/** When κ will be twice its commissioning value, as its course goes. */
export function forecastDoubling(
  course: readonly CoursePoint[],
  commissioning: ContactCommissioning | undefined,
): HazardForecast {
  // The newest of it: a contact that began to decay within the window would be put off by the days before.
  const newest = course.slice(-FORECAST_POINTS);
  const fit = newest.length < MIN_TREND_POINTS ? undefined : fitLine(newest);
  const errors = courseErrors(newest);
  if (fit === undefined || commissioning === undefined || leastSlopePerMs(fit, FORECAST_Z) <= 0) return {};
  if (errors === undefined || errors.line >= errors.step) return {};
  const { at, ...bounds } = crossingOf(fit, Math.log(2 * commissioning.kappaKPerA2), FORECAST_Z);
  return { ...bounds, ...(at !== undefined && { limitAt: at }) };
}

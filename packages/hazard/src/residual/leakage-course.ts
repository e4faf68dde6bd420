import { crossingOf, fitLine, type CoursePoint } from '../trend/line-fit.ts';
import type { EstimatedValue } from '../graded-hazard.ts';
import type { HazardForecast } from '../measured-evidence.ts';

/**
 * ln of the rise of the resistive residual current over what is usual: two days of hours and two months of days. The rise, not
 * the whole: what was there before does not grow with it.
 */
export type LeakageCourse = { readonly hours: readonly CoursePoint[]; readonly days: readonly CoursePoint[] };

export const emptyCourse: LeakageCourse = { hours: [], days: [] };

/** When the residual current reaches its limit as things go. */
export type LeakageForecast = { readonly daysToLimit: EstimatedValue; readonly forecast: HazardForecast };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = 48;
const DAYS = 60;
const LEAST_HOURS = 8;
const LEAST_DAYS = 5;
/** Hours share the weather of the day: their errors are larger than their scatter says. */
const HOUR_CORRELATION = 6;
const PROOF_Z = 2.33;
const FORECAST_Z = 1.28;
/** Ten years: as good as never. */
export const NEVER_DAYS = 3_650;
/** Below this, a logarithm tells of the noise, mA. */
const LEAST_MA = 1;

/** Takes the mean rise of an hour in; `errorMa` is its standard error. Points of a clock that was ahead are dropped. */
export function noteLeakage(before: LeakageCourse, at: number, valueMa: number, errorMa: number): LeakageCourse {
  const value = Math.max(LEAST_MA, valueMa);
  const variance = (errorMa / value) ** 2;
  const point = { at, value: Math.log(value), variance };
  const until = (points: readonly CoursePoint[]): readonly CoursePoint[] => points.filter((known) => known.at < at);
  const hours = [...until(before.hours), { ...point, variance: HOUR_CORRELATION * variance }].slice(-HOURS);
  const days = until(before.days);
  const isNewDay = at - (days.at(-1)?.at ?? -Infinity) >= DAY_MS;
  return { hours, days: isNewDay ? [...days, point].slice(-DAYS) : days };
}

/**
 * Time until the rise is `limitMa`, by a log-linear fit (insulation that fails has an exponential course) of the last two
 * days or the last two months, whichever proves the nearer end. `NEVER_DAYS` where nothing rises.
 */
export function forecastLeakage({ hours, days }: LeakageCourse, now: number, limitMa: number): LeakageForecast {
  const never = { daysToLimit: { estimate: NEVER_DAYS, proved: NEVER_DAYS }, forecast: {} };
  const candidates = [
    hours.length >= LEAST_HOURS ? lastingForecast(hours, now, limitMa) : never,
    days.length >= LEAST_DAYS ? lastingForecast(days, now, limitMa) : never,
  ];
  return candidates.reduce((best, next) => (next.daysToLimit.proved < best.daysToLimit.proved ? next : best), never);
}

/** A step looks like a rise for as long as the window holds it; a rise goes on in the later half of the window. */
function lastingForecast(points: readonly CoursePoint[], now: number, limitMa: number): LeakageForecast {
  const whole = forecastBy(points, now, limitMa);
  const later = forecastBy(points.slice(Math.min(points.length - LEAST_DAYS, points.length >> 1)), now, limitMa);
  return later.daysToLimit.proved > whole.daysToLimit.proved ? later : whole;
}

function forecastBy(points: readonly CoursePoint[], now: number, limitMa: number): LeakageForecast {
  const fit = fitLine(points);
  const daysUntil = (at: number | undefined): number =>
    at === undefined ? NEVER_DAYS : Math.min(NEVER_DAYS, Math.max(0, (at - now) / DAY_MS));
  const likely = fit && crossingOf(fit, Math.log(Math.max(LEAST_MA, limitMa)), FORECAST_Z);
  const proved = fit && crossingOf(fit, Math.log(Math.max(LEAST_MA, limitMa)), PROOF_Z);
  return {
    daysToLimit: { estimate: daysUntil(likely?.at), proved: daysUntil(proved?.latestAt) },
    forecast: {
      ...(likely?.at !== undefined && { limitAt: likely.at }),
      ...(likely?.earliestAt !== undefined && { earliestAt: likely.earliestAt }),
      ...(likely?.latestAt !== undefined && { latestAt: likely.latestAt }),
    },
  };
}

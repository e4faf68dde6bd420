import type { CoursePoint } from './line-fit.ts';

/** Weighted squared error of a course around a straight line, and around two levels with the best instant between. */
export type CourseErrors = { readonly line: number; readonly step: number };

type Sums = { weight: number; at: number; value: number; atAt: number; atValue: number; valueValue: number };

/**
 * Whether a course is a rise or a step. A step through which a line is drawn has a slope, too, and its forecast is wrong;
 * the two levels then leave the smaller error. Undefined below four points.
 */
export function courseErrors(points: readonly CoursePoint[]): CourseErrors | undefined {
  if (points.length < 4) return undefined;
  const originAt = points[0]?.at ?? 0;
  const originValue = points[0]?.value ?? 0;
  const empty = (): Sums => ({ weight: 0, at: 0, value: 0, atAt: 0, atValue: 0, valueValue: 0 });
  const all = empty();
  for (const point of points) add(all, point, originAt, originValue);
  const before = empty();
  let step = Infinity;
  for (const point of points.slice(0, -1)) {
    add(before, point, originAt, originValue);
    const after = { ...all, weight: all.weight - before.weight, value: all.value - before.value };
    after.valueValue = all.valueValue - before.valueValue;
    step = Math.min(step, levelError(before) + levelError(after));
  }
  const spread = all.atAt - all.at ** 2 / all.weight;
  const products = all.atValue - (all.at * all.value) / all.weight;
  return { line: Math.max(0, levelError(all) - (spread > 0 ? products ** 2 / spread : 0)), step: Math.max(0, step) };
}

function add(sums: Sums, point: CoursePoint, originAt: number, originValue: number): void {
  const weight = 1 / point.variance;
  const at = point.at - originAt;
  const value = point.value - originValue;
  sums.weight += weight;
  sums.at += weight * at;
  sums.value += weight * value;
  sums.atAt += weight * at * at;
  sums.atValue += weight * at * value;
  sums.valueValue += weight * value * value;
}

function levelError({ weight, value, valueValue }: Sums): number {
  return valueValue - value ** 2 / weight;
}

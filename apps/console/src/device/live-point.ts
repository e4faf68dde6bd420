import type { Point } from '@fengsui/protocol';
import { prefixOfPoint, quantityOfPoint } from '../alarm/alarm-quantity.ts';
import { valueKey, type LiveState } from '../live/live-state.ts';

/** A point with the newer of what the API told and what the feed has told since. */
export function livePoint(point: Point, deviceId: string, values: LiveState['values'] | undefined): Point {
  const live = values?.get(valueKey(deviceId, point.id));
  return live && live.at >= (point.at ?? 0) ? { ...point, value: live.value, at: live.at } : point;
}

const mainQuantities = ['currentA', 'temperatureC', 'obscurationPctPerM', 'lelPct'];

/**
 * The point a page shows a trend of: the one asked for, or, when only a prefix was asked for (an alarm names `c1`), the
 * main quantity of that prefix; else the main quantity of the device. Points that ever had a value come first.
 */
export function choosePoint(points: readonly Point[], wanted: string | undefined): Point | undefined {
  const exact = points.find(({ id }) => id === wanted);
  if (exact) return exact;
  const ofPrefix = wanted === undefined ? [] : points.filter(({ id }) => prefixOfPoint(id) === prefixOfPoint(wanted));
  const candidates = ofPrefix.length > 0 ? ofPrefix : points;
  const known = candidates.filter(({ value }) => value !== undefined);
  const pool = known.length > 0 ? known : candidates;
  for (const quantity of mainQuantities) {
    const main = pool.find(({ id }) => quantityOfPoint(id) === quantity);
    if (main) return main;
  }
  return pool[0];
}

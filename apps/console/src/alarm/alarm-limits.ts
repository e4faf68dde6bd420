import type { Alarm, Point } from '@fengsui/protocol';
import { prefixOfPoint, quantityOfAlarm, quantityOfPoint } from './alarm-quantity.ts';

/**
 * Limits that open alarms state for a point. A terminal that watches the rating of its own circuit reports the limit with
 * the event; the centre has no rule for it, and the curve would show none.
 */
export function limitsOfAlarms(alarms: readonly Alarm[], deviceId: string, pointId: string): Point['limits'] {
  return alarms.flatMap((alarm) => {
    const { kind, limit, value, level } = alarm;
    const isOfPoint =
      alarm.deviceId === deviceId &&
      prefixOfPoint(alarm.pointId) === prefixOfPoint(pointId) &&
      quantityOfAlarm(alarm) === quantityOfPoint(pointId);
    if (!isOfPoint || limit === undefined) return [];
    return [
      { kind, threshold: limit, level, direction: value !== undefined && value < limit ? 'below' : 'above' },
    ] as const;
  });
}

/** The point with the limits its open alarms state beside its own; a limit that is there already is not repeated. */
export function withAlarmLimits(point: Point, deviceId: string, alarms: readonly Alarm[]): Point {
  const isOwn = (added: Point['limits'][number]): boolean =>
    point.limits.some(({ threshold, direction }) => threshold === added.threshold && direction === added.direction);
  const added = limitsOfAlarms(alarms, deviceId, point.id).filter((limit) => !isOwn(limit));
  return added.length === 0 ? point : { ...point, limits: [...point.limits, ...added] };
}

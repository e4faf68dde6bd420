import type { Alarm } from '@fengsui/protocol';
import type { LimitLine } from '../chart/limit-range.ts';
import { prefixOfPoint, quantityOfAlarm, quantityOfPoint } from './alarm-quantity.ts';

/**
 * Limits that open alarms state for a point. A terminal that watches the rating of its own circuit reports the limit with
 * the event; the centre has no rule for it, and the curve would show none.
 */
export function limitsOfAlarms(alarms: readonly Alarm[], deviceId: string, pointId: string): LimitLine[] {
  return alarms.flatMap((alarm): LimitLine[] => {
    const { limit, value, level } = alarm;
    const isOfPoint =
      alarm.deviceId === deviceId &&
      prefixOfPoint(alarm.pointId) === prefixOfPoint(pointId) &&
      quantityOfAlarm(alarm) === quantityOfPoint(pointId);
    if (!isOfPoint || limit === undefined) return [];
    return [{ threshold: limit, level, direction: value !== undefined && value < limit ? 'below' : 'above' }];
  });
}

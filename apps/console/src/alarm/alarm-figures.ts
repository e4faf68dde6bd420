import type { Alarm } from '@fengsui/protocol';
import { formatLimit, formatQuantity } from '../format/quantity.ts';
import { unitOfAlarm } from './alarm-quantity.ts';

/** Value and limit of an alarm with their unit; undefined where the alarm states none. */
export function alarmFigures(alarm: Alarm): { readonly value: string | undefined; readonly limit: string | undefined } {
  const unit = unitOfAlarm(alarm);
  return {
    value: alarm.value === undefined ? undefined : formatQuantity(alarm.value, unit),
    limit: alarm.limit === undefined ? undefined : formatLimit(alarm.limit, unit),
  };
}

import type { Alarm } from '@fengsui/protocol';
import { formatLimit, formatQuantity } from '../format/quantity.ts';
import type { Translate } from '../locale/i18n.ts';
import { quantityName } from '../locale/words.ts';
import { quantityOfAlarm, unitOfAlarm } from './alarm-quantity.ts';
import { measureName, measureUnit } from './measure-words.ts';

export type AlarmFigures = {
  /** What is measured, in words; undefined for kinds that watch nothing. */
  readonly name: string | undefined;
  readonly value: string | undefined;
  readonly limit: string | undefined;
};

/** Value and limit of an alarm with their unit; undefined where the alarm states none. */
export function alarmFigures(t: Translate, alarm: Alarm): AlarmFigures {
  const { measure } = alarm;
  const unit = measure === undefined ? unitOfAlarm(alarm) : measureUnit(t, measure);
  // Halves of a cycle, days and phases are counted; a reading keeps its digits.
  const isCount = measure !== undefined && counted.has(measure);
  const quantity = quantityOfAlarm(alarm);
  const name = measure !== undefined ? measureName(t, measure) : quantity && quantityName(t, quantity);
  return {
    name,
    value:
      alarm.value === undefined
        ? undefined
        : isCount
          ? formatLimit(alarm.value, unit)
          : formatQuantity(alarm.value, unit),
    limit: alarm.limit === undefined ? undefined : formatLimit(alarm.limit, unit),
  };
}

const counted: ReadonlySet<string> = new Set(['arcHalfCycles', 'lostPhases', 'deadSupplyRatio']);

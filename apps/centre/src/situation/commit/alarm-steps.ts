import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, placeColumns, placesOf, upsert } from './upsert.ts';

export function alarmSteps({ alarms, alarmChanges }: Effects): Step[] {
  const rows = [...alarms.values()];
  const steps: Step[] = upsert(
    'alarm',
    ['id'],
    [
      ['id', 'text', column(rows, ({ alarm }) => alarm.id)],
      ...placesOf(rows, ({ place, alarm }) => ({ ...place, origin: alarm.origin })),
      ['device_id', 'text', column(rows, ({ alarm }) => alarm.deviceId)],
      ['category', 'text', column(rows, ({ alarm }) => alarm.category)],
      ['priority', 'text', column(rows, ({ alarm }) => alarm.priority)],
      ['state', 'text', column(rows, ({ alarm }) => alarm.state)],
      ['ended', 'bool', column(rows, ({ alarm }) => String(alarm.state === 'normal'))],
      ['raised_at', 'int8', column(rows, ({ raisedAt }) => raisedAt)],
      ['doc', 'jsonb', column(rows, ({ alarm }) => storableJson(alarm))],
    ],
    ['category', 'priority', 'state', 'ended', 'doc'],
  );
  if (alarmChanges.length === 0) return steps;
  return [
    ...steps,
    {
      kind: 'copy',
      table: 'alarm_change',
      columns: [['alarm_id', 'text'], ['number', 'int4'], ...placeColumns, ['at', 'int8'], ['doc', 'jsonb']],
      rows: alarmChanges.map(({ alarmId, number, place, change }) => [
        alarmId,
        number,
        place.partition,
        place.venueId,
        place.origin,
        change.at,
        storableJson(change),
      ]),
    },
  ];
}

import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { column, copyStep, docSteps, placeColumns, placesOf, upsert, type Columns } from './upsert.ts';

const partValueColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['point', 'text'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['device_at', 'int8'],
  ['analog_type', 'int2'],
  ['raw', 'int4'],
  ['value', 'float8'],
  ['unit', 'text'],
  ['quality', 'text'],
];

/** What transmission devices said: the state of their parts, their values, their frames by serial, on-duty checks. */
export function gbSteps({ gbParts, gbFrames, gbDutyChecks, partValues, quarantineRead }: Effects): Step[] {
  const frames = [...gbFrames.values()];
  return [
    ...docSteps('gb_part', 'id', gbParts, ({ deviceId, part }) => ({ deviceId, part })),
    ...docSteps('gb_duty_check', 'id', gbDutyChecks, ({ check }) => check),
    ...quarantineRead.map(({ deviceId, receivedAt, digest }): Step => ({
      kind: 'sql',
      sql: 'delete from quarantine where device_id = $1 and received_at = $2 and digest = $3',
      params: [deviceId, receivedAt, digest],
    })),
    ...copyStep('part_value', partValueColumns, partValues),
    ...upsert(
      'gb_frame',
      ['device_id', 'serial'],
      [
        ['device_id', 'text', column(frames, ({ deviceId }) => deviceId)],
        ['serial', 'int4', column(frames, ({ serial }) => serial)],
        ...placesOf(frames, ({ place }) => place),
        ['receipt_order', 'int8', column(frames, ({ order }) => order)],
        ['received_at', 'int8', column(frames, ({ receivedAt }) => receivedAt)],
        ['label', 'text', column(frames, ({ label }) => label)],
        ['content', 'text', column(frames, ({ content }) => content)],
      ],
      ['receipt_order', 'received_at', 'label', 'content'],
    ),
  ];
}

import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { dayPartition, partitionStep } from '../../history/day-partition.ts';
import { column, copyStep, placeColumns, placesOf, upsert, type Columns } from './upsert.ts';

/** Newest quarantine rows kept per device: bounded, because what fills it is what nobody checked. */
const QUARANTINE_PER_DEVICE = 200;

export const telemetryColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['epoch', 'text'],
  ['seq', 'int8'],
  ['row_index', 'int4'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['device_at', 'int8'],
  ['model', 'text'],
  ['model_version', 'int2'],
  ['live', 'bool'],
  ['digest', 'bytea'],
  ['values', 'float8[]'],
  ['identity_suspect', 'bool'],
  ['lane_sequence', 'int8'],
];

const eventColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['epoch', 'text'],
  ['seq', 'int8'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['device_at', 'int8'],
  ['kind', 'text'],
  ['point', 'text'],
  ['active', 'bool'],
  ['level', 'text'],
  ['confidence', 'float8'],
  ['capture_id', 'text'],
  ['live', 'bool'],
  ['unmapped', 'bool'],
  ['digest', 'bytea'],
  ['evidence', 'jsonb'],
  ['identity_suspect', 'bool'],
];

const lateHazardColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['point', 'text'],
  ['rule', 'text'],
  ['kind', 'text'],
  ['level', 'text'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['value', 'float8'],
  ['threshold', 'float8'],
];

const quarantineColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['received_at', 'int8'],
  ['topic', 'text'],
  ['reason', 'text'],
  ['digest', 'bytea'],
  ['payload', 'bytea'],
];

/** What devices reported: their rows, what could not be read of them, and which numbers were received. */
export function reportSteps(effects: Effects): Step[] {
  return [
    ...daySteps(effects),
    ...copyStep('telemetry', telemetryColumns, effects.telemetry),
    ...copyStep('event', eventColumns, effects.events),
    ...copyStep('late_hazard', lateHazardColumns, effects.lateHazards),
    ...quarantineSteps(effects),
    ...receivedSteps(effects),
  ];
}

/** A day has a partition before its first row is copied. */
function daySteps({ telemetryDays }: Effects): Step[] {
  return [...telemetryDays].map((at) => partitionStep('telemetry', dayPartition('telemetry', at)));
}

function quarantineSteps({ quarantine, quarantinedDevices }: Effects): Step[] {
  if (quarantine.length === 0) return [];
  return [
    { kind: 'copy', table: 'quarantine', columns: quarantineColumns, rows: quarantine },
    ...[...quarantinedDevices].map((deviceId): Step => ({
      kind: 'sql',
      sql:
        `delete from quarantine where device_id = $1 and received_at < coalesce((select received_at from quarantine ` +
        `where device_id = $1 order by received_at desc offset $2 limit 1), 0)`,
      params: [deviceId, QUARANTINE_PER_DEVICE - 1],
    })),
  ];
}

function receivedSteps({ received }: Effects): Step[] {
  const rows = [...received.values()];
  return upsert(
    'received',
    ['device_id', 'epoch'],
    [
      ['device_id', 'text', column(rows, ({ deviceId }) => deviceId)],
      ['epoch', 'text', column(rows, ({ epoch }) => epoch)],
      ...placesOf(rows, ({ place }) => place),
      ['intervals', 'int8[]', column(rows, ({ intervals }) => `{${intervals.join(',')}}`)],
      ['updated_at', 'int8', column(rows, ({ at }) => at)],
    ],
    ['intervals', 'updated_at'],
  );
}

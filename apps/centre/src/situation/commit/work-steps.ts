import { isClosedWorkOrder } from '@fengsui/protocol';
import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, placeColumns, placesOf, upsert } from './upsert.ts';

export function workSteps({ workOrders, workSteps: lines, workPhotos }: Effects): Step[] {
  const rows = [...workOrders.values()];
  const steps: Step[] = upsert(
    'work_order',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ...placesOf(rows, ({ place }) => place),
      ['number', 'int4', column(rows, ({ number }) => number)],
      ['device_id', 'text', column(rows, ({ deviceId }) => deviceId)],
      ['state', 'text', column(rows, ({ state }) => state)],
      ['closed', 'bool', column(rows, ({ state }) => String(isClosedWorkOrder(state)))],
      ['opened_at', 'int8', column(rows, ({ openedAt }) => openedAt)],
      ['closed_at', 'int8', column(rows, ({ closedAt }) => closedAt ?? 0)],
      ['doc', 'jsonb', column(rows, (order) => storableJson(order))],
    ],
    ['state', 'closed', 'closed_at', 'doc'],
  );
  if (lines.length > 0)
    steps.push({
      kind: 'copy',
      table: 'work_order_step',
      columns: [['order_id', 'text'], ['number', 'int4'], ...placeColumns, ['at', 'int8'], ['doc', 'jsonb']],
      rows: lines.map(({ orderId, number, place, step }) => [
        ...[orderId, number, place.partition, place.venueId, place.origin, step.at],
        storableJson(step),
      ]),
    });
  for (const { orderId, place, photo, body } of workPhotos)
    steps.push({
      kind: 'sql',
      sql:
        'insert into work_photo (id, order_id, partition, venue_id, origin, at, media_type, body) ' +
        'values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing',
      params: [photo.id, orderId, place.partition, place.venueId, place.origin, photo.at, photo.mediaType, body],
    });
  return steps;
}

import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, upsert } from './upsert.ts';

/** Frames that are owed to other centres, those that are no longer, and how these centres stand. */
export function relaySteps({ relayOwed, relaySettled, relayStates }: Effects): Step[] {
  const states = [...relayStates];
  const steps: Step[] = upsert(
    'gb_relay_state',
    ['relay_id'],
    [
      ['relay_id', 'text', column(states, ([relayId]) => relayId)],
      ['doc', 'jsonb', column(states, ([, state]) => storableJson(state))],
    ],
    ['doc'],
  );
  const owed = [...relayOwed.values()];
  if (owed.length > 0)
    steps.push({
      kind: 'sql',
      sql:
        'insert into gb_relay_owed (relay_id, receipt_order, device_id, urgent, received_at, frame) ' +
        "select relay_id, receipt_order, device_id, urgent = 1, received_at, decode(frame, 'hex') " +
        'from unnest($1::text[], $2::int8[], $3::text[], $4::int2[], $5::int8[], $6::text[]) ' +
        'as rows (relay_id, receipt_order, device_id, urgent, received_at, frame) ' +
        'on conflict (relay_id, receipt_order) do nothing',
      params: [
        column(owed, ({ relayId }) => relayId),
        column(owed, ({ order }) => order),
        column(owed, ({ deviceId }) => deviceId),
        column(owed, ({ isUrgent }) => (isUrgent ? 1 : 0)),
        column(owed, ({ receivedAt }) => receivedAt),
        column(owed, ({ bytes }) => Buffer.from(bytes).toString('hex')),
      ],
    });
  const settled = [...relaySettled.values()];
  if (settled.length > 0)
    steps.push({
      kind: 'sql',
      sql:
        'delete from gb_relay_owed using unnest($1::text[], $2::int8[]) as gone (relay_id, receipt_order) ' +
        'where gb_relay_owed.relay_id = gone.relay_id and gb_relay_owed.receipt_order = gone.receipt_order',
      params: [column(settled, ({ relayId }) => relayId), column(settled, ({ order }) => order)],
    });
  return steps;
}

import type { WorkOrder, WorkOrderState, WorkOrderStep } from '@fengsui/protocol';
import { narrow, scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptPhoto, KeptStep, KeptWorkOrder } from './kept-work-order.ts';
import { workOrderView, workStepView } from './work-order-view.ts';

export type WorkOrderQuery = {
  readonly states?: readonly WorkOrderState[];
  readonly venueId?: string;
  readonly deviceId?: string;
  /** Orders that this alarm is a fault of. */
  readonly alarmId?: string;
  /** User name, or id of an organisation. */
  readonly assignee?: string;
  /** Given to him, or he set out for it. */
  readonly mine?: string;
  /** Past their time at this instant. */
  readonly overdueAt?: number;
  readonly limit: number;
  readonly after?: { readonly openedAt: number; readonly id: string };
};

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

/** Newest first. Without `states` and `alarmId`: those that are not closed. */
export async function listWorkOrders(scope: Scope, store: Store, query: WorkOrderQuery): Promise<readonly WorkOrder[]> {
  const seen = narrow(scope, query.venueId === undefined ? undefined : [query.venueId]);
  const ofAlarm = query.alarmId === undefined ? null : JSON.stringify([{ alarmId: query.alarmId }]);
  const rows = await store.query(
    `select doc from work_order where ${IN_SCOPE}
       and (case when $2::text[] is not null then state = any($2::text[]) else $3::text is not null or not closed end)
       and ($3::text is null or doc->'faults' @> $3::jsonb)
       and ($4::text is null or device_id = $4)
       and ($5::text is null or doc->'assignee'->>'id' = $5)
       and ($6::text is null or doc->'assignee'->>'id' = $6 or doc->>'workedBy' = $6)
       and ($7::int8 is null or (not closed and state <> 'repaired' and (doc->>'dueAt')::int8 <= $7::int8))
       and ($8::int8 is null or (opened_at, id) < ($8::int8, $9::text))
     order by opened_at desc, id desc limit $10`,
    [
      scopeParameter(seen),
      query.states ?? null,
      ofAlarm,
      query.deviceId ?? null,
      query.assignee ?? null,
      query.mine ?? null,
      query.overdueAt ?? null,
      query.after?.openedAt ?? null,
      query.after?.id ?? null,
      query.limit,
    ],
  );
  return rows.map(({ doc }) => workOrderView(doc as KeptWorkOrder));
}

export async function findWorkOrder(scope: Scope, store: Store, id: string): Promise<WorkOrder | undefined> {
  const [row] = await store.query(`select doc from work_order where ${IN_SCOPE} and id = $2`, [
    scopeParameter(scope),
    id,
  ]);
  return row === undefined ? undefined : workOrderView(row['doc'] as KeptWorkOrder);
}

/** For who administers the whole centre: by the number people say. */
export async function findWorkOrderByNumber(store: Store, number: number): Promise<WorkOrder | undefined> {
  const [row] = await store.query('select doc from work_order where number = $1', [number]);
  return row === undefined ? undefined : workOrderView(row['doc'] as KeptWorkOrder);
}

/** Every step of an order, oldest first. */
export async function workOrderHistory(scope: Scope, store: Store, id: string): Promise<readonly WorkOrderStep[]> {
  const sql = `select number, doc from work_order_step where ${IN_SCOPE} and order_id = $2 order by number limit 10000`;
  const rows = await store.query(sql, [scopeParameter(scope), id]);
  return rows.map(({ number, doc }) => workStepView(number as number, doc as KeptStep));
}

export async function findPhoto(
  scope: Scope,
  store: Store,
  orderId: string,
  photoId: string,
): Promise<{ readonly mediaType: KeptPhoto['mediaType']; readonly body: Uint8Array } | undefined> {
  const sql = `select media_type, body from work_photo where ${IN_SCOPE} and order_id = $2 and id = $3`;
  const [row] = await store.query(sql, [scopeParameter(scope), orderId, photoId]);
  if (row === undefined) return undefined;
  return { mediaType: row['media_type'] as KeptPhoto['mediaType'], body: row['body'] as Uint8Array };
}

import type { Priority } from '@fengsui/alarm';
import type { BlindReason, WorkAssignee, WorkOrder } from '@fengsui/protocol';
import type { KeptPhoto } from './kept-work-order.ts';
import type { FaultSaid } from './work-faults.ts';

/** What a person does to a work order; kept with who and when, whatever comes of it. */
export type WorkAct =
  | {
      readonly kind: 'workOpen';
      readonly deviceId: string;
      /** The alarm it is about, as it stood when he asked. */
      readonly fault?: FaultSaid & { readonly raisedAt: number; readonly clearedAt?: number };
      readonly blindReasons?: readonly BlindReason[];
      readonly priority: Priority;
      readonly note?: string;
    }
  | ({ readonly kind: 'workAssign'; readonly assignee: WorkAssignee; readonly note?: string } & OnOrder)
  | ({ readonly kind: 'workDepart' | 'workArrive' } & OnOrder)
  | ({ readonly kind: 'workRepair'; readonly cause: string; readonly text?: string; readonly parts?: string } & OnOrder)
  | ({ readonly kind: 'workPostpone'; readonly dueAt: number; readonly reason: string } & OnOrder)
  | ({ readonly kind: 'workClose' | 'workCancel'; readonly reason: string } & OnOrder)
  /** The picture itself is the payload of the entry. */
  | ({ readonly kind: 'workPhoto'; readonly orderId: string } & Pick<KeptPhoto, 'mediaType' | 'bytes' | 'sha256'>);

type OnOrder = { readonly orderId: string; readonly revision: number };

export type WorkActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isWork: true;
  readonly act: WorkAct;
};

/** `isNew`: the act opened an order; otherwise it met the one that is open already. */
export type Worked = { readonly kind: 'worked'; readonly order: WorkOrder; readonly isNew?: true };

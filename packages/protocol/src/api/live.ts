import type { Alarm } from './alarm.ts';
import type { DeviceCommand } from './command.ts';
import type { Incident } from './incident.ts';
import type { Isolation } from './isolation.ts';
import type { WorkOrder } from './work-order.ts';

/** Live feed `/api/v1/live`, design.md 5.4. Rows carry epoch milliseconds. */
export const liveTopics = [
  'alarms',
  'values',
  'presence',
  'commands',
  'workOrders',
  'isolations',
  'incidents',
] as const;
export type LiveTopic = (typeof liveTopics)[number];

export type ValueRow = readonly [deviceId: string, pointId: string, at: number, value: number];
export type PresenceRow = readonly [deviceId: string, online: boolean, at: number];

export type LiveClientFrame =
  | { readonly type: 'auth'; readonly token: string }
  | {
      readonly type: 'subscribe';
      readonly topics: readonly LiveTopic[];
      readonly venueIds?: readonly string[];
      readonly cursor?: string;
    };

type LivePayload = {
  readonly n: number;
  readonly cursor: string;
  readonly at: number;
  readonly alarms: readonly Alarm[];
  readonly values: readonly ValueRow[];
  readonly presence: readonly PresenceRow[];
  /** Only with topic `commands`: whole objects that replace by id. A snapshot has those that still wait for a reply. */
  readonly commands?: readonly DeviceCommand[];
  /** Only with topic `workOrders`: whole objects that replace by id. A snapshot has those that are not closed. */
  readonly workOrders?: readonly WorkOrder[];
  /** Only with topic `isolations`: whole objects that replace by id, without the telephone of who watches. A snapshot has those asked for and active. */
  readonly isolations?: readonly Isolation[];
  /** Only with topic `incidents`: whole objects that replace by id. A snapshot has those that are not closed. */
  readonly incidents?: readonly Incident[];
};

export type LiveServerFrame =
  | ({ readonly type: 'snapshot' } & LivePayload)
  | ({ readonly type: 'batch' } & LivePayload)
  | { readonly type: 'resync' }
  | { readonly type: 'heartbeat'; readonly n: number; readonly at: number }
  | { readonly type: 'error'; readonly code: string; readonly detail: string };

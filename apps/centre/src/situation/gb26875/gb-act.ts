import type { GbDutyCheck } from './gb-situation.ts';

/** What a person has the centre ask of a transmission device; kept with who and when, whatever comes of it. */
export type GbOrder =
  | { readonly kind: 'gbRead'; readonly deviceId: string; readonly type: number }
  | { readonly kind: 'gbSyncClock'; readonly deviceId: string }
  | { readonly kind: 'gbDutyCheck'; readonly deviceId: string; readonly withinMin: number; readonly roundId?: string }
  | { readonly kind: 'gbReplay'; readonly deviceId: string; readonly frames: number };

export type GbActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isGbOrder: true;
  readonly act: GbOrder;
};

/** The order is recorded; the door sends it then. */
export type GbOrdered = { readonly kind: 'gbOrdered'; readonly check?: GbDutyCheck };

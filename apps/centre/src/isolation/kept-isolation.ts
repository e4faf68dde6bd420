import type { Category } from '@fengsui/alarm';
import type { FireWatch, IsolationKind, IsolationState } from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** What in a venue: an area with everything below it, one device, or with neither all of it. */
export type IsolationTarget = { readonly areaId?: string; readonly deviceId?: string };

/** As it is stored. Instants are epoch ms. */
export type KeptIsolation = {
  readonly id: string;
  readonly place: Place;
  readonly target: IsolationTarget;
  readonly kind: IsolationKind;
  /** Absent = all. */
  readonly categories?: readonly Category[];
  readonly reason: string;
  readonly fireWatch?: FireWatch;
  readonly needsApproval: boolean;
  readonly askedAt: number;
  readonly askedBy: string;
  readonly approvedBy?: string;
  readonly beganAt?: number;
  readonly until: number;
  readonly warned?: true;
  readonly endedAt?: number;
  readonly endedBy?: string;
  readonly suppressedCount: number;
  readonly suppressedFireCount: number;
  /** Two detectors told of fire: from then on it hides none. */
  readonly fireShownAt?: number;
  /** Conditions whose alarm it marked as a test, and which are to be told as live when it ends. */
  readonly marked: readonly string[];
};

export function stateOf({ beganAt, endedAt, endedBy }: KeptIsolation): IsolationState {
  if (endedAt === undefined) return beganAt === undefined ? 'asked' : 'active';
  if (beganAt !== undefined) return 'ended';
  return endedBy === undefined ? 'lapsed' : 'withdrawn';
}

import type { CurrentFingerprint } from '@fengsui/fingerprint';
import type { Shape } from '../loads/load-evidence.ts';

/** A switching a person may still judge. */
export type RecentLoad = {
  readonly loadEventId: string;
  readonly prefix: string;
  readonly kind: 'loadOn' | 'loadOff';
  /** Epoch ms. */
  readonly at: number;
  readonly activePowerW: number;
  /** What it was taken for. */
  readonly named?: { readonly level: 'device' | 'type' | 'family'; readonly name: string; readonly confidence: number };
  /** The enrolled device it was matched with, named or not. */
  readonly device?: { readonly deviceId: string; readonly name: string };
  readonly type?: string;
  readonly family?: string;
  readonly fingerprint: CurrentFingerprint;
  readonly shape: Shape;
};

/** Kept to be judged; an older one has to wait for its next switching. */
export const MOST_RECENT_LOADS = 100;

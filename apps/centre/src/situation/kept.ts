import type { Condition, Origin } from '@fengsui/alarm';
import type { CaptureHeader } from '@fengsui/protocol';

/** Where a row belongs, as of the moment it was written. */
export type Place = { readonly partition: number; readonly venueId: string; readonly origin: Origin };

/** A condition with its place and the number of changes its present alarm has gone through. */
export type KeptCondition = { readonly place: Place; readonly condition: Condition; readonly changeCount: number };

/** What is known of a device's link. `onlineAt`: when `online` last changed. */
export type DeviceState = {
  readonly online: boolean;
  readonly changedAt: number;
  readonly session?: number;
  /** When the newest session opened: silence is measured from there at the earliest. */
  readonly openedAt?: number;
  readonly firmware?: string;
  readonly reportedModel?: string;
  /** Id of the calibration it says it uses, or `none`. */
  readonly calibration?: string;
  readonly clockSuspect?: boolean;
  /** When it was found to have missed its intervals; until it is heard again. */
  readonly silentSince?: number;
  /** When the last silence ended. */
  readonly heardAgainAt?: number;
  /** Its last self-test that was passed, and since when one is waited for. */
  readonly selfTestAt?: number;
  readonly selfTestFrom?: number;
  /** Sessions opened in the last minutes: whether one credential is in two hands. */
  readonly openings?: readonly SessionOpening[];
};

export type SessionOpening = { readonly at: number; readonly address?: string; readonly tookOver?: true };

/** A capture while its chunks come in; the chunks themselves are rows. */
export type CaptureState = {
  readonly id: string;
  readonly deviceId: string;
  readonly captureId: string;
  readonly place: Place;
  readonly receivedAt: number;
  readonly chunkCount: number;
  /** Index → digest of the chunk's body, as received. */
  readonly chunks: Readonly<Record<number, string>>;
  readonly header?: CaptureHeader;
  readonly complete: boolean;
  readonly incomplete?: boolean;
  /** All chunks are there and the sha256 is another: evidence that cannot be trusted is marked, not hidden. */
  readonly damaged?: string;
};

/** The newest alarm at one prefix of a device's points after which its breaker is closed on site only. */
export type OnSiteCause = {
  readonly deviceId: string;
  readonly prefix: string;
  readonly kind: string;
  readonly at: number;
};

/** A sound frame as a JSON object, one line of `fengsui gb26875 decode`. */
export type GbFrameJson = {
  /** False when the frame is sound but its data unit fits neither the standard nor the profile, or is reserved. */
  readonly valid: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly serial: number;
  readonly version: { readonly major: number; readonly user: number };
  /** ISO 8601 with +08:00; absent when zero or no time. */
  readonly sentAt?: string;
  readonly sentAtHex?: string;
  /** Six bytes as hex in wire order. */
  readonly source: string;
  readonly destination: string;
  readonly command: number;
  /** Absent for an empty data unit. */
  readonly type?: number;
  readonly count?: number;
  /** Present only when the layout is a profile's. */
  readonly profile?: string;
  readonly objects?: readonly GbObjectJson[];
  /** All bytes of a data unit that is not given as objects. */
  readonly data?: string;
};

/**
 * An information object: the fields of GbObject, instants as ISO 8601 with +08:00, and for an analog `value` in `unit`
 * instead of the raw count. `flags` (names of the bits that are set), `unit` and `quality` are for the reader; going
 * back they are ignored.
 */
export type GbObjectJson = Readonly<Record<string, unknown>>;

/** Bytes that are no frame, as a JSON object. */
export type GbDiscardedJson = {
  readonly valid: false;
  readonly reason: string;
  readonly detail?: string;
  readonly bytes: string;
};

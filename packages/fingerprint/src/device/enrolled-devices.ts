import type { LoadFamily } from '../load-family.ts';

/** One device that people on site have named. Plain JSON. */
export type EnrolledDevice = {
  readonly deviceId: string;
  readonly name: string;
  readonly type?: string;
  readonly family?: LoadFamily;
  /** Feature vectors of confirmed switchings, oldest first; null = unknown feature. */
  readonly templates: readonly FeatureRow[];
  /** Feature vectors that a person said are not this device. */
  readonly rejected: readonly FeatureRow[];
};

/** A feature vector in JSON, six significant digits; null stands for NaN. */
export type FeatureRow = readonly (number | null)[];

/** What a person told the terminal about its loads. */
export type TeachingAct =
  | {
      readonly kind: 'confirm';
      readonly deviceId: string;
      readonly name: string;
      readonly type?: string;
      readonly family?: LoadFamily;
      readonly vector: FeatureRow;
    }
  | { readonly kind: 'rename'; readonly deviceId: string; readonly name: string }
  | { readonly kind: 'reject'; readonly deviceId: string; readonly vector: FeatureRow }
  | { readonly kind: 'forget'; readonly deviceId: string }
  | { readonly kind: 'rollBack'; readonly toVersion: number };

/** An act with its place in the history. */
export type TeachingRecord = {
  /** The version this act made. */
  readonly version: number;
  /** Epoch ms. */
  readonly at: number;
  readonly by?: string;
  readonly act: TeachingAct;
};

/**
 * All that was taught on one circuit: the devices now, and how it came to that. Plain JSON; survives a restart as is.
 * `base` are the devices as they were before the oldest act of the history.
 */
export type EnrolledDevices = {
  readonly schemaVersion: number;
  /** Rises by one with every act; a roll-back is an act too. */
  readonly version: number;
  readonly devices: readonly EnrolledDevice[];
  readonly base: { readonly version: number; readonly devices: readonly EnrolledDevice[] };
  readonly history: readonly TeachingRecord[];
};

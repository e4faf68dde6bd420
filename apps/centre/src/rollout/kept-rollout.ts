import type {
  ReleaseManifest,
  RolloutCounts,
  RolloutDeviceState,
  RolloutGroup,
  RolloutState,
  RolloutStopReason,
} from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** A release whose manifest was taken; instants are epoch ms. */
export type KeptRelease = {
  readonly id: string;
  readonly place: Place;
  readonly manifest: ReleaseManifest;
  readonly addedAt: number;
  readonly addedBy: string;
  readonly hasFile: boolean;
};

export type KeptRolloutStage = {
  /** 0.01, 0.1, 1. */
  readonly share: number;
  /** That this stage adds. */
  readonly deviceCount: number;
  readonly beganAt?: number;
  readonly completeAt?: number;
  readonly endedAt?: number;
  readonly counts: RolloutCounts;
};

export type KeptRolloutStep = {
  readonly at: number;
  readonly by?: string;
  readonly what: string;
  readonly stage?: number;
  readonly detail?: string;
};

export type KeptRollout = {
  readonly id: string;
  readonly place: Place;
  readonly releaseId: string;
  readonly manifest: ReleaseManifest;
  readonly group: RolloutGroup;
  readonly state: RolloutState;
  readonly stage: number;
  readonly stages: readonly KeptRolloutStage[];
  readonly observeMs: number;
  readonly deviceTimeoutMs: number;
  /** From the second stage on; in the first one failure stops it. */
  readonly mostFailedShare: number;
  /** Beyond the share that was silent when it began. */
  readonly mostSilentShare: number;
  readonly silentAtStart: number;
  readonly deviceCount: number;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly note: string;
  readonly stopped?: {
    readonly at: number;
    readonly by?: string;
    readonly reason: RolloutStopReason;
    readonly detail: string;
    /** How many of how many, and the first of them. */
    readonly count?: number;
    readonly of?: number;
    readonly deviceIds?: readonly string[];
  };
  readonly endedAt?: number;
  readonly steps: readonly KeptRolloutStep[];
};

/** One terminal of a rollout. */
export type KeptRolloutDevice = {
  readonly rolloutId: string;
  readonly deviceId: string;
  readonly place: Place;
  /** Its turn, from 0. */
  readonly number: number;
  readonly stage: number;
  readonly state: RolloutDeviceState;
  readonly changedAt?: number;
  /** When it was told first: what goes wrong with it from then on counts. */
  readonly toldAt?: number;
  readonly tries: number;
  readonly running?: string;
  readonly code?: string;
  readonly detail?: string;
};

export const isOver = ({ state }: Pick<KeptRollout, 'state'>): boolean => state === 'done' || state === 'rolledBack';

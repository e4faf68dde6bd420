import type { Origin, Priority } from '@fengsui/alarm';
import type {
  BlindReason,
  FailedVerificationReason,
  WorkAssignee,
  WorkOrderState,
  WorkOrderStepKind,
} from '@fengsui/protocol';

/** A fault of an order, by its condition: an alarm is one life of it. Instants are epoch ms. */
export type KeptFault = {
  readonly conditionId: string;
  readonly alarmId?: string;
  readonly deviceId: string;
  readonly pointId: string;
  readonly kind: string;
  readonly active: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly clearedAt?: number;
  readonly count: number;
};

export type KeptPhoto = {
  readonly id: string;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly bytes: number;
  readonly sha256: string;
  readonly by: string;
  readonly at: number;
  readonly attempt: number;
};

/** A repair that the device has yet to show. */
export type KeptVerification = {
  readonly freshMs: number;
  /** Failed then. */
  readonly untilAt: number;
  /** First report of the device after the repair, or after it fell silent again. */
  readonly firstReportAt?: number;
};

/** A work order as memory and store hold it: plain JSON. */
export type KeptWorkOrder = {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly state: WorkOrderState;
  readonly priority: Priority;
  readonly place: { readonly partition: number; readonly venueId: string; readonly origin: Origin };
  readonly deviceId: string;
  readonly openedAt: number;
  /** Absent: by rule. */
  readonly openedBy?: string;
  readonly note?: string;
  readonly faults: readonly KeptFault[];
  readonly faultCount: number;
  readonly blindReasons?: readonly BlindReason[];
  readonly assignee?: WorkAssignee;
  readonly workedBy?: string;
  readonly dueAt: number;
  readonly escalation: number;
  readonly assignedAt?: number;
  readonly departedAt?: number;
  readonly arrivedAt?: number;
  readonly closedAt?: number;
  /** Absent: by the centre. */
  readonly closedBy?: string;
  readonly repair?: {
    readonly by: string;
    readonly at: number;
    readonly cause: string;
    readonly text?: string;
    readonly parts?: string;
    readonly attempt: number;
  };
  readonly failedAttempts: number;
  readonly failedBecause?: FailedVerificationReason;
  readonly photos: readonly KeptPhoto[];
  readonly verification?: KeptVerification;
  readonly reason?: string;
  readonly repeatOf?: string;
  readonly repeatCount: number;
  readonly stepCount: number;
};

/** One line of its history. */
export type KeptStep = {
  readonly at: number;
  readonly kind: WorkOrderStepKind;
  readonly from?: WorkOrderState;
  readonly to: WorkOrderState;
  readonly by?: string;
  readonly note?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

/** Beyond these only their number is kept. */
export const FAULTS_KEPT = 50;
export const PHOTOS_PER_ATTEMPT = 5;
export const PHOTOS_PER_ORDER = 20;

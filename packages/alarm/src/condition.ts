import type { AlarmChange } from './change.ts';
import type { ConditionKey } from './condition-key.ts';
import type { RefusalCode } from './life-cycle.ts';
import type { AlarmState, Category, Level, Origin, Priority } from './words.ts';

/** A sensor, a branch or a neighbouring area, and by how much it made the conclusion likelier. */
export type AlarmContribution = {
  /** `device/point`, `device/prefix`, or an area. */
  readonly from: string;
  /** smoke, heat, gas, co; arc and its like; `neighbour`. */
  readonly modality: string;
  readonly likelihoodRatio: number;
  readonly since?: number;
};

/** The alarm of a condition while it needs a response. Instants are epoch ms. */
export type ActiveAlarm = {
  readonly id: string;
  readonly kind: string;
  /** Highest level since raised; like category, priority and a live origin it never becomes less urgent. */
  readonly level: Level;
  readonly category: Category;
  readonly priority: Priority;
  /** As the raising source named it: a point id or its prefix. */
  readonly pointId: string;
  readonly raisedAt: number;
  readonly receivedAt: number;
  readonly origin: Origin;
  /** Present while the acknowledgement stands: an escalation takes it away, the history keeps it. */
  readonly acknowledgedAt?: number;
  readonly acknowledgedBy?: string;
  /** When it became worse last: a higher level, a higher priority, fire. */
  readonly escalatedAt?: number;
  /** When the last source became inactive; absent while active. A latched alarm has it only once inspected. */
  readonly clearedAt?: number;
  readonly shelvedUntil?: number;
  readonly late?: true;
  readonly unmapped?: true;
  /** A statement it rests on came while the identity of its device was suspect. */
  readonly identitySuspect?: true;
  readonly captureId?: string;
  /** Value and limit at the raising, or at the latest escalation; in the unit of the point, or of `measure`. */
  readonly value?: number;
  readonly limit?: number;
  readonly measure?: string;
  /** The rule of the centre that raised or escalated it; absent when a device did. */
  readonly ruleId?: string;
  readonly confidence?: number;
  /** What it was concluded from, where that is more than one thing. */
  readonly contributions?: readonly AlarmContribution[];
  /** Times the condition became active since `raisedAt`, from 1. */
  readonly count: number;
};

/**
 * One alarm source (device, point, kind) with its ISA-18.2 state. Plain JSON: it is stored and read back as it is.
 * Keep it while normal, too: without `saidAt` a late report could not be told from a new one.
 */
export type Condition = {
  readonly key: ConditionKey;
  readonly state: AlarmState;
  /** Sources that say it is active, each with its present level. */
  readonly sources: Readonly<Record<string, Level>>;
  /** `at` of the newest statement, active or inactive, of every source that ever spoke. */
  readonly saidAt: Readonly<Record<string, number>>;
  /** The alarm alive ends by inspection only. */
  readonly latching: boolean;
  /** Went out of view before anybody acknowledged it: does not end unseen when it comes back. */
  readonly owesAcknowledgement?: true;
  /** Absent while there is nothing to respond to. */
  readonly alarm?: ActiveAlarm;
};

/** A condition was told something. Nothing to tell: `changes` is empty (the condition may still have learnt `saidAt`). */
export type Step = {
  readonly condition: Condition;
  readonly changes: readonly AlarmChange[];
  /** The alarm as it was when it ended in this step; the condition no longer holds it. */
  readonly ended?: ActiveAlarm;
};

/** An act was not done, the condition stays as it was. `detail` is for people. */
export type Refusal = { readonly refused: { readonly code: RefusalCode; readonly detail: string } };

/** A condition nobody has spoken of yet. */
export function normalCondition(key: ConditionKey): Condition {
  return { key, state: 'normal', sources: {}, saidAt: {}, latching: false };
}

/** Whether any source says that the condition is there. */
export function isActive(condition: Condition): boolean {
  return Object.keys(condition.sources).length > 0;
}

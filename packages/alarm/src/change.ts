import type { AlarmState, Level } from './words.ts';

/** What can happen to an alarm, as its history shows it. */
export const alarmChangeKinds = [
  'raised',
  'escalated',
  'reraised',
  'returned',
  'acknowledged',
  'shelved',
  'unshelved',
  'suppressed',
  'unsuppressed',
  'removedFromService',
  'returnedToService',
  'inspected',
  'ended',
] as const;
export type AlarmChangeKind = (typeof alarmChangeKinds)[number];

/**
 * One step in the life of an alarm. Within one step of a condition the changes form a chain: `from` of each is `to` of
 * the one before. `at` is epoch ms of the event that caused it: device time for a source, the centre's for an operator.
 */
export type AlarmChange = {
  readonly at: number;
  readonly kind: AlarmChangeKind;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** Absent when a condition without an alarm is suppressed or taken out of service. */
  readonly alarmId?: string;
  /** Highest level of the alarm so far; for `reraised` the level of the source. */
  readonly level?: Level;
  readonly by?: string;
  readonly note?: string;
};

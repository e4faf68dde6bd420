import type { AlarmVerdict, AlarmVerdictWord, FalseAlarmCause } from '@fengsui/protocol';

/** What a person found an alarm to be. It may have ended long ago: nothing of its state changes. */
export type VerdictAct = {
  readonly kind: 'judgeAlarm';
  readonly alarmId: string;
  readonly deviceId: string;
  readonly verdict: AlarmVerdictWord;
  /** With `false`, and only then. */
  readonly cause?: FalseAlarmCause;
  readonly note?: string;
};

/** The meta of the `operatorAct` entry. */
export type VerdictActMeta = {
  readonly actId: string;
  readonly isVerdict: true;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly act: VerdictAct;
};

export type FoundToBe = { readonly kind: 'foundToBe'; readonly verdict: AlarmVerdict };

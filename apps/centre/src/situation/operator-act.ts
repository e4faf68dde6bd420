import type { Alarm, LoadJudgement, LoadVerdict } from '@fengsui/protocol';

/** What an operator may do to an alarm; `by` is his user name, set by the API. */
export type AlarmAct =
  | { readonly kind: 'acknowledge'; readonly note?: string }
  | { readonly kind: 'shelve'; readonly until: number; readonly reason: string }
  | { readonly kind: 'unshelve' }
  | { readonly kind: 'inspect'; readonly note: string };

/** What a person says of a load a terminal recognised. */
export type LoadAct = {
  readonly kind: 'judgeLoad';
  readonly deviceId: string;
  readonly loadEventId: string;
  readonly verdict: LoadVerdict;
  /** With `rename`. */
  readonly name?: string;
};

/** `actId` makes a repeated request one act. */
type Act<Given> = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly act: Given;
};

export type AlarmActMeta = Act<AlarmAct> & { readonly alarmId: string };
export type LoadActMeta = Act<LoadAct>;

/** The meta of an `operatorAct` entry. */
export type OperatorActMeta = AlarmActMeta | LoadActMeta;

export type ActOutcome =
  | { readonly kind: 'done'; readonly alarm: Alarm }
  | { readonly kind: 'judged'; readonly judgement: LoadJudgement }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

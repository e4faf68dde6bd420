import type { Alarm } from '@fengsui/protocol';

/** What an operator may do to an alarm; `by` is his user name, set by the API. */
export type AlarmAct =
  | { readonly kind: 'acknowledge'; readonly note?: string }
  | { readonly kind: 'shelve'; readonly until: number; readonly reason: string }
  | { readonly kind: 'unshelve' }
  | { readonly kind: 'inspect'; readonly note: string };

/** The meta of an `operatorAct` entry. `actId` makes a repeated request one act. */
export type OperatorActMeta = {
  readonly actId: string;
  readonly alarmId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly act: AlarmAct;
};

export type ActOutcome =
  | { readonly kind: 'done'; readonly alarm: Alarm }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

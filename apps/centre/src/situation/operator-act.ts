import type { Commissioned, CommissioningActMeta } from '../commissioning/commissioning-act.ts';
import type { GbActMeta, GbOrdered } from './gb26875/gb-act.ts';
import type { Alarm, DeviceCommand, LoadJudgement, LoadVerdict } from '@fengsui/protocol';
import type { Handled, IncidentActMeta } from '../incident/incident-act.ts';
import type { Isolated, IsolationActMeta } from '../isolation/isolation-act.ts';
import type { RolledOut, RolloutActMeta } from '../rollout/rollout-act.ts';
import type { FoundToBe, VerdictActMeta } from './verdict-act.ts';
import type { WorkActMeta, Worked } from '../workorder/work-act.ts';

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

/** An order to a device. */
export type CommandAct = {
  readonly kind: 'command';
  readonly deviceId: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reason: string;
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
export type CommandActMeta = Act<CommandAct> & {
  readonly expiresAt: number;
  /** Connected and subscribed when it was asked for. */
  readonly isReachable: boolean;
};

/** The meta of an `operatorAct` entry. */
export type OperatorActMeta =
  | VerdictActMeta
  | RolloutActMeta
  | AlarmActMeta
  | LoadActMeta
  | CommandActMeta
  | GbActMeta
  | WorkActMeta
  | IsolationActMeta
  | IncidentActMeta
  | CommissioningActMeta;

export type ActOutcome =
  | { readonly kind: 'done'; readonly alarm: Alarm }
  | { readonly kind: 'commanded'; readonly command: DeviceCommand }
  | GbOrdered
  | Worked
  | Commissioned
  | Isolated
  | Handled
  | RolledOut
  | FoundToBe
  | { readonly kind: 'judged'; readonly judgement: LoadJudgement }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

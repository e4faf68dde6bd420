import type { CallOutPurpose } from '../call-out/call-out-purposes.ts';
import type { CanaryNews } from '../canary/canary-words.ts';
import type { FireCommandLink, FireMessagePurpose } from '../fire-command/fire-command-news.ts';
import type { IncidentTimerPurpose } from '../incident/procedure.ts';
import type { BackupNews } from './backup-news.ts';
import type { DiskNews } from './disk-news.ts';
import type { WorkTimerPurpose } from '../workorder/work-timers.ts';

/** What a timer means when it fires; stored with the timer, handed back in its `timerFired` entry. */
export type TimerPurpose =
  /** A limit is exceeded (or left) for its delay without another sample; `dueAt` in the device's time. */
  | {
      readonly kind: 'limit';
      readonly deviceId: string;
      readonly pointId: string;
      readonly ruleId: string;
      readonly dueAt: number;
    }
  | { readonly kind: 'unshelve'; readonly conditionId: string }
  | { readonly kind: 'captureIncomplete'; readonly captureId: string }
  | { readonly kind: 'malformedCalm'; readonly deviceId: string }
  /** No reply came in time. */
  | { readonly kind: 'commandExpired'; readonly commandId: string }
  /** The time to answer an on-duty check is up. */
  | { readonly kind: 'gbDutyCheck'; readonly deviceId: string; readonly checkId: string }
  /** A venue is no longer on test, or will soon not be. */
  | { readonly kind: 'testEnds' | 'testWarns'; readonly testId: string; readonly venueId: string }
  /** An isolation is over, or will soon be. */
  | { readonly kind: 'isolationEnds' | 'isolationWarns'; readonly isolationId: string; readonly venueId: string }
  | WorkTimerPurpose
  /** The time of a step of an incident's procedure is up. */
  | IncidentTimerPurpose
  | FireMessagePurpose
  | FireCommandLink
  | CallOutPurpose
  /** The broker of a foreign source has been away for as long as its fault takes. */
  | { readonly kind: 'foreignAway'; readonly sourceId: string; readonly since: number }
  /** Another centre that frames are passed on to has been away for as long as its fault takes. */
  | { readonly kind: 'relayAway'; readonly relayId: string; readonly since: number }
  /** How does a rollout stand? */
  | { readonly kind: 'rolloutLook'; readonly rolloutId: string }
  /** Every few seconds: who has been silent for too long? */
  | { readonly kind: 'presenceSweep' }
  /** Another centre leads from here on; no timer, an entry of its own. */
  | { readonly kind: 'leaderChanged'; readonly epoch: number }
  /** Once per start of the centre: all sessions of before are gone, but for those at gateways, which go on. */
  | { readonly kind: 'centreStarted'; readonly hasGateways?: true }
  | CanaryNews
  | DiskNews
  | BackupNews
  /** The clock of the centre's machine was set; no timer, an entry of its own. */
  | ClockStep;

/**
 * `away`: the machine's clock went to `machineAt` while it was `centreAt` by our own count, which goes on. `back`: it has
 * come back to it. `followed`: it stayed where it was, and the centre's time is now the machine's.
 */
export type ClockStep = {
  readonly kind: 'clockStep';
  readonly state: 'away' | 'back' | 'followed';
  readonly centreAt: number;
  readonly machineAt: number;
};

/** Set by how long something takes, as against an instant that people were told: it keeps its length when the clock is set. */
export const isDuration = ({ kind }: TimerPurpose): boolean => durations.some((duration) => duration === kind);

export const durations = [
  'limit',
  'captureIncomplete',
  'malformedCalm',
  'commandExpired',
  'gbDutyCheck',
  'foreignAway',
  'relayAway',
  'incidentLate',
  'callOutDue',
  'presenceSweep',
  'rolloutLook',
] as const satisfies readonly TimerPurpose['kind'][];

/** A row, never a `setTimeout` per alarm: it survives a restart. */
export type Timer = {
  readonly id: string;
  readonly venueId: string;
  readonly dueAt: number;
  readonly purpose: TimerPurpose;
};

/** The meta of a `timerFired` entry. */
export type TimerFiredMeta = { readonly timerId: string; readonly firedAt: number; readonly purpose: TimerPurpose };

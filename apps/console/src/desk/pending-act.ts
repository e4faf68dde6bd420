import type { Alarm } from '@fengsui/protocol';

/**
 * An operator's act on its way. What an alarm *is* comes from the feed alone; an act only adds "sending…" or why it was
 * refused or not answered, until the feed shows the alarm changed.
 */
export type PendingAct = {
  /** `unanswered`: it may have been done. */
  readonly phase: 'sending' | 'failed' | 'unanswered';
  /** What went wrong, in words; empty while sending. */
  readonly detail: string;
  readonly before: string;
};

/** What of an alarm an act changes. */
export function actMark({ state, acknowledgedAt, shelvedUntil }: Alarm): string {
  return `${state}|${acknowledgedAt ?? ''}|${shelvedUntil ?? ''}`;
}

export function sendingAct(alarm: Alarm): PendingAct {
  return { phase: 'sending', detail: '', before: actMark(alarm) };
}

/** The act as long as it has something to say: nothing once the feed has shown a change. */
export function visibleAct(act: PendingAct | undefined, alarm: Alarm): PendingAct | undefined {
  return act && act.before === actMark(alarm) ? act : undefined;
}

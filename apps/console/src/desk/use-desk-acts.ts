import type { Alarm, Permission } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { standingOf } from '../alarm/alarm-standing.ts';
import type { GroupEntry } from '../alarm/group-queue.ts';
import { problemWords } from '../api/problem-words.ts';
import { isOutcomeUnknown } from '../api/problem.ts';
import { api } from '../api/resources.ts';
import type { DeskDialogState } from './desk-dialog.tsx';
import type { PendingAct } from './pending-act.ts';
import { isShelvable } from './shelvable.ts';
import { useAlarmActs } from './use-alarm-acts.ts';

export type ActKind = 'acknowledge' | 'acknowledgeWithNote' | 'shelve' | 'inspect' | 'judge';

const needs: Record<
  ActKind,
  { readonly permission: Permission; readonly words: 'acknowledge' | 'shelve' | 'inspect' | 'judge' }
> = {
  acknowledge: { permission: 'alarm.acknowledge', words: 'acknowledge' },
  acknowledgeWithNote: { permission: 'alarm.acknowledge', words: 'acknowledge' },
  shelve: { permission: 'alarm.shelve', words: 'shelve' },
  judge: { permission: 'alarm.acknowledge', words: 'judge' },
  inspect: { permission: 'alarm.inspect', words: 'inspect' },
};

/** `isFailure`: it was sent, and is not known to be done. */
export type ActNotice = { readonly words: string; readonly isFailure: boolean };

export type DeskActs = {
  readonly pending: ReadonlyMap<string, PendingAct>;
  /** What the desk has to say of the last act. */
  readonly notice: ActNotice | undefined;
  readonly clearNotice: () => void;
  readonly dialog: DeskDialogState | undefined;
  readonly setDialog: (dialog: DeskDialogState | undefined) => void;
  /** Acts at once, or opens the dialog the act needs, or says why not. */
  readonly start: (kind: ActKind, alarms: readonly Alarm[]) => void;
  /** One act for all that are in it now, or the dialog for its note. */
  readonly startGroup: (kind: 'acknowledge' | 'acknowledgeWithNote', group: GroupEntry) => void;
  /** Resolves to the words of the refusal. */
  readonly acknowledgeGroup: (group: GroupEntry, note?: string) => Promise<string | undefined>;
  /** Sends one act per alarm; resolves to the words of the first refusal. */
  readonly send: (alarms: readonly Alarm[], send: (alarmId: string) => Promise<unknown>) => Promise<string | undefined>;
};

/** The operator's acts: rights, dialogs, sending, and the words for what did not work. */
export function useDeskActs(onSent: () => void): DeskActs {
  const { t } = useTranslation();
  const session = useSession();
  const { pending, act } = useAlarmActs();
  const [notice, setNotice] = useState<ActNotice>();
  const [dialog, setDialog] = useState<DeskDialogState>();

  const send: DeskActs['send'] = async (alarms, sendOne) => {
    onSent();
    const refusals = await Promise.all(alarms.map((alarm) => act(alarm, sendOne)));
    return refusals.find((words) => words !== undefined);
  };

  const say = (words: string): void => setNotice({ words, isFailure: false });

  const mayNot = (kind: ActKind): boolean => {
    const { permission, words } = needs[kind];
    if (session === undefined || session.permissions.includes(permission)) return false;
    say(t('desk.noPermission', { role: t(`role.${session.role}`), act: t(`desk.${words}`) }));
    return true;
  };

  const acknowledgeGroup: DeskActs['acknowledgeGroup'] = async ({ group }, note) => {
    onSent();
    setNotice({ words: t('desk.sending'), isFailure: false });
    try {
      await api.acknowledgeGroup(group.id, note);
      say(t('group.acknowledged', { n: group.unacknowledgedCount }));
      return undefined;
    } catch (error) {
      const detail = problemWords(t, error);
      const words = isOutcomeUnknown(error) ? t('desk.outcomeUnknown') : t('desk.notDoneBecause', { detail });
      setNotice({ words, isFailure: true });
      return words;
    }
  };

  const startGroup: DeskActs['startGroup'] = (kind, entry) => {
    if (mayNot(kind)) return;
    if (entry.group.unacknowledgedCount === 0) return say(t('desk.alreadyAcknowledged'));
    if (kind === 'acknowledge') return void acknowledgeGroup(entry);
    setNotice(undefined);
    setDialog({ kind: 'acknowledge', alarms: entry.children, group: entry });
  };

  const start = (kind: ActKind, alarms: readonly Alarm[]): void => {
    if (mayNot(kind)) return;
    if (alarms.length === 0) return say(t('desk.nothingSelected'));
    setNotice(undefined);
    if (kind === 'shelve') {
      const shelvable = alarms.filter(isShelvable);
      return shelvable.length === 0 ? say(t('desk.notShelvable')) : setDialog({ kind, alarms: shelvable });
    }
    if (kind === 'judge') {
      const seen = alarms.filter(({ state }) => standingOf(state) !== 'unacknowledged');
      return seen.length === 0 ? say(t('verdict.notYet')) : setDialog({ kind, alarms: seen });
    }
    if (kind === 'inspect') return setDialog({ kind, alarms });
    const waiting = alarms.filter(({ state }) => standingOf(state) === 'unacknowledged');
    if (waiting.length === 0) return say(t('desk.alreadyAcknowledged'));
    if (kind === 'acknowledgeWithNote') return setDialog({ kind: 'acknowledge', alarms: waiting });
    void send(waiting, (id) => api.acknowledge(id)).then((refusal) => {
      if (refusal !== undefined) setNotice({ words: refusal, isFailure: true });
    });
  };

  return {
    pending,
    notice,
    clearNotice: () => setNotice(undefined),
    dialog,
    setDialog,
    start,
    startGroup,
    acknowledgeGroup,
    send,
  };
}

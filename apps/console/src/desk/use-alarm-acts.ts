import type { Alarm } from '@fengsui/protocol';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOutcomeUnknown } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { sendingAct, type PendingAct } from './pending-act.ts';

export type AlarmActs = {
  readonly pending: ReadonlyMap<string, PendingAct>;
  /** Sends one act; resolves to the words of the refusal, or undefined when it was accepted. */
  readonly act: (alarm: Alarm, send: (alarmId: string) => Promise<unknown>) => Promise<string | undefined>;
};

/** The operator's acts on their way, by alarm id. */
export function useAlarmActs(): AlarmActs {
  const { t } = useTranslation();
  const [pending, setPending] = useState<ReadonlyMap<string, PendingAct>>(new Map());
  const act = useCallback<AlarmActs['act']>(
    async (alarm, send) => {
      const sending = sendingAct(alarm);
      setPending((all) => new Map(all).set(alarm.id, sending));
      try {
        await send(alarm.id);
        return undefined;
      } catch (error) {
        const phase = isOutcomeUnknown(error) ? 'unanswered' : 'failed';
        const detail =
          phase === 'unanswered'
            ? t('desk.outcomeUnknown')
            : t('desk.notDoneBecause', { detail: problemWords(t, error) });
        setPending((all) => new Map(all).set(alarm.id, { ...sending, phase, detail }));
        return detail;
      }
    },
    [t],
  );
  return { pending, act };
}

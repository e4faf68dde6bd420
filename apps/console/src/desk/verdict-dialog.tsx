import { alarmVerdicts, falseAlarmCauses, type AlarmVerdictWord, type FalseAlarmCause } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';

/** Asks what alarms turned out to be; a false one needs its cause. */
export function VerdictDialog(props: {
  readonly alarmIds: readonly string[];
  readonly subject: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [verdict, setVerdict] = useState<AlarmVerdictWord>('false');
  const [cause, setCause] = useState<FalseAlarmCause>();
  const [note, setNote] = useState('');
  const isFalse = verdict === 'false';
  const save = useMutation({
    mutationFn: () =>
      Promise.all(
        props.alarmIds.map((id) =>
          api.judgeAlarm(id, {
            verdict,
            ...(isFalse && cause !== undefined && { cause }),
            ...(note.trim() !== '' && { note: note.trim() }),
          }),
        ),
      ),
    onSuccess: props.onClose,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['verdicts'] }),
  });
  return (
    <DialogForm
      title={t('verdict.title')}
      submit={t('verdict.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() => (isFalse && cause === undefined ? t('verdict.causeMissing') : undefined)}
      onSend={() => save.mutate()}
      onClose={props.onClose}
    >
      <p>{props.subject}</p>
      <p className="muted">{t('verdict.why')}</p>
      <div className="choices" role="group" aria-label={t('verdict.title')}>
        {alarmVerdicts.map((word) => (
          <button key={word} type="button" aria-pressed={word === verdict} onClick={() => setVerdict(word)}>
            {t(`verdict.word.${word}`)}
          </button>
        ))}
      </div>
      {isFalse ? (
        <div className="choices" role="group" aria-label={t('verdict.cause')}>
          {falseAlarmCauses.map((word, index) => (
            <button
              key={word}
              type="button"
              aria-pressed={word === cause}
              onClick={() => setCause(word)}
              data-testid={`cause-${word}`}
              {...(index === 0 && { 'data-first': true })}
            >
              {t(`verdict.causes.${word}`)}
            </button>
          ))}
        </div>
      ) : null}
      <label className="field">
        {t('verdict.note')}
        <textarea maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
    </DialogForm>
  );
}

import type { LoadEvidence, LoadJudgement, LoadVerdict } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { formatInstant } from '../format/instant.ts';

/** Says what a load is. The judgement is kept with who and when, and goes to the terminal, which learns it. */
export function JudgeBar({ deviceId, evidence }: { readonly deviceId: string; readonly evidence: LoadEvidence }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const mayJudge = usePermission('load.judge');
  const judgements = useQuery(queries.loadJudgements(deviceId));
  const [name, setName] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { loadEventId, recognition } = evidence;
  const newest = judgements.data?.findLast((judgement) => judgement.loadEventId === loadEventId);

  const send = async (verdict: LoadVerdict, given?: string): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await api.judgeLoad(deviceId, { loadEventId, verdict, ...(given === undefined ? {} : { name: given }) });
      setName(undefined);
      await client.invalidateQueries({ queryKey: queries.loadJudgements(deviceId).queryKey });
    } catch (error) {
      // Unlike a page that asks again by itself, this waits for the person.
      const isUnreachable = isProblem(error) && error.code === 'unreachable';
      setFailure(isUnreachable ? t('load.notSent') : problemWords(t, error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="judge">
      {newest ? <JudgementWords judgement={newest} /> : null}
      {mayJudge && name === undefined ? (
        <span className="judge-buttons" role="group" aria-label={t('load.judge')}>
          {recognition.named === undefined ? null : (
            <>
              <button type="button" disabled={isBusy} onClick={() => void send('confirm')} data-testid="load-confirm">
                {t('load.confirm')}
              </button>
              <button type="button" disabled={isBusy} onClick={() => void send('reject')} data-testid="load-reject">
                {t('load.reject')}
              </button>
            </>
          )}
          <button type="button" disabled={isBusy} onClick={() => setName('')} data-testid="load-rename">
            {t(recognition.named === undefined ? 'load.nameIt' : 'load.rename')}
          </button>
        </span>
      ) : null}
      {name === undefined ? null : (
        <form
          className="judge-buttons"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') void send('rename', name.trim());
          }}
        >
          <label>
            {t('load.itIs')}{' '}
            <input autoFocus maxLength={80} value={name} onChange={({ target }) => setName(target.value)} />
          </label>
          <button type="submit" className="primary" disabled={isBusy || name.trim() === ''}>
            {t('dialog.send')}
          </button>
          <button type="button" onClick={() => setName(undefined)}>
            {t('dialog.cancel')}
          </button>
        </form>
      )}
      {failure ? (
        <p className="problem" role="alert">
          {failure}
        </p>
      ) : null}
    </div>
  );
}

function JudgementWords({ judgement }: { readonly judgement: LoadJudgement }) {
  const { t } = useTranslation();
  const { verdict, name, by, at, delivery } = judgement;
  const state = delivery?.state ?? 'waiting';
  return (
    <p data-testid="load-judgement" data-verdict={verdict}>
      <b>{t(`load.verdict.${verdict}`, { name })}</b>{' '}
      <span className="muted">
        {by} · {formatInstant(at)} ·{' '}
        <span data-testid="load-delivery" data-state={state}>
          {t(`load.delivery.${state}`, { version: delivery?.version ?? '?', detail: delivery?.detail ?? '' })}
        </span>
      </span>
    </p>
  );
}

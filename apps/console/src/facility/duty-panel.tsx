import type { GbDutyCheckRecord } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge, formatStopwatch } from '../format/duration.ts';
import { formatNear } from '../format/instant.ts';
import { WithinChoice } from './within-choice.tsx';

/** 查岗: is somebody on duty there? Asks, counts down, and keeps every answer; and what else may be asked of the device. */
export function DutyPanel({ deviceId }: { readonly deviceId: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const mayCheck = usePermission('gb.dutyCheck');
  const queryClient = useQueryClient();
  const checks = useQuery(queries.dutyChecks(deviceId));
  const [withinMin, setWithinMin] = useState(10);
  const ask = useMutation({
    mutationFn: () => api.askDuty(deviceId, withinMin),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['dutyChecks', deviceId] }),
  });
  const isOpen = checks.data?.some(({ state }) => state === 'asked' || state === 'delivered') ?? false;
  return (
    <section className="panel duty" aria-labelledby="duty-title">
      <header>
        <h2 id="duty-title">{t('facility.duty')}</h2>
        <span className="muted">{t('facility.dutyWhy')}</span>
      </header>
      {mayCheck ? (
        <div className="life-acts">
          <WithinChoice label={t('facility.dutyWithin')} withinMin={withinMin} onChoose={setWithinMin} />
          <button
            type="button"
            className="primary"
            data-testid="ask-duty"
            disabled={ask.isPending || isOpen}
            onClick={() => ask.mutate()}
          >
            {ask.isPending ? t('command.sending') : t('facility.dutyAsk')}
          </button>
        </div>
      ) : session ? (
        <p className="muted">{t('facility.dutyNoRight', { role: t(`role.${session.role}`) })}</p>
      ) : null}
      {ask.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, ask.error)}
        </p>
      ) : null}
      {checks.isError && !checks.data ? (
        <ProblemNote error={checks.error} onRetry={() => void checks.refetch()} />
      ) : null}
      {checks.data?.length === 0 ? <p className="muted">{t('facility.dutyNone')}</p> : null}
      <ol className="duty-list" aria-live="polite">
        {(checks.data ?? []).map((check) => (
          <DutyLine key={check.id} check={check} />
        ))}
      </ol>
      <DeviceQuestions deviceId={deviceId} />
    </section>
  );
}

function DutyLine({ check }: { readonly check: GbDutyCheckRecord }) {
  const { t } = useTranslation();
  const now = useCentreNow(1_000);
  const { state, by, withinMin, askedAt, dueAt, answeredAfterS, operator } = check;
  const isOpen = state === 'asked' || state === 'delivered';
  const isBad = state === 'late' || state === 'absent' || state === 'notDelivered';
  return (
    <li data-testid="duty-check" data-state={state}>
      <span className={isBad ? 'warn-words' : ''}>
        <b>{t(`facility.dutyState.${state}`, { after: answeredAfterS ?? '–' })}</b>
        {operator === undefined ? '' : ` · ${t('facility.dutyOperator', { n: operator })}`}
        {isOpen ? (
          <b className="countdown"> {t('facility.dutyLeft', { time: formatStopwatch(Date.parse(dueAt) - now) })}</b>
        ) : null}
      </span>
      <span className="muted">{t('facility.dutyBy', { who: by, n: withinMin })}</span>
      <time className="muted" dateTime={askedAt}>
        {formatNear(askedAt, now)}
      </time>
    </li>
  );
}

/** Reading the run state and setting the clock, for those who may. */
function DeviceQuestions({ deviceId }: { readonly deviceId: string }) {
  const { t } = useTranslation();
  const mayRead = usePermission('gb.read');
  const maySet = usePermission('gb.control');
  const queryClient = useQueryClient();
  const question = useMutation({
    mutationFn: (what: 'read' | 'clock') =>
      what === 'read' ? api.readFacility(deviceId, 81) : api.syncClock(deviceId),
    onSuccess: () => {
      for (const key of ['parts', 'frames']) void queryClient.invalidateQueries({ queryKey: [key, deviceId] });
    },
  });
  if (!mayRead && !maySet) return null;
  return (
    <>
      <div className="life-acts">
        <span className="muted">{t('facility.ask')}</span>
        {mayRead ? (
          <button type="button" disabled={question.isPending} onClick={() => question.mutate('read')}>
            {t('facility.readState')}
          </button>
        ) : null}
        {maySet ? (
          <button type="button" disabled={question.isPending} onClick={() => question.mutate('clock')}>
            {t('facility.syncClock')}
          </button>
        ) : null}
        {question.isPending ? <span role="status">{t('command.sending')}</span> : null}
        {question.data ? (
          <span role="status">
            {t('facility.answered', {
              outcome: t(`facility.outcome.${question.data.outcome}`),
              time: formatDataAge(question.data.tookMs),
              n: question.data.transmissions,
            })}
          </span>
        ) : null}
      </div>
      {question.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, question.error)}
        </p>
      ) : null}
    </>
  );
}

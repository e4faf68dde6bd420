import type { Incident } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { CallOutLines, callOutStanding } from './call-out-lines.tsx';
import { callOutQueries } from './call-out-resources.ts';

/** Whom the centre calls about an incident, and who has answered. */
export function CallOutPanel({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const { id, stepCount, state } = incident;
  const asked = useQuery(callOutQueries.ofIncident(id, stepCount, state !== 'closed'));
  return (
    <section className="panel" data-testid="call-outs">
      <header>
        <h2>{t('callOut.title')}</h2>
      </header>
      {asked.isError ? <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {asked.data?.length === 0 ? <p className="empty">{t('callOut.none')}</p> : null}
      {(asked.data ?? []).map((callOut) => {
        const isUrgent =
          callOut.state === 'unanswered' || callOut.heldBack === 'nobody' || callOut.heldBack === 'noChannel';
        return (
          <div key={callOut.id} className="call-out">
            <p className={isUrgent ? 'problem' : undefined} data-testid="call-out-standing">
              {isUrgent ? '! ' : callOut.state === 'answered' ? '✓ ' : ''}
              {t(`callOut.chain.${callOut.chain}`)} · {callOutStanding(t, callOut)}
            </p>
            <CallOutLines callOut={callOut} />
          </div>
        );
      })}
    </section>
  );
}

import type { Incident } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { incidentQueries } from './incident-resources.ts';
import { incidentStepWords } from './incident-words.ts';

/** Everything that happened, newest first. */
export function IncidentTimeline({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const history = useQuery({ ...incidentQueries.history(incident.id, incident.stepCount), refetchInterval: 15_000 });
  return (
    <section className="panel">
      <header>
        <h2>{t('incident.timeline')}</h2>
      </header>
      {history.isError ? <ProblemNote error={history.error} onRetry={() => void history.refetch()} /> : null}
      <ol className="incident-timeline" data-testid="incident-timeline">
        {[...(history.data ?? [])].reverse().map((step) => (
          <li key={step.number} className={step.kind} data-kind={step.kind}>
            <span>{incidentStepWords(t, step)}</span>
            <span className="muted">
              {formatInstant(step.at)}
              {step.by === undefined ? '' : ` · ${step.by}`}
            </span>
            {step.note === undefined ? null : <span className="incident-words">{step.note}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

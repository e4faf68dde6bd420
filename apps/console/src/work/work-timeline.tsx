import type { WorkOrder } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { useCauseName } from './use-cause-name.ts';
import { workQueries } from './work-resources.ts';
import { reasonWords, stepWords } from './work-words.ts';

/** Everything that happened to the order, newest first. */
export function WorkTimeline({ order }: { readonly order: WorkOrder }) {
  const { t } = useTranslation();
  const version = `${order.revision}|${order.faultCount}|${order.photos.length}|${order.escalation}|${order.verification?.waitingFor ?? ''}`;
  const history = useQuery(workQueries.history(order.id, version));
  const causeName = useCauseName(useQuery(workQueries.words()).data);
  return (
    <section className="panel">
      <header>
        <h2>{t('work.timeline')}</h2>
      </header>
      {history.isError ? <ProblemNote error={history.error} onRetry={() => void history.refetch()} /> : null}
      <ol className="work-timeline" data-testid="timeline">
        {[...(history.data ?? [])].reverse().map((step) => (
          <li key={step.number} className={step.kind}>
            <span className="work-step">{stepWords(t, step, causeName)}</span>
            <span className="muted">
              {formatInstant(step.at)}
              {step.by === undefined ? '' : ` · ${step.by}`}
            </span>
            {step.note === undefined ? null : <span className="work-step-note">{reasonWords(t, step.note)}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

import type { ArcEvidence, HazardEvidence } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { branchName, kindName } from '../locale/words.ts';
import type { HazardCourse } from './group-hazards.ts';
import { FeatureTable } from './feature-table.tsx';
import { reasonWords, sureness } from './load-words.ts';

/** Why the terminal says so: an arc by its half-cycles, any other hazard by what was measured. */
export function HazardPanel({ course }: { readonly course: HazardCourse }) {
  const { t } = useTranslation();
  const { event, evidence } = course.leading;
  if (evidence.schema === 'load/1') return null;
  const id = `hazard-${event.at}-${event.kind}`;
  return (
    <section className="panel" aria-labelledby={id} data-testid="hazard-panel">
      <header>
        <h2 id={id}>
          {kindName(t, event.kind)} · {branchName(t, event.point) ?? event.point} · {t(`level.${event.level}`)}
        </h2>
        {event.confidence === undefined ? null : (
          <span className="muted">{t('evidence.confidence', { percent: sureness(event.confidence) })}</span>
        )}
        <span className="end muted">{formatInstant(event.at)}</span>
      </header>
      {course.steps.length > 1 ? (
        <p className="muted">
          {course.steps.map(({ event: step }) => `${t(`level.${step.level}`)} ${formatInstant(step.at)}`).join(' → ')}
        </p>
      ) : null}
      {evidence.schema === 'arc/1' ? <ArcWords arc={evidence} /> : <ForecastWords evidence={evidence} />}
      {evidence.reason === undefined ? null : <p className="muted">{reasonWords(t, evidence.reason)}</p>}
      <FeatureTable features={evidence.features} />
    </section>
  );
}

function ArcWords({ arc }: { readonly arc: ArcEvidence }) {
  const { t } = useTranslation();
  return (
    <p>
      <b>{t(`evidence.arcKind.${arc.arcKind}`)}</b> · {t(`evidence.arcStage.${arc.stage}`)} ·{' '}
      {t('evidence.halfCycles', { count: arc.halfCycleCount, windowMs: arc.windowMs })} ·{' '}
      {formatQuantity(arc.currentA, 'A')}
      {arc.windows.length > 0 ? <span className="muted"> · {t('evidence.marked')}</span> : null}
    </p>
  );
}

function ForecastWords({ evidence: { forecast } }: { readonly evidence: HazardEvidence }) {
  const { t } = useTranslation();
  if (forecast?.limitAt === undefined) return null;
  const iso = (at: number): string => formatInstant(new Date(at).toISOString());
  const { limitAt, earliestAt, latestAt } = forecast;
  return (
    <p>
      {t('evidence.limitAt', { time: iso(limitAt) })}
      {earliestAt !== undefined && latestAt !== undefined ? (
        <span className="muted"> ({t('evidence.between', { from: iso(earliestAt), to: iso(latestAt) })})</span>
      ) : null}
    </p>
  );
}

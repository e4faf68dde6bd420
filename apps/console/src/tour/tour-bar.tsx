import './tour.css';
import { useTranslation } from 'react-i18next';
import { tourSteps } from './tour-steps.ts';
import type { Tour } from './use-tour.ts';

/**
 * One step of the tour, at the foot of the queue. It takes room instead of lying over the page: no alarm is ever behind
 * it, and the rows above keep their places. What the step speaks of is outlined (tour.css).
 */
export function TourBar({ tour }: { readonly tour: Tour }) {
  const { t } = useTranslation();
  const { step, index } = tour;
  if (step === undefined) return null;
  const isLast = index === tourSteps.length - 1;
  return (
    <section
      className="tour"
      aria-label={t('tour.title')}
      data-testid="tour"
      data-step={step}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        tour.close();
      }}
    >
      <p className="tour-words" aria-live="polite">
        <b>
          {index + 1}/{tourSteps.length} {t(`tour.${step}.title`)}
        </b>
        <span>{t(`tour.${step}.words`)}</span>
      </p>
      <div className="tour-buttons">
        <button type="button" className="plain" onClick={tour.close} data-testid="tour-close">
          {t('tour.close')}
        </button>
        <button type="button" disabled={index === 0} onClick={() => tour.go(-1)}>
          {t('tour.back')}
        </button>
        <button type="button" className="primary" onClick={() => tour.go(1)} data-testid="tour-next">
          {t(isLast ? 'tour.done' : 'tour.next')}
        </button>
      </div>
    </section>
  );
}

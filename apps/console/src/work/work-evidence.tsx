import type { WorkOrder } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { useCauseName } from './use-cause-name.ts';
import { photoPath } from './work-resources.ts';
import { workQueries } from './work-resources.ts';

/** What was done, with the photos; those of repairs that did not hold stay. */
export function WorkEvidence({ order }: { readonly order: WorkOrder }) {
  const { t } = useTranslation();
  const causeName = useCauseName(useQuery(workQueries.words()).data);
  const { repair, photos } = order;
  if (repair === undefined && photos.length === 0) return null;
  const attempts = [...new Set(photos.map(({ attempt }) => attempt))].sort((a, b) => b - a);
  return (
    <section className="panel work-evidence" data-testid="evidence">
      <header>
        <h2>{t('work.evidence')}</h2>
      </header>
      {repair === undefined ? null : (
        <dl className="facts">
          <dt>{t('work.attempt', { n: repair.attempt })}</dt>
          <dd>
            {formatInstant(repair.at)} <span className="muted">{repair.by}</span>
          </dd>
          <dt>{t('work.cause')}</dt>
          <dd>{causeName(repair.cause)}</dd>
          {repair.text === undefined ? null : (
            <>
              <dt>{t('work.what')}</dt>
              <dd>{repair.text}</dd>
            </>
          )}
          {repair.parts === undefined ? null : (
            <>
              <dt>{t('work.parts')}</dt>
              <dd>{repair.parts}</dd>
            </>
          )}
        </dl>
      )}
      {attempts.map((attempt) => (
        <div key={attempt}>
          <h3>
            {attempts.length > 1 ? `${t('work.photos')} · ${t('work.attempt', { n: attempt })}` : t('work.photos')}
          </h3>
          <div className="photo-row">
            {photos
              .filter((photo) => photo.attempt === attempt)
              .map(({ id, by, at }, index) => (
                <a key={id} href={photoPath(order.id, id)} download title={`${by} ${formatInstant(at)}`}>
                  <img src={photoPath(order.id, id)} alt={t('work.photo', { n: index + 1 })} loading="lazy" />
                </a>
              ))}
          </div>
        </div>
      ))}
    </section>
  );
}

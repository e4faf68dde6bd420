import type { MeasuredFeature } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../format/quantity.ts';
import { featureName } from './load-words.ts';

export type FeatureTableProps = {
  readonly features: readonly MeasuredFeature[];
  /** Name of the family whose loads the typical ranges are of; undefined when they are of what was judged itself. */
  readonly family?: string | undefined;
};

/** What a decision rests on: each measured value beside what is usual for it. */
export function FeatureTable({ features, family }: FeatureTableProps) {
  const { t } = useTranslation();
  if (features.length === 0) return null;
  const hasTypical = features.some(({ typical }) => typical !== undefined);
  const hasBaseline = features.some(({ baseline }) => baseline !== undefined);
  const hasLimit = features.some(({ limit }) => limit !== undefined);
  return (
    <div className="table-scroll">
      <table className="measures">
        <thead>
          <tr>
            <th scope="col">{t('evidence.feature')}</th>
            <th scope="col">{t('evidence.value')}</th>
            {hasBaseline ? <th scope="col">{t('evidence.baseline')}</th> : null}
            {hasLimit ? <th scope="col">{t('evidence.limit')}</th> : null}
            {hasTypical ? (
              <th scope="col">{family === undefined ? t('evidence.typical') : t('evidence.typicalOf', { family })}</th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {features.map(({ feature, value, baseline, limit, typical, typicalOf }) => (
            <tr key={feature}>
              <th scope="row">{featureName(t, feature)}</th>
              <td>{formatNumber(value)}</td>
              {hasBaseline ? <td>{formatNumber(baseline)}</td> : null}
              {hasLimit ? <td>{formatNumber(limit)}</td> : null}
              {hasTypical ? (
                <td>
                  {typical === undefined ? '—' : `${formatNumber(typical[0])} … ${formatNumber(typical[1])}`}
                  {typicalOf?.level === 'device' ? <span className="tag">{t('evidence.ofDevice')}</span> : null}
                  {typical !== undefined && (value < typical[0] || value > typical[1]) ? (
                    <span className="tag">{t('evidence.outside')}</span>
                  ) : null}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {hasTypical && family !== undefined ? <p className="muted">{t('evidence.typicalWhy', { family })}</p> : null}
    </div>
  );
}

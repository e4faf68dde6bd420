import type { Device, DeviceModel, Point } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatLimit, unitSymbol } from '../format/quantity.ts';
import { familyName, kindName, pointName } from '../locale/words.ts';

export type ModelTabProps = {
  readonly device: Device;
  /** With the limits of the centre; absent without the right to see values. */
  readonly points: readonly Point[] | undefined;
};

/** What a device of this model measures, between which limits, and which alarms it tells by itself. */
export function ModelTab({ device, points }: ModelTabProps) {
  const { t, i18n } = useTranslation();
  const models = useQuery(queries.models());
  const model = models.data?.find(({ id }) => id === device.model);
  if (models.isError && !models.data) return <ProblemNote error={models.error} onRetry={() => void models.refetch()} />;
  if (!models.data) return <p className="empty">{t('feed.loading')}…</p>;
  if (!model) return <p className="empty">{t('model.unknown', { id: device.model })}</p>;
  return (
    <>
      <section className="panel" aria-labelledby="model-title">
        <header>
          <h2 id="model-title">{i18n.language === 'en' ? model.name.en : model.name.zh}</h2>
          <span className="muted mono">{model.id}</span>
          <span className="muted">
            {t('model.version', { n: model.version })} · {familyName(t, model.family)} ·{' '}
            {t('model.interval', { seconds: model.reportingIntervalMs / 1000 })}
            {model.gateway ? ` · ${t('model.gateway')}` : ''}
          </span>
        </header>
        {model.points.length === 0 ? (
          <p className="empty">{t('model.noPoints')}</p>
        ) : (
          <div className="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('model.point')}</th>
                  <th scope="col">{t('model.unit')}</th>
                  <th scope="col">{t('model.range')}</th>
                  <th scope="col">{t('model.limits')}</th>
                </tr>
              </thead>
              <tbody>
                {model.points.map((point) => (
                  <tr key={point.id}>
                    <td>
                      {pointName(t, point.id)} <span className="muted mono">{point.id}</span>
                    </td>
                    <td>{point.unit === '' ? '–' : unitSymbol(point.unit)}</td>
                    <td className="muted">
                      {point.range ? `${formatLimit(point.range.min)} … ${formatLimit(point.range.max)}` : '–'}
                    </td>
                    <td>
                      <Limits limits={limitsOf(model, points, point.id)} unit={point.unit} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <section className="panel" aria-labelledby="model-events">
        <header>
          <h2 id="model-events">{t('model.events')}</h2>
        </header>
        {model.events.length === 0 ? (
          <p className="empty">{t('model.noEvents')}</p>
        ) : (
          <div className="table-scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('model.kind')}</th>
                  <th scope="col">{t('model.urgency')}</th>
                </tr>
              </thead>
              <tbody>
                {model.events.map(({ kind, classification }) => (
                  <tr key={kind}>
                    <td>
                      {kindName(t, kind)} <span className="muted mono">{kind}</span>
                    </td>
                    <td className={classification ? '' : 'muted'}>
                      {classification
                        ? [classification.attention, classification.warning, classification.alarm]
                            .map(({ category, priority }) => `${t(`category.${category}`)} ${priority}`)
                            .join(' / ')
                        : t('model.byProduct')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}

type Limit = Point['limits'][number] & { readonly source?: string };

/** The limits in force; without the right to see values those that the model itself brings. */
function limitsOf(model: DeviceModel, points: readonly Point[] | undefined, pointId: string): readonly Limit[] {
  const own = (model.limits ?? []).filter(({ point }) => isMeant(point, pointId));
  const inForce = points?.find(({ id }) => id === pointId)?.limits;
  if (inForce === undefined) return own;
  return inForce.map((limit) => {
    const source = own.find(
      ({ kind, level, threshold }) => kind === limit.kind && level === limit.level && threshold === limit.threshold,
    )?.source;
    return source === undefined ? limit : { ...limit, source };
  });
}

function isMeant(pattern: string, pointId: string): boolean {
  const [head = '', tail] = pattern.split('*');
  return tail === undefined ? pattern === pointId : pointId.startsWith(head) && pointId.endsWith(tail);
}

function Limits({ limits, unit }: { readonly limits: readonly Limit[]; readonly unit: string }) {
  const { t } = useTranslation();
  if (limits.length === 0) return <span className="muted">{t('model.noLimit')}</span>;
  return (
    <ul className="limit-list">
      {[...limits]
        .sort((a, b) => a.threshold - b.threshold)
        .map(({ kind, level, direction, threshold, source }) => (
          <li key={`${kind}${level}${direction}${threshold}`} title={source && t('model.source', { source })}>
            {kindName(t, kind)} {t(`level.${level}`)} {direction === 'above' ? '>' : '<'} {formatLimit(threshold, unit)}
          </li>
        ))}
    </ul>
  );
}

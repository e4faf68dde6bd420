import type { Point } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDataAge } from '../format/duration.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatLimit, formatQuantity } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import { exceededLevel, limitBar } from './limit-bar.ts';

export type ValueTableProps = {
  readonly points: readonly Point[];
  readonly chosenId: string | undefined;
  readonly reportingIntervalMs: number;
  readonly onChoose: (pointId: string) => void;
};

/** Newest value of each point with its limits, how far from them, and how old it is. */
export function ValueTable({ points, chosenId, reportingIntervalMs, onChoose }: ValueTableProps) {
  const { t } = useTranslation();
  const [showsAll, setShowsAll] = useState(false);
  const used = points.filter(({ value }) => value !== undefined);
  const unusedCount = points.length - used.length;
  if (used.length === 0 && !showsAll)
    return (
      <>
        <p className="empty">{t('device.noValues')}</p>
        {unusedCount > 0 ? <Unused n={unusedCount} isShown={false} onToggle={() => setShowsAll(true)} /> : null}
      </>
    );
  return (
    <>
      <table className="value-table">
        <thead>
          <tr>
            <th scope="col">{t('detail.point')}</th>
            <th scope="col" className="number">
              {t('device.value')}
            </th>
            <th scope="col">{t('device.limits')}</th>
            <th scope="col" className="number">
              {t('device.age')}
            </th>
          </tr>
        </thead>
        <tbody>
          {(showsAll ? points : used).map((point) => (
            <ValueRow
              key={point.id}
              point={point}
              isChosen={point.id === chosenId}
              staleAfterMs={3 * reportingIntervalMs}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
      {unusedCount > 0 ? <Unused n={unusedCount} isShown={showsAll} onToggle={() => setShowsAll(!showsAll)} /> : null}
    </>
  );
}

function Unused(props: { readonly n: number; readonly isShown: boolean; readonly onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="plain" onClick={props.onToggle}>
      {props.isShown ? t('device.hideUnused') : t('device.showUnused', { n: props.n })}
    </button>
  );
}

function ValueRow(props: {
  readonly point: Point;
  readonly isChosen: boolean;
  readonly staleAfterMs: number;
  readonly onChoose: (pointId: string) => void;
}) {
  const { t } = useTranslation();
  const { id, value, at, unit, limits } = props.point;
  const ageMs = useCentreNow(500) - (at ?? Number.NaN);
  const isStale = ageMs > props.staleAfterMs;
  const level = exceededLevel(value, limits);
  const name = pointName(t, id);
  return (
    <tr
      className={`${props.isChosen ? 'chosen' : ''}${isStale ? ' stale' : ''}`}
      data-testid="point-row"
      data-point={id}
    >
      <th scope="row">
        <button type="button" className="plain" aria-pressed={props.isChosen} onClick={() => props.onChoose(id)}>
          {name}
        </button>
      </th>
      <td className={`number value${level ? ` exceeds ${level}` : ''}`}>
        {formatQuantity(value, unit)}
        {level ? <span className="visually-hidden"> {t(`level.${level}`)}</span> : null}
      </td>
      <td>
        <Bar value={value} limits={limits} level={level} />
      </td>
      <td className="number age">
        {at === undefined ? '–' : formatDataAge(ageMs)}
        {isStale ? <span className="sub">{t('device.staleValue')}</span> : null}
      </td>
    </tr>
  );
}

function Bar({
  value,
  limits,
  level,
}: {
  readonly value: number | undefined;
  readonly limits: Point['limits'];
  readonly level: string | undefined;
}) {
  const { t } = useTranslation();
  const bar = limitBar(value, limits);
  if (limits.length === 0) return <span className="muted">{t('device.noLimit')}</span>;
  const words = [...limits]
    .sort((a, b) => a.threshold - b.threshold)
    .map(({ level: word, direction, threshold }) =>
      t('device.limitWords', {
        level: t(`level.${word}`),
        sign: direction === 'above' ? '>' : '<',
        value: formatLimit(threshold),
      }),
    )
    .join(' · ');
  return (
    <div className="limit-cell" title={words}>
      {bar ? (
        <svg
          className={`limit-bar${level ? ` ${level}` : ''}`}
          viewBox="0 0 100 12"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect x="0" y="3" width="100" height="6" className="ground" />
          <rect x="0" y="3" width={bar.fill * 100} height="6" className="fill" />
          {bar.ticks.map(({ at, level: tick }) => (
            <rect key={`${at}${tick}`} x={at * 100 - 0.6} y="0" width="1.2" height="12" className={`tick ${tick}`} />
          ))}
        </svg>
      ) : null}
      <span className="muted">{words}</span>
    </div>
  );
}

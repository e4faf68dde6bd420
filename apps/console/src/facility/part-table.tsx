import type { GbPartRecord } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { useNow } from '../format/use-now.ts';
import { formatDataAge } from '../format/duration.ts';
import { formatNear } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { quantityName } from '../locale/words.ts';
import { abnormalFlags, flagWord, orderParts, partName, partPlace } from './part-words.ts';

const STEP = 200;

/** Every part with its state in words, the abnormal ones first. */
export function PartTable({ deviceId }: { readonly deviceId: string }) {
  const { t } = useTranslation();
  const parts = useQuery(queries.parts(deviceId));
  const [isOnlyAbnormal, setOnlyAbnormal] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const ordered = useMemo(() => orderParts(parts.data?.items ?? []), [parts.data]);
  const found = isOnlyAbnormal ? ordered.filter((part) => abnormalFlags(part).length > 0) : ordered;
  const shown = found.slice(0, limit);
  return (
    <section className="panel" aria-labelledby="parts-title">
      <header>
        <h2 id="parts-title">{t('facility.parts')}</h2>
        <span className="muted">{t('facility.partCount', { n: ordered.length })}</span>
        {parts.data?.nextCursor ? (
          <span className="muted">{t('facility.partFirst', { n: ordered.length })}</span>
        ) : null}
        <button
          type="button"
          className="end"
          aria-pressed={isOnlyAbnormal}
          onClick={() => setOnlyAbnormal(!isOnlyAbnormal)}
        >
          {t('facility.onlyAbnormal')}
        </button>
      </header>
      {parts.isError ? <ProblemNote error={parts.error} onRetry={() => void parts.refetch()} /> : null}
      {parts.data && found.length === 0 ? (
        <p className="empty">{t(ordered.length === 0 ? 'facility.noParts' : 'facility.noneAbnormal')}</p>
      ) : null}
      {shown.length > 0 ? (
        <div className="table-scroll">
          <table className="part-table">
            <thead>
              <tr>
                <th scope="col">{t('facility.state')}</th>
                <th scope="col">{t('facility.part')}</th>
                <th scope="col">{t('facility.values')}</th>
                <th scope="col">{t('facility.at')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((part) => (
                <PartRow key={part.point} part={part} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {found.length > limit ? (
        <button type="button" className="plain" onClick={() => setLimit(limit + STEP)}>
          {t('facility.showMore', { n: Math.min(STEP, found.length - limit) })}
        </button>
      ) : null}
    </section>
  );
}

function PartRow({ part }: { readonly part: GbPartRecord }) {
  const { t, i18n } = useTranslation();
  const now = useNow(10_000);
  const { language } = i18n;
  const { point, flags, values, statusAt, software, clockOffsetMs } = part;
  const abnormal = abnormalFlags(part);
  // «Running normally» beside a fire would be read as its end.
  const calm = (flags ?? []).filter((flag) => !abnormal.includes(flag) && (flag !== 'normal' || abnormal.length === 0));
  const clock = clockOffsetMs === undefined ? undefined : formatDataAge(Math.abs(clockOffsetMs));
  return (
    <tr data-testid="part" data-point={point} data-flags={(flags ?? []).join(' ')}>
      <td>
        <span className="flags">
          {abnormal.map((flag) => (
            <span
              key={flag}
              className={`flag ${flag === 'fire' ? 'fire' : flag.toLowerCase().includes('fault') ? 'fault' : 'other'}`}
            >
              {flagWord(flag, language)}
            </span>
          ))}
          <span className="muted">
            {flags === undefined ? t('facility.noState') : calm.map((flag) => flagWord(flag, language)).join(' · ')}
          </span>
        </span>
      </td>
      <td>
        {partName(t, part, language)}
        <span className="sub muted">
          {partPlace(t, part, language)} <span className="mono">{point}</span>
          {software ? ` · ${t('facility.software', { version: software })}` : ''}
          {clock && clockOffsetMs !== undefined && Math.abs(clockOffsetMs) >= 1_000
            ? ` · ${t(clockOffsetMs > 0 ? 'facility.clockAhead' : 'facility.clockBehind', { time: clock })}`
            : ''}
        </span>
      </td>
      <td>
        {values.map(({ quantity, value, unit, quality }) => (
          <span key={quantity} className="part-value">
            {quantityName(t, quantity)} <b>{formatQuantity(value, unit)}</b>
            {quality ? <span className="warn-words"> {t(`facility.${quality}`)}</span> : null}
          </span>
        ))}
      </td>
      <td className="muted">{statusAt ? formatNear(statusAt, now) : '–'}</td>
    </tr>
  );
}

import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/instant.ts';
import { formatCount, formatNumber } from '../format/quantity.ts';
import { FamilyCards } from './family-cards.tsx';
import { useOverview } from './use-overview.ts';

/** Sensors by family and the energy of today; grey and in words when the figures are old. */
export function WallCounts() {
  const { t } = useTranslation();
  const { overview, receivedAt, isLost } = useOverview();
  const energyKwh = overview?.energyTodayKwh;
  return (
    <>
      <section className="panel" aria-labelledby="families-title">
        <header>
          <h2 id="families-title">{t('wall.families')}</h2>
          <span className="muted">{t('wall.onlineOfAll')}</span>
        </header>
        {isLost ? (
          <p className="stale-words" role="alert">
            {overview ? t('wall.overviewLost', { time: formatClock(receivedAt) }) : t('wall.overviewNever')}
          </p>
        ) : null}
        <FamilyCards overview={overview} isStale={isLost} />
        {overview && overview.blindSpotCount > 0 ? (
          <p className="offline-words" data-testid="blind-spots">
            {t('wall.blind', { n: overview.blindSpotCount })}
          </p>
        ) : null}
        {overview && overview.notLiveVenueCount > 0 ? (
          <p className="muted" data-testid="not-live-venues">
            {t('venueLife.wallCount', { n: overview.notLiveVenueCount })}
          </p>
        ) : null}
      </section>
      <section
        className={`panel${isLost ? ' is-stale' : ''}`}
        aria-labelledby="energy-title"
        data-testid="energy-today"
      >
        <header>
          <h2 id="energy-title">{t('wall.energy')}</h2>
        </header>
        {energyKwh === undefined || !overview ? (
          <p className="muted">{overview ? t('wall.energyUnknown') : '–'}</p>
        ) : (
          <p className="big">
            <b>{energyKwh < 1000 ? formatNumber(energyKwh) : formatCount(energyKwh)}</b> kWh
            <span className="muted"> {t('wall.energyFrom', { n: overview.energyCircuitCount })}</span>
          </p>
        )}
      </section>
    </>
  );
}

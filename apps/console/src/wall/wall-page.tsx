import '../shell/shell.css';
import '../chart/chart.css';
import './wall.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { countAlarms, orderAlarms } from '../alarm/alarm-order.ts';
import { queries } from '../api/queries.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { formatClock } from '../format/instant.ts';
import { formatCount, formatNumber } from '../format/quantity.ts';
import { useNow } from '../format/use-now.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { FeedBar } from '../shell/feed-bar.tsx';
import { FeedChip } from '../shell/feed-chip.tsx';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { OriginChip } from '../shell/origin-mark.tsx';
import { useScreenOrigin } from '../shell/use-screen-origin.ts';
import { AlarmMatrix } from './alarm-matrix.tsx';
import { FamilyCards } from './family-cards.tsx';
import { AlarmingVenues } from './alarming-venues.tsx';
import { VenueBoard } from './venue-board.tsx';
import { WallQueue } from './wall-queue.tsx';
import { WallWave } from './wall-wave.tsx';

/** An overview this old is no longer the present (it is asked for every 3 s). */
const overviewStaleAfterMs = 12_000;
/** No device has reported for this long: the city does not fall silent by itself. */
const reportsStaleAfterMs = 30_000;

/** The city on one screen; it reflows with the width and never scales. */
export function WallPage() {
  const { t } = useTranslation();
  const { state, phase, lastFrameAt } = useLiveView();
  const origin = useScreenOrigin();
  const overview = useQuery(queries.overview());
  const venues = useQuery(queries.venues()).data ?? [];
  const screenNow = useNow(1_000);
  const now = useCentreNow(1_000);
  const alarms = useMemo(() => orderAlarms(state.alarms.values()), [state.alarms]);
  const counts = useMemo(() => countAlarms(alarms), [alarms]);
  const data = overview.data;
  const isSimulated = origin.isSimulated || data?.origin === 'simulated' || data?.origin === 'mixed';
  const isLost = overview.isError || (data !== undefined && screenNow - overview.dataUpdatedAt > overviewStaleAfterMs);
  const reportAgeMs = data?.newestReportAt === undefined ? undefined : now - data.newestReportAt;
  const isSilent = reportAgeMs !== undefined && reportAgeMs > reportsStaleAfterMs;

  return (
    <div className="wall">
      <header className="wall-top">
        <h1 className="brand">
          {t('product.name')}
          <small>
            {t('product.latin')} · {t('wall.title')}
          </small>
        </h1>
        <OriginChip isSimulated={isSimulated} isDrill={origin.isDrill} />
        <span className="chip">
          {data ? t('wall.reports', { n: formatNumber(data.reportsPerSecond) }) : t('feed.loading')}
        </span>
        <span className={`chip${isSilent || isLost ? ' stale-chip' : ''}`} data-testid="newest-report">
          {reportAgeMs === undefined
            ? t('wall.noReport')
            : isSilent || isLost
              ? t('wall.stale', { age: formatDataAge(reportAgeMs) })
              : t('wall.newest', { age: formatDataAge(reportAgeMs) })}
        </span>
        <span className="end">
          <FeedChip />
          <LanguageSwitch />
          <Link to="/desk" className="button">
            {t('wall.back')}
          </Link>
          <time className="wall-clock" dateTime={new Date(now).toISOString()}>
            {formatClock(now)}
          </time>
        </span>
      </header>
      <div>
        <FeedBar />
      </div>
      <main className={`wall-grid${phase === 'disconnected' ? ' is-stale' : ''}`}>
        <aside className="wall-left" aria-label={t('wall.families')}>
          <section className="panel" aria-labelledby="families-title">
            <header>
              <h2 id="families-title">{t('wall.families')}</h2>
            </header>
            {isLost ? (
              <p className="stale-words" role="alert">
                {data ? t('wall.overviewLost', { time: formatClock(overview.dataUpdatedAt) }) : t('wall.overviewNever')}
              </p>
            ) : null}
            <FamilyCards overview={data} isStale={isLost} />
          </section>
          <section
            className={`panel${isLost ? ' is-stale' : ''}`}
            aria-labelledby="energy-title"
            data-testid="energy-today"
          >
            <header>
              <h2 id="energy-title">{t('wall.energy')}</h2>
            </header>
            {data?.energyTodayKwh === undefined ? (
              <p className="muted">{data ? t('wall.energyUnknown') : '–'}</p>
            ) : (
              <p className="big">
                <b>
                  {data.energyTodayKwh < 1000 ? formatNumber(data.energyTodayKwh) : formatCount(data.energyTodayKwh)}
                </b>{' '}
                kWh
                <span className="muted"> {t('wall.energyFrom', { n: data.energyCircuitCount })}</span>
              </p>
            )}
          </section>
          {lastFrameAt === undefined ? null : <AlarmMatrix alarms={alarms} />}
        </aside>
        <div className="wall-centre">
          <VenueBoard venues={venues} alarms={alarms} />
          <WallWave alarms={alarms} />
        </div>
        <aside className="panel wall-right" aria-label={t('wall.queue')}>
          <header>
            <h2>{t('wall.queue')}</h2>
            <span className="muted">{lastFrameAt === undefined ? '' : t('desk.counts', counts)}</span>
          </header>
          <WallQueue alarms={alarms} />
        </aside>
        <AlarmingVenues venues={venues} alarms={alarms} />
      </main>
    </div>
  );
}

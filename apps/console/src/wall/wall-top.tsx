import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { formatClock } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { FeedChip } from '../shell/feed-chip.tsx';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { OriginChip } from '../shell/origin-mark.tsx';
import { useScreenOrigin } from '../shell/use-screen-origin.ts';
import { useOverview } from './use-overview.ts';
import { WallSound } from './wall-sound.tsx';

/** Head of the wall: what this is, whether it is real, how fresh it is, and the time. */
export function WallTop() {
  const { t } = useTranslation();
  const origin = useScreenOrigin();
  const { overview, reportAgeMs, isLost, isStale } = useOverview();
  const isSimulated = origin.isSimulated || overview?.origin === 'simulated' || overview?.origin === 'mixed';
  const age = reportAgeMs === undefined ? undefined : formatDataAge(reportAgeMs);
  return (
    <header className="wall-top">
      <h1 className="brand">
        {t('product.name')}
        <small>
          {t('product.latin')} · {t('wall.title')}
        </small>
      </h1>
      <OriginChip isSimulated={isSimulated} isDrill={origin.isDrill} />
      {/* Of the whole centre: who is bound to some venues is not told. */}
      {(overview === undefined || overview.reportsPerSecond !== undefined) && (
        <span className="chip">
          {overview?.reportsPerSecond === undefined
            ? t('feed.loading')
            : t('wall.reports', { n: isLost ? '–' : formatNumber(overview.reportsPerSecond) })}
        </span>
      )}
      <span className={`chip${isStale ? ' stale-chip' : ''}`} data-testid="newest-report" data-stale={isStale}>
        {age === undefined ? t('wall.noReport') : t(isStale ? 'wall.stale' : 'wall.newest', { age })}
      </span>
      <span className="end">
        <WallSound />
        <FeedChip />
        <LanguageSwitch />
        <Link to="/desk" className="button">
          {t('wall.back')}
        </Link>
        <Clock />
      </span>
    </header>
  );
}

function Clock() {
  const now = useCentreNow(1_000);
  return (
    <time className="wall-clock" dateTime={new Date(now).toISOString()}>
      {formatClock(now)}
    </time>
  );
}

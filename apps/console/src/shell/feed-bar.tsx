import { useTranslation } from 'react-i18next';
import { useIsCentreSilent } from '../centre-state/use-centre-functions.ts';
import { formatClock } from '../format/instant.ts';
import { useNow } from '../format/use-now.ts';
import { useLiveClient, useLiveView } from '../live/live-feed.tsx';
import { useFeedAge } from './feed-chip.tsx';

/** Longer than any take-over: somebody must watch by other means. */
const aloneAfterMs = 30_000;

/**
 * The bar that says in words that the screen is not the present, since when, and that acts do not get through. Nothing
 * while the feed is live, or still loading, and the centre answers.
 */
export function FeedBar() {
  const { t } = useTranslation();
  const client = useLiveClient();
  const { phase, lastFrameAt, centreOffsetMs, attempt, refusal } = useLiveView();
  const age = useFeedAge() ?? '';
  const now = useNow(1_000);
  const noActs = useIsCentreSilent() ? <span data-testid="no-acts">{t('feed.noActs')}</span> : null;
  if (phase !== 'disconnected') {
    if (phase !== 'delayed' && noActs === null) return null;
    return (
      <div className="feed-bar delayed" role="status" data-testid="feed-bar">
        {phase === 'delayed' ? <span>{t('feed.delayedBar', { age })}</span> : null}
        {noActs}
      </div>
    );
  }
  return (
    <div className="feed-bar" role="alert" data-testid="feed-bar">
      <span>
        {lastFrameAt === undefined
          ? t('feed.neverConnected')
          : t('feed.disconnectedBar', { time: formatClock(lastFrameAt + centreOffsetMs) })}
      </span>
      {noActs}
      <span>{t(now - (lastFrameAt ?? now) > aloneAfterMs ? 'centreState.noAlarms' : 'feed.notShown')}</span>
      {refusal ? <span>{t('feed.refusal', refusal)}</span> : null}
      <span>{t('feed.reconnecting', { attempt })}</span>
      <button type="button" onClick={() => client.retryNow()}>
        {t('feed.retry')}
      </button>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/instant.ts';
import { useLiveClient, useLiveView } from '../live/live-feed.tsx';
import { useFeedAge } from './feed-chip.tsx';

/** The bar that says in words that the screen is not the present. Nothing while the feed is live or still loading. */
export function FeedBar() {
  const { t } = useTranslation();
  const client = useLiveClient();
  const { phase, lastFrameAt, centreOffsetMs, attempt, refusal } = useLiveView();
  const age = useFeedAge() ?? '';
  if (phase === 'delayed') {
    return (
      <div className="feed-bar delayed" role="status" data-testid="feed-bar">
        {t('feed.delayedBar', { age })}
      </div>
    );
  }
  if (phase !== 'disconnected') return null;
  return (
    <div className="feed-bar" role="alert" data-testid="feed-bar">
      <span>
        {lastFrameAt === undefined
          ? t('feed.neverConnected', { attempt })
          : t('feed.disconnectedBar', { time: formatClock(lastFrameAt + centreOffsetMs), attempt })}
      </span>
      {refusal ? <span>{t('feed.refusal', refusal)}</span> : null}
      <button type="button" onClick={() => client.retryNow()}>
        {t('feed.retry')}
      </button>
    </div>
  );
}

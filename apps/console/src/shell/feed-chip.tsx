import { useTranslation } from 'react-i18next';
import { formatDataAge } from '../format/duration.ts';
import { useNow } from '../format/use-now.ts';
import { useLiveView } from '../live/live-feed.tsx';

/** State of the feed in one chip: word, mark and how old the newest word of the centre is. */
export function FeedChip() {
  const { t } = useTranslation();
  const { phase } = useLiveView();
  const age = useFeedAge();
  return (
    <span className="chip feed-chip" data-testid="feed-state" data-state={phase}>
      <b>{t(`feed.${phase}`)}</b>
      {age === undefined ? null : <span>{t('feed.age', { age })}</span>}
    </span>
  );
}

/** Age of the newest frame in words, ticking; undefined before the first. */
export function useFeedAge(): string | undefined {
  const { lastFrameAt } = useLiveView();
  const now = useNow(500);
  return lastFrameAt === undefined ? undefined : formatDataAge(now - lastFrameAt);
}

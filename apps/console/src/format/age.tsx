import { useLiveView } from '../live/live-feed.tsx';
import { formatDataAge, formatStopwatch } from './duration.ts';
import { useNow } from './use-now.ts';

/** Ticking mm:ss since an instant of the centre, by the centre's clock. */
export function Stopwatch({ since }: { readonly since: string }) {
  const { centreOffsetMs } = useLiveView();
  const now = useNow(1_000) + centreOffsetMs;
  return <time dateTime={since}>{formatStopwatch(now - Date.parse(since))}</time>;
}

/** Age of a piece of data, by the centre's clock; ticks. */
export function DataAge({ at }: { readonly at: number }) {
  return <>{formatDataAge(useCentreNow(500) - at)}</>;
}

/** The centre's clock as this screen knows it, epoch ms. */
export function useCentreNow(everyMs: number): number {
  const { centreOffsetMs } = useLiveView();
  return useNow(everyMs) + centreOffsetMs;
}

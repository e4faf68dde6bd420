import type { Origin } from '@fengsui/alarm';
import { useMemo } from 'react';
import { useSession } from '../account/use-session.ts';
import { useLiveView } from '../live/live-feed.tsx';

/** Whether anything on the screen is simulated or a drill: by the session, by any alarm of the feed, by the page's own object. */
export function useScreenOrigin(pageOrigin?: Origin): { isSimulated: boolean; isDrill: boolean } {
  const { alarms } = useLiveView().state;
  const isDemo = useSession()?.demo === true;
  return useMemo(() => {
    const origins = new Set<Origin | undefined>([pageOrigin]);
    for (const { origin } of alarms.values()) origins.add(origin);
    return { isSimulated: isDemo || origins.has('simulated'), isDrill: origins.has('drill') };
  }, [alarms, isDemo, pageOrigin]);
}

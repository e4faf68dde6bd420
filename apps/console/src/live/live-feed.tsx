import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createBrowserLiveClient } from './browser-socket.ts';
import type { LiveClient, LiveView } from './live-client.ts';

const LiveContext = createContext<LiveClient | undefined>(undefined);

/** The one feed of the seat: every alarm, presence, isolation and incident in the scope of the session. */
export function LiveFeed({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [client] = useState(() =>
    createBrowserLiveClient({ topics: ['alarms', 'presence', 'isolations', 'incidents'] }),
  );

  useEffect(() => {
    const retry = (): void => client.retryNow();
    client.start();
    window.addEventListener('online', retry);
    return () => {
      window.removeEventListener('online', retry);
      client.stop();
    };
  }, [client]);

  // A browser does not tell why a WebSocket was refused. If the session has ended, the session itself says so: asked after
  // every failed attempt, for it may end while the feed is down.
  useEffect(() => {
    let last = client.view();
    return client.subscribe(() => {
      const view = client.view();
      const hasFailedAgain =
        view.phase === 'disconnected' && (last.phase !== 'disconnected' || view.attempt > last.attempt);
      // It was made to begin anew, perhaps for other rights: then the session has them, and other buttons.
      const hasBegunAnew = view.resyncs > last.resyncs;
      const isBack = view.phase === 'live' && last.phase === 'disconnected';
      last = view;
      if (hasFailedAgain || hasBegunAnew) void queryClient.invalidateQueries({ queryKey: ['session'] });
      else if (isBack) void queryClient.invalidateQueries();
    });
  }, [client, queryClient]);

  return <LiveContext value={client}>{children}</LiveContext>;
}

/** The client of the seat's feed. Throws outside {@link LiveFeed}. */
export function useLiveClient(): LiveClient {
  const client = useContext(LiveContext);
  if (!client) throw new Error('useLiveClient is called outside <LiveFeed>');
  return client;
}

/** What the seat's feed shows now; draws again with every change. */
export function useLiveView(): LiveView {
  const client = useLiveClient();
  return useSyncExternalStore(client.subscribe, client.view);
}

/** A second feed with the values of one venue, alive while the page is; undefined until the venue is known. */
export function useVenueFeed(venueId: string | undefined): LiveView | undefined {
  const client = useMemo(
    () =>
      venueId === undefined
        ? undefined
        : createBrowserLiveClient({ topics: ['values', 'presence'], venueIds: [venueId] }),
    [venueId],
  );
  useEffect(() => {
    client?.start();
    return () => client?.stop();
  }, [client]);
  return useSyncExternalStore(client?.subscribe ?? noSubscription, client?.view ?? noView);
}

/** A feed of the work orders in the scope of the session, alive while the page is. */
export function useWorkFeed(): LiveView {
  const [client] = useState(() => createBrowserLiveClient({ topics: ['workOrders'] }));
  useEffect(() => {
    client.start();
    return () => client.stop();
  }, [client]);
  return useSyncExternalStore(client.subscribe, client.view);
}

const noSubscription = (): (() => void) => () => undefined;
const noView = (): LiveView | undefined => undefined;

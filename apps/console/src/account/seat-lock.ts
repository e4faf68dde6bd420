import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queries } from '../api/queries.ts';
import { setCsrfToken } from '../api/request.ts';
import { api } from '../api/resources.ts';
import { throttled } from './throttled.ts';
import { useSession } from './use-session.ts';

const tellEveryMs = 60_000;
/** Another window of this browser may unlock it. */
const lookEveryMs = 5_000;
const gestures = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether the log-in of this seat is locked. The centre locks it; this only shows it. */
export const useIsSeatLocked = (): boolean => useSession()?.locksInS === 0;

/** Tells the centre that somebody is at the seat, and notices when it has locked it. Once per seat. */
export function useSeatLock(): void {
  const queryClient = useQueryClient();
  const { data: session, dataUpdatedAt } = useQuery(queries.session());
  const locksInS = session?.locksInS;
  const isLocked = locksInS === 0;
  const mayLock = locksInS !== undefined && !isLocked;

  useEffect(() => {
    if (!mayLock) return;
    const { queryKey } = queries.session();
    const told = throttled(tellEveryMs, () => {
      api.tellActivity().then(
        (session) => {
          setCsrfToken(session.csrfToken);
          queryClient.setQueryData(queryKey, session);
        },
        // Locked meanwhile, ended, or no answer: the session itself says which.
        () => void queryClient.invalidateQueries({ queryKey }),
      );
    });
    for (const gesture of gestures) window.addEventListener(gesture, told.call, { passive: true });
    return () => {
      told.cancel();
      for (const gesture of gestures) window.removeEventListener(gesture, told.call);
    };
  }, [mayLock, queryClient]);

  useEffect(() => {
    if (locksInS === undefined) return;
    const look = (): void => void queryClient.invalidateQueries({ queryKey: queries.session().queryKey });
    if (locksInS === 0) {
      const timer = setInterval(look, lookEveryMs);
      return () => clearInterval(timer);
    }
    const timer = setTimeout(look, locksInS * 1000);
    return () => clearTimeout(timer);
    // Counted from each answer, also from one that says the same as the one before.
  }, [locksInS, dataUpdatedAt, queryClient]);
}

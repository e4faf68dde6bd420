import { Outlet } from '@tanstack/react-router';
import { PersonGate } from '../account/person-gate.tsx';
import { useSeatLock } from '../account/seat-lock.ts';
import { LiveFeed } from '../live/live-feed.tsx';
import { useModelWords } from '../locale/model-words.ts';

/** Everything behind the log-in shares one live feed. */
export function Seat() {
  useModelWords();
  useSeatLock();
  return (
    <LiveFeed>
      <PersonGate>
        <Outlet />
      </PersonGate>
    </LiveFeed>
  );
}

import { Outlet } from '@tanstack/react-router';
import { LiveFeed } from '../live/live-feed.tsx';
import { useModelWords } from '../locale/model-words.ts';

/** Everything behind the log-in shares one live feed. */
export function Seat() {
  useModelWords();
  return (
    <LiveFeed>
      <Outlet />
    </LiveFeed>
  );
}

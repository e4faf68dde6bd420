import { Outlet } from '@tanstack/react-router';
import { LiveFeed } from '../live/live-feed.tsx';

/** Everything behind the log-in shares one live feed. */
export function Seat() {
  return (
    <LiveFeed>
      <Outlet />
    </LiveFeed>
  );
}

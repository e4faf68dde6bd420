import { useEffect } from 'react';
import { unnoticed } from '../isolation/open-isolations.ts';
import { useLiveView } from '../live/live-feed.tsx';

const NOTICED = 'fengsui.isolationNotices';
/** Isolations last a day at most. */
const KEPT = 200;

/**
 * Sounds a notice when isolations are about to end, once for each in this tab; what comes together is one. While the seat
 * cannot be heard, or something else sounds, it waits.
 */
export function useEndingNotice(isQuiet: boolean, notice: () => void): void {
  const { isolations } = useLiveView().state;
  useEffect(() => {
    if (!isQuiet) return;
    const before = (window.sessionStorage.getItem(NOTICED) ?? '').split(' ');
    const due = unnoticed(isolations, new Set(before));
    if (due.length === 0) return;
    window.sessionStorage.setItem(NOTICED, [...before, ...due.map(({ id }) => id)].slice(-KEPT).join(' '));
    notice();
  }, [isolations, isQuiet, notice]);
}

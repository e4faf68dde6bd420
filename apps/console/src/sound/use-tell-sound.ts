import type { SeatSound } from '@fengsui/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { usePermission } from '../account/use-session.ts';
import { seatQueries, tellSound } from './seat-api.ts';

const againEveryMs = 30_000;

/** Tells the centre whether this seat can be heard; of its tabs the one that sounds does, and of accounts those that acknowledge. */
export function useTellSound(isSounding: boolean, sound: SeatSound): void {
  const queryClient = useQueryClient();
  const isSeat = usePermission('alarm.acknowledge');
  useEffect(() => {
    if (!isSeat || !isSounding) return;
    const tell = (): void => {
      tellSound(sound).then(
        () => void queryClient.invalidateQueries({ queryKey: seatQueries.open().queryKey }),
        // Said again, and the bar of the feed says when the centre is away.
        () => undefined,
      );
    };
    tell();
    const timer = setInterval(tell, againEveryMs);
    return () => clearInterval(timer);
  }, [isSeat, isSounding, sound, queryClient]);
}

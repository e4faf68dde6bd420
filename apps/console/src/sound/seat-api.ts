import type { Seat, SeatSound } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, put } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

export const tellSound = (sound: SeatSound): Promise<unknown> => put('/session/sound', { sound });

export const seatQueries = {
  /** Seats with a page open, those that cannot be heard first. */
  open: () =>
    queryOptions({
      queryKey: ['seats'],
      queryFn: async ({ signal }) => (await get<Page<Seat>>('/seats', {}, signal)).items,
      refetchInterval: 15_000,
      refetchIntervalInBackground: true,
    }),
} as const;

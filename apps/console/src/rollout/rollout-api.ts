import type { Release, Rollout, RolloutDevice, RolloutGroup } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../api/request.ts';

const id = encodeURIComponent;
type Items<Item> = { readonly items: readonly Item[] };

export type RolloutDecision = 'stop' | 'resume' | 'roll-back';

export type NewRollout = {
  readonly releaseId: string;
  readonly group: RolloutGroup;
  readonly observeS: number;
  readonly mostFailedPercent: number;
  readonly note: string;
};

export const rolloutApi = {
  begin: (rollout: NewRollout) => post<Rollout>('/rollouts', rollout),
  decide: (rolloutId: string, what: RolloutDecision, note: string) =>
    post<Rollout>(`/rollouts/${id(rolloutId)}/${what}`, { note }),
  exclude: (rolloutId: string, deviceId: string, note: string) =>
    post<Rollout>(`/rollouts/${id(rolloutId)}/exclusions`, { deviceId, note }),
} as const;

export const rolloutQueries = {
  releases: () =>
    queryOptions({
      queryKey: ['releases'],
      queryFn: async ({ signal }) => (await get<Items<Release>>('/releases', {}, signal)).items,
      refetchInterval: 10_000,
    }),
  rollouts: () =>
    queryOptions({
      queryKey: ['rollouts'],
      queryFn: async ({ signal }) => (await get<Items<Rollout>>('/rollouts', {}, signal)).items,
      refetchInterval: 3_000,
    }),
  rollout: (rolloutId: string) =>
    queryOptions({
      queryKey: ['rollouts', rolloutId],
      queryFn: ({ signal }) => get<Rollout>(`/rollouts/${id(rolloutId)}`, {}, signal),
      refetchInterval: 2_000,
    }),
  devices: (rolloutId: string, state: string | undefined) =>
    queryOptions({
      queryKey: ['rollouts', rolloutId, 'devices', state ?? ''],
      queryFn: ({ signal }) =>
        get<Items<RolloutDevice> & { readonly nextCursor?: string }>(
          `/rollouts/${id(rolloutId)}/devices`,
          { state, limit: 200 },
          signal,
        ),
      refetchInterval: 3_000,
    }),
} as const;

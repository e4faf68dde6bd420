import type { RolloutDevice, RolloutDeviceState } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptRolloutDevice } from './kept-rollout.ts';
import { rolloutDeviceView } from './rollout-view.ts';

/** Devices of a rollout in the order of their turn, as far as the caller may see their venues. */
export async function listRolloutDevices(
  scope: Scope,
  store: Store,
  query: {
    readonly rolloutId: string;
    readonly states?: readonly RolloutDeviceState[];
    readonly after?: number;
    readonly limit: number;
  },
): Promise<readonly { readonly number: number; readonly device: RolloutDevice }[]> {
  const sql =
    `select doc from rollout_device where ($1::text[] is null or venue_id = any($1::text[])) and rollout_id = $2 ` +
    `and ($3::text[] is null or state = any($3::text[])) and number > $4 order by number limit $5`;
  const { rolloutId, states, after = -1, limit } = query;
  const rows = await store.query(sql, [scopeParameter(scope), rolloutId, states ?? null, after, limit]);
  return rows.map(({ doc }) => {
    const kept = doc as KeptRolloutDevice;
    return { number: kept.number, device: rolloutDeviceView(kept) };
  });
}

import { isStoreError, StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { requireEpoch, STALE_EPOCH } from './lease-schema.ts';

/**
 * The store of a centre that leads: every commit checks within its transaction that the epoch still stands. A centre
 * that was paused while another took over writes nothing when it wakes.
 */
export function fencedStore(store: Store, epoch: number, onStale: (reason: string) => void): Store {
  return {
    ...store,
    commit: async (steps) => {
      try {
        return (await store.commit([requireEpoch(epoch), ...steps])).slice(1);
      } catch (error) {
        if (!isStoreError(error) || error.sqlState !== STALE_EPOCH) throw error;
        onStale(error.message);
        // Whoever tries again meanwhile meets the same answer; the process is on its way out.
        throw new StoreError('conflict', error.message, { sqlState: STALE_EPOCH, cause: error });
      }
    },
  };
}

import { isStoreError, StoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { STALE_EPOCH } from './lease-schema.ts';

/**
 * The store of a process that may be succeeded: every commit begins with what it must still hold (lease-schema.ts). One
 * that was paused while another took over writes nothing when it wakes.
 */
export function fencedStore(store: Store, fence: () => Step, onStale: (reason: string) => void): Store {
  return {
    ...store,
    commit: async (steps) => {
      try {
        return (await store.commit([fence(), ...steps])).slice(1);
      } catch (error) {
        if (!isStoreError(error) || error.sqlState !== STALE_EPOCH) throw error;
        onStale(error.message);
        // Whoever tries again meanwhile meets the same answer; the process is on its way out.
        throw new StoreError('conflict', error.message, { sqlState: STALE_EPOCH, cause: error });
      }
    },
  };
}

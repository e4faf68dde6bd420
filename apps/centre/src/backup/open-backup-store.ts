import { createPgliteStore } from '../store/pglite-store.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Store } from '../store/store.ts';

/** The store of a stopped centre, as it is: nothing is migrated. */
export function openBackupStore(storeFolder: string, databaseUrl: string | undefined): Promise<Store> {
  return databaseUrl === undefined
    ? createPgliteStore({ folder: storeFolder })
    : createPostgresStore({ url: databaseUrl });
}

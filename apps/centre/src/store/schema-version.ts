import { isStoreError } from './store-error.ts';
import type { Store } from './store.ts';

/** 0 for a store that nobody has made tables in. */
export async function schemaVersionOf(store: Store): Promise<number> {
  try {
    const [row] = await store.query('SELECT max(version) AS version FROM schema_version');
    return Number(row?.['version'] ?? 0);
  } catch (error) {
    // 42P01: there is no such table.
    if (isStoreError(error) && error.sqlState === '42P01') return 0;
    throw error;
  }
}

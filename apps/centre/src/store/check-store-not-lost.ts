import { readdir } from 'node:fs/promises';
import { schemaVersionOf } from './schema-version.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

/**
 * A journal of segment files without a store that goes with it: the store was lost, or it is another one. A fresh start
 * would hide that all alarms and records are gone.
 *
 * @throws StoreError `lost`
 */
export async function checkStoreNotLost(store: Store, journalFolder: string): Promise<void> {
  if ((await schemaVersionOf(store)) > 0) return;
  const names = await readdir(journalFolder).catch(() => []);
  if (!names.some((name) => name.endsWith('.journal'))) return;
  const where =
    store.engine === 'postgres' ? 'the database of database.url is empty' : 'the embedded store has been made anew';
  throw new StoreError(
    'lost',
    `${where}, but the journal in ${journalFolder} is in use: the store was emptied, or it is another one. ` +
      'Set database.url right, or restore a backup into a new folder; to begin anew delete the journal folder',
  );
}

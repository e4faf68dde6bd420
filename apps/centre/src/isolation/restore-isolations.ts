import { readShare } from '../situation/read-share.ts';
import type { Store } from '../store/store.ts';
import type { Isolations } from './isolations.ts';
import type { KeptIsolation } from './kept-isolation.ts';

/** Those that have not ended. */
export async function restoreIsolations(
  isolations: Isolations,
  store: Store,
  partitions: readonly number[] | undefined,
): Promise<void> {
  const open = { select: 'select doc from isolation', where: `not (doc ? 'endedAt')`, order: 'order by id' };
  for (const row of await readShare(store, partitions, open)) isolations.put(row['doc'] as KeptIsolation);
}

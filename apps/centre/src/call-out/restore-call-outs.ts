import { readShare } from '../situation/read-share.ts';
import type { Store } from '../store/store.ts';
import type { CallOutBook } from './call-out-book.ts';
import type { KeptCallOut } from './kept-call-out.ts';

/** Brings back those that may still be answered. */
export async function restoreCallOuts(
  callOuts: CallOutBook,
  store: Store,
  partitions: readonly number[] | undefined,
): Promise<void> {
  const open = { select: 'select doc from call_out', where: 'not closed', order: 'order by opened_at, id' };
  for (const { doc } of await readShare(store, partitions, open)) callOuts.put(doc as KeptCallOut);
}

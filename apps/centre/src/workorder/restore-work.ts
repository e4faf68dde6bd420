import { readShare } from '../situation/read-share.ts';
import type { Situation } from '../situation/situation.ts';
import type { Store } from '../store/store.ts';
import type { KeptWorkOrder } from './kept-work-order.ts';

/** Brings back the open orders, the last number, and what was closed lately: a fault may come back. */
export async function restoreWork(
  { work }: Situation,
  store: Store,
  now: number,
  partitions: readonly number[] | undefined,
): Promise<void> {
  // Of all partitions: a number is given once in the centre.
  const [row] = await store.query('select coalesce(max(number), 0) as number from work_order');
  work.numbers.given(row?.['number'] as number);
  const select = 'select doc from work_order';
  const where = 'closed and closed_at > $1';
  const closed = { select, where, params: [now - work.rules.repeatWithinMs], order: 'order by closed_at, number' };
  for (const { doc } of await readShare(store, partitions, closed)) work.remember(doc as KeptWorkOrder);
  const open = { select, where: 'not closed', order: 'order by number' };
  for (const { doc } of await readShare(store, partitions, open)) work.put(doc as KeptWorkOrder);
}

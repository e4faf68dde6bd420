import type { Situation } from '../situation/situation.ts';
import type { Store } from '../store/store.ts';
import type { KeptWorkOrder } from './kept-work-order.ts';

/** Brings back the open orders, the last number, and what was closed lately: a fault may come back. */
export async function restoreWork({ work }: Situation, store: Store, now: number): Promise<void> {
  const [row] = await store.query('select coalesce(max(number), 0) as number from work_order');
  work.numbered(row?.['number'] as number);
  const closed = 'select doc from work_order where closed and closed_at > $1 order by closed_at, number';
  for (const { doc } of await store.query(closed, [now - work.rules.repeatWithinMs]))
    work.remember(doc as KeptWorkOrder);
  for (const { doc } of await store.query('select doc from work_order where not closed order by number'))
    work.put(doc as KeptWorkOrder);
}

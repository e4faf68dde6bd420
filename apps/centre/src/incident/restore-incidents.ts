import { readShare } from '../situation/read-share.ts';
import type { Store } from '../store/store.ts';
import type { IncidentBook } from './incident-book.ts';
import type { KeptIncident } from './kept-incident.ts';

/** Brings back those that are not closed, and the last number. */
export async function restoreIncidents(
  incidents: IncidentBook,
  store: Store,
  partitions: readonly number[] | undefined,
): Promise<void> {
  // Of all partitions: a number is given once in the centre.
  const [row] = await store.query('select coalesce(max(number), 0) as number from incident');
  incidents.numbers.given(row?.['number'] as number);
  const open = { select: 'select doc from incident', where: 'not closed', order: 'order by number' };
  for (const { doc } of await readShare(store, partitions, open)) incidents.put(doc as KeptIncident);
}

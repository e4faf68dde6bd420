import type { LoadHistoryErasure } from '@fengsui/protocol';
import { deleteInPieces } from '../history/delete-in-pieces.ts';
import { OF_A_LOAD, OF_NO_ALARM } from '../history/load-rows.ts';
import type { Store } from '../store/store.ts';

/**
 * Deletes when which load of a venue was switched, with the recordings of it. Alarms, hazards and what an alarm names
 * stay. What comes while it runs is deleted with it or stays; `isComplete` is false when it was to stop before the end.
 */
export async function eraseLoadHistory(
  store: Store,
  venueId: string,
  deviceIds: readonly string[],
  isStopping: () => boolean,
): Promise<LoadHistoryErasure> {
  const own = 't.device_id = any($1::text[]) and t.venue_id = $2';
  const params = [deviceIds, venueId];
  // First the recordings: the events say whose they are.
  const where = `${own} and ${OF_A_LOAD} and ${OF_NO_ALARM}`;
  const captureCount = await deleteInPieces(store, { table: 'capture', where, params }, isStopping);
  const loads = `${own} and t.kind in ('loadOn', 'loadOff')`;
  const eventCount = await deleteInPieces(store, { table: 'event', where: loads, params }, isStopping);
  return { eventCount, captureCount, isComplete: !isStopping() };
}

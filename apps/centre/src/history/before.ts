import type { Step, Store } from '../store/store.ts';
import { READ_COLUMNS, readRow, type TelemetryRow } from './telemetry-row.ts';
import type { Roller } from './roller.ts';

/** Rows of one device that are added at once. */
const PIECE_ROWS = 200;
const END = Number.MAX_SAFE_INTEGER;

const OF = 'from telemetry_before where lane_sequence = 0 and device_id';

/**
 * Rows that were there before there were roll-ups, a piece of one device after the other; how far that goes is stored
 * with what it adds.
 *
 * @returns false when all of them are in.
 */
export async function foldBefore(store: Store, roller: Roller): Promise<boolean> {
  const [state] = await store.query('select before_done, before_device, before_at from history_state');
  if (state === undefined || state['before_done'] === true) return false;
  let deviceId = state['before_device'] as string;
  let page = await readPage(store, deviceId, state['before_at'] as number);
  if (page.rows.length === 0) {
    const [next] = await store.query(`select device_id ${OF} > $1 order by device_id limit 1`, [deviceId]);
    if (next === undefined) {
      await store.commit([{ kind: 'sql', sql: 'update history_state set before_done = true' }]);
      return false;
    }
    deviceId = next['device_id'] as string;
    page = await readPage(store, deviceId, 0);
  }
  const progress: Step = {
    kind: 'sql',
    sql: 'update history_state set before_device = $1, before_at = $2',
    params: [deviceId, page.next],
  };
  await roller.foldBefore(page.rows, [progress]);
  return true;
}

/** Rows of a device from an instant on; `next`: where the next page begins. Rows of one instant are never parted. */
async function readPage(
  store: Store,
  deviceId: string,
  from: number,
): Promise<{ readonly rows: readonly TelemetryRow[]; readonly next: number }> {
  const sql = `select ${READ_COLUMNS} ${OF} = $1 and at >= $2 order by at, received_at limit ${PIECE_ROWS}`;
  const rows = (await store.query(sql, [deviceId, from])).map(readRow);
  const last = rows.at(-1)?.at ?? 0;
  if (rows.length < PIECE_ROWS) return { rows, next: END };
  const whole = rows.filter(({ at }) => at < last);
  if (whole.length > 0) return { rows: whole, next: last };
  const instant = `select ${READ_COLUMNS} ${OF} = $1 and at = $2 order by received_at`;
  return { rows: (await store.query(instant, [deviceId, last])).map(readRow), next: last + 1 };
}

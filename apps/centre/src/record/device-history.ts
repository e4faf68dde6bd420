import type { DeviceHistoryEntry } from '@fengsui/protocol';
import type { DeviceHistoryLine } from '../registry/registry-change.ts';
import type { Store } from '../store/store.ts';

/** A device is written about some dozen times in its life; what lies beyond is too old to ask for here. */
const LONGEST = 1_000;

/** What was done to the devices, newest first. The caller has seen to it that they are in scope. */
export async function listDeviceHistory(store: Store, deviceIds: readonly string[]): Promise<DeviceHistoryEntry[]> {
  const rows = await store.query(
    `select doc from device_history where device_id = any($1::text[]) order by id desc limit ${LONGEST}`,
    [[...deviceIds]],
  );
  return rows.map(({ doc }) => {
    const line = doc as DeviceHistoryLine;
    return { ...line, at: new Date(line.at).toISOString() };
  });
}

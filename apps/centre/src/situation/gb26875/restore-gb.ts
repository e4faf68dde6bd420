import type { Row, Store } from '../../store/store.ts';
import { readShare } from '../read-share.ts';
import type { Situation } from '../situation.ts';
import type { GbDutyCheck, GbPart, StoredGbFrame } from './gb-situation.ts';

/** Resends come within a minute; with the sending time of before, from a queue that waited for the link, within a day. */
const RESEND_WINDOW_MS = 24 * 3_600_000;
/** Of the newest frames of all devices together. */
const MOST_FRAMES = 200_000;

export async function restoreGb(
  situation: Situation,
  store: Store,
  partitions: readonly number[] | undefined,
): Promise<void> {
  const parts = { select: 'select doc from gb_part', deviceId: `gb_part.doc->>'deviceId'` };
  for (const { doc } of await readShare(store, partitions, parts)) {
    const { deviceId, part } = doc as { readonly deviceId: string; readonly part: GbPart };
    situation.gb.setPart(deviceId, part);
    situation.gb.noteOrder(part.statusOrder ?? 0);
    for (const [quantity, { at, value, order }] of Object.entries(part.values ?? {})) {
      situation.values.set(deviceId, `${part.point}.${quantity}`, at, value);
      situation.gb.noteOrder(order);
    }
    const heardAt = situation.lastReceivedAt.get(deviceId) ?? 0;
    situation.lastReceivedAt.set(deviceId, Math.max(heardAt, part.receivedAt));
  }
  const newest = {
    select: `select distinct on (doc ->> 'deviceId') doc from gb_duty_check`,
    order: `order by doc ->> 'deviceId', (doc ->> 'askedAt')::int8 desc`,
  };
  for (const { doc } of await readShare(store, partitions, newest)) situation.gb.setDutyCheck(doc as GbDutyCheck);
  // Of all devices: the order is one count for the whole centre.
  const [row] = await store.query('select max(receipt_order) as highest from gb_frame');
  situation.gb.noteOrder((row?.['highest'] as number | null) ?? 0);
}

/** What resends are compared with after a restart, oldest first. */
export async function recentGbFrames(store: Store, now: number): Promise<readonly StoredGbFrame[]> {
  const rows = await store.query(
    `select device_id, serial, received_at, label, content from gb_frame where received_at > $1
     order by received_at desc limit ${MOST_FRAMES}`,
    [now - RESEND_WINDOW_MS],
  );
  return rows.toReversed().map(storedGbFrame);
}

export const storedGbFrame = (row: Row): StoredGbFrame => ({
  deviceId: row['device_id'] as string,
  serial: row['serial'] as number,
  receivedAt: row['received_at'] as number,
  label: row['label'] as string,
  content: row['content'] as string,
});

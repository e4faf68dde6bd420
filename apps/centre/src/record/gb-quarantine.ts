import type { Store } from '../store/store.ts';

export type QuarantinedFrame = {
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
  /** Its place among the frames of the centre, when it is the newest under its serial; else 0: older than all. */
  readonly order: number;
};

/** What of a transmission device is in quarantine, oldest first; the caller has checked that it may be seen. */
export async function quarantinedGbFrames(store: Store, deviceId: string): Promise<readonly QuarantinedFrame[]> {
  const rows = await store.query(
    `select q.received_at, q.payload, coalesce(max(f.receipt_order), 0) as receipt_order from quarantine q
       left join gb_frame f on f.device_id = q.device_id and f.received_at = q.received_at
     where q.device_id = $1 and q.topic = 'gb26875' group by q.id, q.received_at, q.payload order by q.received_at, q.id`,
    [deviceId],
  );
  return rows.map((row) => ({
    receivedAt: row['received_at'] as number,
    bytes: row['payload'] as Uint8Array,
    order: row['receipt_order'] as number,
  }));
}

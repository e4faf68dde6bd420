import type { DeviceEventRecord, LoadJudgement } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Row, Store } from '../store/store.ts';
import { deliveries } from './teaching.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

/** Events of one instant are told apart by what identifies a report. */
export type EventPosition = readonly [at: number, epoch: string, seq: number];

export type DeviceEventQuery = {
  readonly deviceId: string;
  readonly captureId?: string;
  readonly kinds?: readonly string[];
  readonly withoutKinds?: readonly string[];
  readonly limit: number;
  readonly before?: EventPosition;
};

/** Newest first, each with the position the next page begins behind. */
export async function listDeviceEvents(
  scope: Scope,
  store: Store,
  { deviceId, captureId, kinds, withoutKinds = [], limit, before }: DeviceEventQuery,
): Promise<readonly { readonly event: DeviceEventRecord; readonly position: EventPosition }[]> {
  const rows = await store.query(
    `select * from event where ${IN_SCOPE} and device_id = $2
       and ($3::text is null or capture_id = $3) and ($4::text[] is null or kind = any($4::text[]))
       and ($5::int8 is null or (at, epoch, coalesce(seq, -1)) < ($5::int8, $6::text, $7::int8))
       and kind <> all($9::text[])
       order by at desc, epoch desc, coalesce(seq, -1) desc limit $8`,
    [
      scopeParameter(scope),
      deviceId,
      captureId ?? null,
      kinds === undefined ? null : [...kinds],
      before?.[0] ?? null,
      before?.[1] ?? null,
      before?.[2] ?? null,
      limit,
      [...withoutKinds],
    ],
  );
  return rows.map((row) => ({
    event: eventOf(row),
    position: [row['at'] as number, row['epoch'] as string, (row['seq'] as number | null) ?? -1],
  }));
}

/** Whether the device told of a switching under this name. */
export async function hasLoadEvent(store: Store, deviceId: string, loadEventId: string): Promise<boolean> {
  const rows = await store.query(
    `select 1 as found from event where device_id = $1 and kind in ('loadOn', 'loadOff')
       and evidence->>'loadEventId' = $2 limit 1`,
    [deviceId, loadEventId],
  );
  return rows.length > 0;
}

/** All judgements of a device's loads, oldest first: as the terminal is to learn them. At most 1,000, the newest. */
export async function listLoadJudgements(
  scope: Scope,
  store: Store,
  deviceId: string,
): Promise<readonly LoadJudgement[]> {
  const rows = await store.query(
    `select doc from load_judgement where ${IN_SCOPE} and device_id = $2 order by number desc limit 1000`,
    [scopeParameter(scope), deviceId],
  );
  const carried = await deliveries(store, deviceId);
  return rows
    .map(({ doc }) => {
      const judgement = doc as LoadJudgement;
      const delivery = carried.get(judgement.id);
      return delivery === undefined ? judgement : { ...judgement, delivery };
    })
    .reverse();
}

function eventOf(row: Row): DeviceEventRecord {
  const deviceId = row['device_id'] as string;
  const iso = (at: unknown): string => new Date(at as number).toISOString();
  return {
    deviceId,
    venueId: row['venue_id'] as string,
    origin: row['origin'] as DeviceEventRecord['origin'],
    kind: row['kind'] as string,
    point: row['point'] as string,
    at: iso(row['at']),
    receivedAt: iso(row['received_at']),
    ...(typeof row['active'] === 'boolean' && { active: row['active'] }),
    level: row['level'] as DeviceEventRecord['level'],
    ...(typeof row['confidence'] === 'number' && { confidence: row['confidence'] }),
    ...(typeof row['capture_id'] === 'string' && { captureId: `${deviceId}:${row['capture_id']}` }),
    ...(row['live'] === false && { late: true }),
    ...(row['identity_suspect'] === true && { identitySuspect: true }),
    ...(row['evidence'] !== null && { evidence: row['evidence'] }),
  };
}

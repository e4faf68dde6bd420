import type { LateHazard, QuarantinedMessage } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Row, Store } from '../store/store.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

export type QualityQuery = {
  readonly deviceId?: string;
  readonly limit: number;
  readonly before?: readonly [receivedAt: number, id: number];
};

/** Items with the position that the next page begins behind. */
export type Positioned<Item> = { readonly item: Item; readonly position: readonly [receivedAt: number, id: number] };

async function rows(
  scope: Scope,
  store: Store,
  table: 'quarantine' | 'late_hazard',
  query: QualityQuery,
): Promise<readonly Row[]> {
  return store.query(
    `select * from ${table} where ${IN_SCOPE} and ($2::text is null or device_id = $2)
       and ($3::int8 is null or (received_at, id) < ($3::int8, $4::int8)) order by received_at desc, id desc limit $5`,
    [scopeParameter(scope), query.deviceId ?? null, query.before?.[0] ?? null, query.before?.[1] ?? null, query.limit],
  );
}

const positioned = <Item>(row: Row, item: Item): Positioned<Item> => ({
  item,
  position: [row['received_at'] as number, row['id'] as number],
});

const iso = (at: unknown): string => new Date(at as number).toISOString();

/** Newest first. */
export async function listQuarantine(
  scope: Scope,
  store: Store,
  query: QualityQuery,
): Promise<Positioned<QuarantinedMessage>[]> {
  return (await rows(scope, store, 'quarantine', query)).map((row) =>
    positioned(row, {
      deviceId: row['device_id'] as string,
      venueId: row['venue_id'] as string,
      origin: row['origin'] as QuarantinedMessage['origin'],
      receivedAt: iso(row['received_at']),
      topic: row['topic'] as string,
      reason: row['reason'] as string,
      payloadBase64: Buffer.from(row['payload'] as Uint8Array).toString('base64'),
    }),
  );
}

/** Newest first. */
export async function listLateHazards(
  scope: Scope,
  store: Store,
  query: QualityQuery,
): Promise<Positioned<LateHazard>[]> {
  return (await rows(scope, store, 'late_hazard', query)).map((row) =>
    positioned(row, {
      deviceId: row['device_id'] as string,
      venueId: row['venue_id'] as string,
      origin: row['origin'] as LateHazard['origin'],
      point: row['point'] as string,
      kind: row['kind'] as string,
      level: row['level'] as LateHazard['level'],
      at: row['at'] as number,
      receivedAt: iso(row['received_at']),
      value: row['value'] as number,
      threshold: row['threshold'] as number,
    }),
  );
}

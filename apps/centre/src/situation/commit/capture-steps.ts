import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { placeColumns } from './upsert.ts';

export function captureSteps({ captures, captureChunks }: Effects): Step[] {
  const steps: Step[] = [...captures.values()].map((capture) => ({
    kind: 'sql',
    sql:
      `insert into capture (id, partition, venue_id, origin, device_id, capture_id, received_at, complete, doc) ` +
      `values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb) ` +
      `on conflict (id) do update set complete = excluded.complete, doc = excluded.doc`,
    params: [
      capture.id,
      capture.place.partition,
      capture.place.venueId,
      capture.place.origin,
      capture.deviceId,
      capture.captureId,
      capture.receivedAt,
      capture.complete,
      storableJson(capture),
    ],
  }));
  if (captureChunks.length === 0) return steps;
  return [
    ...steps,
    {
      kind: 'copy',
      table: 'capture_chunk',
      columns: [
        ['capture', 'text'],
        ['chunk_index', 'int4'],
        ...placeColumns,
        ['received_at', 'int8'],
        ['digest', 'bytea'],
        ['body', 'bytea'],
      ],
      rows: captureChunks.map(({ capture, index, place, receivedAt, digest, body }) => [
        capture,
        index,
        place.partition,
        place.venueId,
        place.origin,
        receivedAt,
        digest,
        body,
      ]),
    },
  ];
}

import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson, storableText } from '../storable-json.ts';
import { column, upsert } from './upsert.ts';

/** What waits of one source: the newest messages, in number and in bytes. */
export const INBOX_MESSAGES = 500;
const INBOX_BYTES = 16 * 1024 * 1024;

/** What foreign platforms have said, and the messages nobody can read yet. */
export function foreignSteps(effects: Effects): Step[] {
  const { foreignSeen, foreignForgotten, foreignWaiting, foreignSettled, foreignStates } = effects;
  const seen = [...foreignSeen];
  const steps = upsert(
    'foreign_seen',
    ['key'],
    [
      ['key', 'text', column(seen, ([key]) => key)],
      ['source_id', 'text', column(seen, ([, { sourceId }]) => sourceId)],
      ['value', 'text', column(seen, ([, { value }]) => value)],
      ['kept_until', 'int8', column(seen, ([, { keptUntil }]) => keptUntil)],
    ],
    ['value', 'kept_until'],
  );
  if (foreignForgotten.size > 0)
    steps.push({
      kind: 'sql',
      sql: 'delete from foreign_seen where key = any($1::text[])',
      params: [[...foreignForgotten]],
    });
  if (foreignSettled.size > 0)
    steps.push({
      kind: 'sql',
      sql: 'delete from foreign_inbox where id = any($1::text[])',
      params: [[...foreignSettled]],
    });
  const states = [...foreignStates];
  steps.push(
    ...upsert(
      'foreign_state',
      ['source_id'],
      [
        ['source_id', 'text', column(states, ([sourceId]) => sourceId)],
        ['doc', 'jsonb', column(states, ([, state]) => storableJson(state))],
      ],
      ['doc'],
    ),
  );
  const sources = new Set<string>();
  for (const [id, { foreign, receivedAt, receipts, body }] of foreignWaiting) {
    const { sourceId, unmapped, unmappedCount, taken, shape = null, topic = null, topics = null } = foreign;
    sources.add(sourceId);
    steps.push({
      kind: 'sql',
      sql:
        'insert into foreign_inbox as known (id, source_id, received_at, count, bytes, body, doc, shape, topic, topics) ' +
        'values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10) on conflict (id) do update set ' +
        'received_at = greatest(known.received_at, excluded.received_at), ' +
        'count = known.count + excluded.count, doc = excluded.doc',
      params: [
        id,
        sourceId,
        receivedAt,
        receipts,
        body.byteLength,
        body,
        storableJson({ unmapped, unmappedCount, taken }),
        shape,
        topic === null ? null : storableText(topic),
        topics === null ? null : storableText(topics),
      ],
    });
  }
  if (sources.size > 0)
    steps.push({
      kind: 'sql',
      sql:
        'delete from foreign_inbox where id in (select id from (select id, ' +
        'row_number() over newest as position, sum(bytes) over newest as size from foreign_inbox ' +
        'where source_id = any($1::text[]) window newest as (partition by source_id order by received_at desc, id)) as ranked ' +
        'where position > $2::int4 or (size > $3::int4 and position > 1))',
      params: [[...sources], INBOX_MESSAGES, INBOX_BYTES],
    });
  return steps;
}

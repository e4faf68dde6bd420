import type { RegistryChange } from '../registry/registry-change.ts';
import { partitionOf } from '../journal/partition.ts';
import type { CopyType, Step } from '../store/store.ts';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import { storableJson } from './storable-json.ts';

/** Newest quarantine rows kept per device: bounded, because what fills it is what nobody checked. */
const QUARANTINE_PER_DEVICE = 200;

type Columns = readonly (readonly [name: string, type: CopyType])[];

const placeColumns: Columns = [
  ['partition', 'int2'],
  ['venue_id', 'text'],
  ['origin', 'text'],
];

const telemetryColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['epoch', 'text'],
  ['seq', 'int8'],
  ['row_index', 'int4'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['device_at', 'int8'],
  ['model', 'text'],
  ['model_version', 'int2'],
  ['live', 'bool'],
  ['digest', 'bytea'],
  ['values', 'float8[]'],
];

const eventColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['epoch', 'text'],
  ['seq', 'int8'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['device_at', 'int8'],
  ['kind', 'text'],
  ['point', 'text'],
  ['active', 'bool'],
  ['level', 'text'],
  ['confidence', 'float8'],
  ['capture_id', 'text'],
  ['live', 'bool'],
  ['unmapped', 'bool'],
  ['digest', 'bytea'],
  ['evidence', 'jsonb'],
];

const lateHazardColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['point', 'text'],
  ['rule', 'text'],
  ['kind', 'text'],
  ['level', 'text'],
  ['at', 'int8'],
  ['received_at', 'int8'],
  ['value', 'float8'],
  ['threshold', 'float8'],
];

const quarantineColumns: Columns = [
  ...placeColumns,
  ['device_id', 'text'],
  ['received_at', 'int8'],
  ['topic', 'text'],
  ['reason', 'text'],
  ['digest', 'bytea'],
  ['payload', 'bytea'],
];

/** The steps of one transaction: everything a batch changed, and how far the journal is applied with it. */
export function commitSteps(effects: Effects): Step[] {
  return [
    ...registrySteps(effects.registryChanges),
    ...copyStep('telemetry', telemetryColumns, effects.telemetry),
    ...copyStep('event', eventColumns, effects.events),
    ...copyStep('late_hazard', lateHazardColumns, effects.lateHazards),
    ...quarantineSteps(effects),
    ...captureSteps(effects),
    ...docSteps('device_state', 'device_id', effects.deviceStates, ({ state }) => state),
    ...docSteps('condition', 'id', effects.conditions, ({ condition, changeCount }) => ({ condition, changeCount })),
    ...docSteps('limit_state', 'id', effects.limits, ({ state }) => state),
    ...alarmSteps(effects),
    ...receivedSteps(effects),
    ...actSteps(effects),
    ...timerSteps(effects),
    ...checkpointSteps(effects),
  ];
}

function copyStep(table: string, columns: Columns, rows: Effects['telemetry']): Step[] {
  return rows.length === 0 ? [] : [{ kind: 'copy', table, columns, rows }];
}

/** Column-wise parameters of `unnest`: one statement for any number of rows. */
const column = <Item, Value>(items: readonly Item[], pick: (item: Item) => Value): Value[] => items.map(pick);

type UpsertColumn = readonly [name: string, type: string, values: readonly number[] | readonly string[]];

/**
 * One statement that writes any number of rows; `updated` are the columns that change when the key is there already.
 * Values that SQL cannot unnest as what they are (boolean, jsonb, int8[]) go as text and are cast row by row.
 */
function upsert(
  table: string,
  key: readonly string[],
  columns: readonly UpsertColumn[],
  updated: readonly string[],
): Step[] {
  if (columns[0]?.[2].length === 0) return [];
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(
    ([, type], index) => `$${index + 1}::${type.startsWith('int') && !type.endsWith('[]') ? type : 'text'}[]`,
  );
  return [
    {
      kind: 'sql',
      sql:
        `insert into ${table} (${names}) select ${columns.map(([name, type]) => `${name}::${type}`).join(', ')} ` +
        `from unnest(${arrays.join(', ')}) as rows (${names}) ` +
        `on conflict (${key.join(', ')}) do update set ${updated.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      params: columns.map(([, , values]) => values),
    },
  ];
}

function placesOf<Item>(items: readonly Item[], placeOf: (item: Item) => Place): readonly UpsertColumn[] {
  const places = items.map(placeOf);
  return [
    ['partition', 'int2', column(places, ({ partition }) => partition)],
    ['venue_id', 'text', column(places, ({ venueId }) => venueId)],
    ['origin', 'text', column(places, ({ origin }) => origin)],
  ];
}

/** Upserts a table whose rows are a key, a place and a JSON document. */
function docSteps<Item extends { readonly place: Place }>(
  table: string,
  key: string,
  items: ReadonlyMap<string, Item>,
  docOf: (item: Item) => unknown,
): Step[] {
  const rows = [...items];
  return upsert(
    table,
    [key],
    [
      [key, 'text', column(rows, ([id]) => id)],
      ...placesOf(rows, ([, { place }]) => place),
      ['doc', 'jsonb', column(rows, ([, item]) => storableJson(docOf(item)))],
    ],
    ['partition', 'venue_id', 'origin', 'doc'],
  );
}

function quarantineSteps({ quarantine, quarantinedDevices }: Effects): Step[] {
  if (quarantine.length === 0) return [];
  return [
    { kind: 'copy', table: 'quarantine', columns: quarantineColumns, rows: quarantine },
    ...[...quarantinedDevices].map((deviceId): Step => ({
      kind: 'sql',
      sql:
        `delete from quarantine where device_id = $1 and received_at < coalesce((select received_at from quarantine ` +
        `where device_id = $1 order by received_at desc offset $2 limit 1), 0)`,
      params: [deviceId, QUARANTINE_PER_DEVICE - 1],
    })),
  ];
}

function captureSteps({ captures, captureChunks }: Effects): Step[] {
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

function alarmSteps({ alarms, alarmChanges }: Effects): Step[] {
  const rows = [...alarms.values()];
  const steps: Step[] = upsert(
    'alarm',
    ['id'],
    [
      ['id', 'text', column(rows, ({ alarm }) => alarm.id)],
      ...placesOf(rows, ({ place, alarm }) => ({ ...place, origin: alarm.origin })),
      ['device_id', 'text', column(rows, ({ alarm }) => alarm.deviceId)],
      ['category', 'text', column(rows, ({ alarm }) => alarm.category)],
      ['priority', 'text', column(rows, ({ alarm }) => alarm.priority)],
      ['state', 'text', column(rows, ({ alarm }) => alarm.state)],
      ['ended', 'bool', column(rows, ({ alarm }) => String(alarm.state === 'normal'))],
      ['raised_at', 'int8', column(rows, ({ raisedAt }) => raisedAt)],
      ['doc', 'jsonb', column(rows, ({ alarm }) => storableJson(alarm))],
    ],
    ['category', 'priority', 'state', 'ended', 'doc'],
  );
  if (alarmChanges.length === 0) return steps;
  return [
    ...steps,
    {
      kind: 'copy',
      table: 'alarm_change',
      columns: [['alarm_id', 'text'], ['number', 'int4'], ...placeColumns, ['at', 'int8'], ['doc', 'jsonb']],
      rows: alarmChanges.map(({ alarmId, number, place, change }) => [
        alarmId,
        number,
        place.partition,
        place.venueId,
        place.origin,
        change.at,
        storableJson(change),
      ]),
    },
  ];
}

function receivedSteps({ received }: Effects): Step[] {
  const rows = [...received.values()];
  return upsert(
    'received',
    ['device_id', 'epoch'],
    [
      ['device_id', 'text', column(rows, ({ deviceId }) => deviceId)],
      ['epoch', 'text', column(rows, ({ epoch }) => epoch)],
      ...placesOf(rows, ({ place }) => place),
      ['intervals', 'int8[]', column(rows, ({ intervals }) => `{${intervals.join(',')}}`)],
      ['updated_at', 'int8', column(rows, ({ at }) => at)],
    ],
    ['intervals', 'updated_at'],
  );
}

function actSteps({ acts }: Effects): Step[] {
  return acts.flatMap(({ meta, place, outcome }) => {
    const common = [meta.actId, place.partition, place.venueId, place.origin, meta.at, meta.by];
    const act = 'alarmId' in meta ? { alarmId: meta.alarmId, ...meta.act } : meta.act;
    const steps: Step[] = [
      {
        kind: 'sql',
        sql:
          `insert into operator_act (id, partition, venue_id, origin, at, username, act, outcome) ` +
          `values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb) on conflict (id) do nothing`,
        params: [...common, storableJson(act), storableJson(outcome)],
      },
    ];
    if (outcome.kind === 'judged') {
      const { deviceId, loadEventId } = outcome.judgement;
      steps.push({
        kind: 'sql',
        sql:
          `insert into load_judgement (id, partition, venue_id, origin, at, username, device_id, load_event_id, doc) ` +
          `values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb) on conflict (id) do nothing`,
        params: [...common, deviceId, loadEventId, storableJson(outcome.judgement)],
      });
    }
    return steps;
  });
}

function timerSteps({ timersSet, timersEnded }: Effects): Step[] {
  const rows = [...timersSet.values()];
  const steps: Step[] = upsert(
    'timer',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ...placesOf(rows, ({ venueId }) => ({ partition: partitionOf(venueId), venueId, origin: 'live' })),
      ['due_at', 'int8', column(rows, ({ dueAt }) => dueAt)],
      ['doc', 'jsonb', column(rows, ({ purpose }) => storableJson(purpose))],
    ],
    ['due_at', 'doc'],
  );
  const ended = [...timersEnded];
  if (ended.length > 0)
    steps.push({ kind: 'sql', sql: 'delete from timer where id = any($1::text[])', params: [ended] });
  return steps;
}

function registrySteps(changes: readonly RegistryChange[]): Step[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'organisationPut': {
        const { organisation } = change;
        return {
          kind: 'sql',
          sql: `insert into organisation (id, demo, doc) values ($1, $2, $3::jsonb)
                on conflict (id) do update set demo = excluded.demo, doc = excluded.doc`,
          params: [organisation.id, organisation.demo, storableJson(organisation)],
        };
      }
      case 'venuePut': {
        const { venue } = change;
        return {
          kind: 'sql',
          sql: `insert into venue (id, partition, origin, organisation_id, doc) values ($1, $2, $3, $4, $5::jsonb)
                on conflict (id) do update set origin = excluded.origin, organisation_id = excluded.organisation_id, doc = excluded.doc`,
          params: [venue.id, partitionOf(venue.id), venue.origin, venue.organisationId, storableJson(venue)],
        };
      }
      case 'devicePut': {
        const { device } = change;
        return {
          kind: 'sql',
          sql: `insert into device (id, partition, venue_id, origin, secret_sha256, revoked_at, doc) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
                on conflict (id) do update set partition = excluded.partition, venue_id = excluded.venue_id, origin = excluded.origin,
                secret_sha256 = excluded.secret_sha256, revoked_at = excluded.revoked_at, doc = excluded.doc`,
          params: [
            device.id,
            partitionOf(device.venueId),
            device.venueId,
            device.origin,
            device.secretSha256 ?? null,
            device.revokedAt ?? null,
            storableJson(device),
          ],
        };
      }
    }
  });
}

function checkpointSteps({ checkpoints }: Effects): Step[] {
  const rows = [...checkpoints.values()];
  if (rows.length === 0) return [];
  return [
    {
      kind: 'sql',
      sql:
        `insert into checkpoint (lane, partition, sequence) select * from unnest($1::text[], $2::int2[], $3::int8[]) ` +
        `on conflict (lane, partition) do update set sequence = greatest(checkpoint.sequence, excluded.sequence)`,
      params: [
        column(rows, ({ lane }) => lane),
        column(rows, ({ partition }) => partition),
        column(rows, ({ sequence }) => sequence),
      ],
    },
    { kind: 'sql', sql: 'update feed_position set position = position + 1' },
  ];
}

import { partitionOf } from '../../journal/partition.ts';
import type { RegistryChange } from '../../registry/registry-change.ts';
import type { Step } from '../../store/store.ts';
import { storableJson } from '../storable-json.ts';

type Table = {
  readonly name: string;
  readonly key: readonly string[];
  /** Column → what is written there, as SQL over `doc` (the object) and `partition`. */
  readonly columns: Readonly<Record<string, string>>;
};

const venueRow = { partition: 'partition', venue_id: `doc->>'venueId'` };

/** In the order of what refers to what. */
const tables = {
  organisationPut: {
    name: 'organisation',
    key: ['id'],
    columns: { id: `doc->>'id'`, demo: `(doc->>'demo')::boolean` },
  },
  venuePut: {
    name: 'venue',
    key: ['id'],
    columns: {
      id: `doc->>'id'`,
      partition: 'partition',
      origin: `doc->>'origin'`,
      organisation_id: `doc->>'organisationId'`,
    },
  },
  areaPut: { name: 'area', key: ['id'], columns: { id: `doc->>'id'`, ...venueRow } },
  contactPut: { name: 'contact', key: ['id'], columns: { id: `doc->>'id'`, ...venueRow } },
  modelPut: {
    name: 'device_model',
    key: ['id', 'version'],
    columns: { id: `doc->>'id'`, version: `(doc->>'version')::int2` },
  },
  devicePut: {
    name: 'device',
    key: ['id'],
    columns: {
      id: `doc->>'id'`,
      ...venueRow,
      origin: `doc->>'origin'`,
      secret_sha256: `doc->>'secretSha256'`,
      revoked_at: `(doc->>'revokedAt')::int8`,
    },
  },
  circuitPut: {
    name: 'circuit',
    key: ['device_id', 'prefix'],
    columns: { device_id: `doc->>'deviceId'`, prefix: `doc->>'prefix'`, ...venueRow },
  },
  sourcePut: { name: 'foreign_source', key: ['id'], columns: { id: `doc->>'id'` } },
  mappingPut: {
    name: 'foreign_mapping',
    key: ['source_id', 'version'],
    columns: { source_id: `doc->>'sourceId'`, version: `(doc->>'version')::int4` },
  },
  relayPut: { name: 'gb_relay', key: ['id'], columns: { id: `doc->>'id'` } },
  rulePut: {
    name: 'rule_version',
    key: ['id', 'version'],
    columns: {
      id: `doc->'rule'->>'id'`,
      version: `(doc->'rule'->>'version')::int4`,
      state: `doc->>'state'`,
      author: `doc->>'author'`,
      tried_at: `(doc->'trial'->>'at')::int8`,
      reviewer: `doc->>'reviewer'`,
    },
  },
  batchPut: { name: 'factory_batch', key: ['id'], columns: { id: `doc->>'id'`, ...venueRow } },
  endOfLinePut: {
    name: 'end_of_line',
    key: ['device_id', 'number'],
    columns: { device_id: `doc->>'deviceId'`, number: `(doc->>'number')::int4`, ...venueRow },
  },
  calibrationPut: {
    name: 'calibration',
    key: ['device_id', 'version'],
    columns: {
      device_id: `doc->'calibration'->>'deviceId'`,
      version: `(doc->'calibration'->>'version')::int4`,
      ...venueRow,
    },
  },
} as const satisfies Record<Exclude<RegistryChange['kind'], 'deviceHistory'>, Table>;

/** One statement per table however many rows: an import is thousands of objects in one transaction. */
export function registrySteps(changes: readonly RegistryChange[]): Step[] {
  const steps = Object.entries(tables).flatMap(([kind, table]) => {
    // The last state of an object counts: one statement may not touch a row twice.
    const newest = new Map<string, readonly [doc: string, partition: number]>();
    for (const change of changes) {
      if (change.kind !== kind || change.kind === 'deviceHistory') continue;
      const { id, object, venueId } = objectOf(change);
      newest.set(id, [storableJson(object), partitionOf(venueId)]);
    }
    return newest.size === 0 ? [] : [upsertDocs(table, [...newest.values()])];
  });
  return [...steps, ...historySteps(changes)];
}

/** Of a contact that was removed nothing personal stays, only that its id was taken. */
function contactRow({ contact, isRemoved }: Extract<Put, { readonly kind: 'contactPut' }>): object {
  return isRemoved === true ? { id: contact.id, venueId: contact.venueId, isRemoved } : contact;
}

type Put = Exclude<RegistryChange, { readonly kind: 'deviceHistory' }>;

function objectOf(change: Put): { readonly id: string; readonly object: object; readonly venueId: string } {
  switch (change.kind) {
    case 'organisationPut':
      return { id: change.organisation.id, object: change.organisation, venueId: '' };
    case 'venuePut':
      return { id: change.venue.id, object: change.venue, venueId: change.venue.id };
    case 'areaPut':
      return { id: change.area.id, object: change.area, venueId: change.area.venueId };
    case 'contactPut':
      return { id: change.contact.id, object: contactRow(change), venueId: change.contact.venueId };
    case 'modelPut':
      return { id: `${change.model.id}/${change.model.version}`, object: change.model, venueId: '' };
    case 'devicePut':
      return { id: change.device.id, object: change.device, venueId: change.device.venueId };
    case 'sourcePut':
      return { id: change.source.id, object: change.source, venueId: '' };
    case 'mappingPut':
      return { id: `${change.kept.sourceId}/${change.kept.version}`, object: change.kept, venueId: '' };
    case 'relayPut':
      return { id: change.target.id, object: change.target, venueId: '' };
    case 'rulePut': {
      const { id, version } = change.version.rule;
      return { id: `${id}/${version}`, object: change.version, venueId: '' };
    }
    case 'batchPut':
      return { id: change.batch.id, object: change.batch, venueId: change.batch.venueId };
    case 'endOfLinePut': {
      const { deviceId, number, venueId } = change.result;
      return { id: `${deviceId}/${number}`, object: change.result, venueId };
    }
    case 'calibrationPut': {
      const { calibration, venueId } = change.kept;
      return { id: calibration.id, object: change.kept, venueId };
    }
    case 'circuitPut': {
      const { deviceId, prefix, venueId } = change.circuit;
      return { id: `${deviceId}/${prefix}`, object: change.circuit, venueId };
    }
  }
}

function upsertDocs({ name, key, columns }: Table, rows: readonly (readonly [string, number])[]): Step {
  const names = [...Object.keys(columns), 'doc'];
  const updated = names.filter((column) => !key.includes(column));
  return {
    kind: 'sql',
    sql:
      `insert into ${name} (${names.join(', ')}) select ${Object.values(columns).join(', ')}, doc ` +
      `from (select text::jsonb as doc, partition from unnest($1::text[], $2::int2[]) as rows (text, partition)) as docs ` +
      // Else "on conflict" would be read as a join condition.
      `where true ` +
      `on conflict (${key.join(', ')}) do update set ${updated.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    params: [rows.map(([doc]) => doc), rows.map(([, partition]) => partition)],
  };
}

function historySteps(changes: readonly RegistryChange[]): Step[] {
  const venueOf = new Map(
    changes.flatMap((change) => (change.kind === 'devicePut' ? [[change.device.id, change.device.venueId]] : [])),
  );
  const lines = changes.flatMap((change) => (change.kind === 'deviceHistory' ? [change.line] : []));
  if (lines.length === 0) return [];
  const venues = lines.map(({ deviceId }) => venueOf.get(deviceId) ?? '');
  return [
    {
      kind: 'sql',
      sql:
        `insert into device_history (device_id, partition, venue_id, at, doc) ` +
        `select device_id, partition, venue_id, at, doc::jsonb ` +
        `from unnest($1::text[], $2::int2[], $3::text[], $4::int8[], $5::text[]) as rows (device_id, partition, venue_id, at, doc)`,
      params: [
        lines.map(({ deviceId }) => deviceId),
        venues.map((venueId) => partitionOf(venueId)),
        venues,
        lines.map(({ at }) => at),
        lines.map((line) => storableJson(line)),
      ],
    },
  ];
}

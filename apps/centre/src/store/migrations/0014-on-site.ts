import type { Migration } from '../migrate.ts';

const KINDS = `'localAction', 'arc', 'contactHeating', 'overTemperature', 'residualCurrent'`;
const PREFIX = `split_part(doc->>'pointId', '.', 1)`;

/** Why a breaker is closed on site only, from the alarms there are; telemetry that came while its sender was suspect. */
const statements = [
  `create table on_site_cause (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `insert into on_site_cause (id, partition, venue_id, origin, doc)
     select distinct on (device_id, ${PREFIX}) device_id || '/' || ${PREFIX}, partition, venue_id, origin,
       jsonb_build_object('deviceId', device_id, 'prefix', ${PREFIX}, 'kind', doc->>'kind', 'at', raised_at)
     from alarm where doc->>'kind' in (${KINDS}) order by device_id, ${PREFIX}, raised_at desc`,
  `alter table telemetry add column identity_suspect boolean not null default false`,
];

export const onSite: Migration = {
  version: 14,
  name: 'on-site',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** Who is called about an incident, by which way, and who answered; without an incident a way is tested. */
const statements = [
  `create table call_out (
       id text primary key, incident_id text not null, partition int2 not null, venue_id text not null,
       origin text not null, closed bool not null, opened_at int8 not null, doc jsonb not null)`,
  `create index call_out_incident on call_out (incident_id, opened_at)`,
  `create index call_out_open on call_out (partition) where not closed`,
];

export const callOut: Migration = {
  version: 33,
  name: 'call-out',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

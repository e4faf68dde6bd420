import type { Migration } from '../migrate.ts';

/** What people handle together, and every line of its history. */
const statements = [
  `create table incident (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       number int4 not null, state text not null, closed bool not null, opened_at int8 not null, doc jsonb not null)`,
  `create index incident_opened on incident (opened_at, id)`,
  `create index incident_open on incident (number) where not closed`,
  `create table incident_step (
       incident_id text not null, number int4 not null, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, doc jsonb not null, primary key (incident_id, number))`,
];

export const incident: Migration = {
  version: 30,
  name: 'incident',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** Recordings of calls and pictures of an incident, as they came. */
const statements = [
  `create table incident_file (
       id text primary key, incident_id text not null, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, doc jsonb not null, body bytea not null)`,
  `create index incident_file_incident on incident_file (incident_id, at)`,
];

export const incidentFile: Migration = {
  version: 32,
  name: 'incident-file',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

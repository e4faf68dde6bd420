import type { Migration } from '../migrate.ts';

/** Messages to the fire-command side, as they were made; what became of each is in the incident's history. */
const statements = [
  `create table fire_message (
       id text primary key, incident_id text not null, partition int2 not null, venue_id text not null,
       origin text not null, made_at int8 not null, doc jsonb not null)`,
  `create index fire_message_incident on fire_message (incident_id, made_at)`,
];

export const fireMessage: Migration = {
  version: 31,
  name: 'fire-message',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

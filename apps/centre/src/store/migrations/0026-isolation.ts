import type { Migration } from '../migrate.ts';

/** What rings nobody for a while, by whom and why; ended ones stay on record. */
const statements = [
  `create table isolation (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create index isolation_asked on isolation (((doc->>'askedAt')::int8) desc, id)`,
  `create index isolation_open on isolation (id) where not (doc ? 'endedAt')`,
];

export const isolation: Migration = {
  version: 26,
  name: 'isolation',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** Foreign platforms: who they are, how their messages are read, what has been taken once, and what waits. */
const statements = [
  `create table foreign_source (id text primary key, doc jsonb not null)`,
  `create table foreign_mapping (
       source_id text not null references foreign_source (id), version int4 not null, doc jsonb not null,
       primary key (source_id, version))`,
  `create table foreign_seen (
       key text primary key, source_id text not null, value text not null, kept_until int8 not null)`,
  `create index foreign_seen_kept on foreign_seen (kept_until)`,
  `create table foreign_inbox (
       id text primary key, source_id text not null, received_at int8 not null, count int4 not null,
       bytes int4 not null, body bytea not null, doc jsonb not null)`,
  `create index foreign_inbox_source on foreign_inbox (source_id, received_at, id)`,
];

export const foreign: Migration = {
  version: 6,
  name: 'foreign',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

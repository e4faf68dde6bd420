import type { Migration } from '../migrate.ts';

/** Orders to devices with what became of them; events that came while the identity of their device was suspect. */
const statements = [
  `create table command (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       device_id text not null, requested_at int8 not null, state text not null, doc jsonb not null)`,
  `create index command_device on command (device_id, requested_at, id)`,
  `create index command_requested on command (requested_at)`,
  `alter table event add column identity_suspect boolean not null default false`,
];

export const commands: Migration = {
  version: 5,
  name: 'command',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** Signed releases, rollouts in stages, and what became of each device. */
const statements = [
  `create table release (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table rollout (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table rollout_device (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       rollout_id text not null, number int4 not null, state text not null, doc jsonb not null)`,
  `create index rollout_device_turn on rollout_device (rollout_id, number)`,
];

export const rollout: Migration = {
  version: 11,
  name: 'rollout',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** Venues on test, what was accepted by whom, trials, and how venues came to be live. A venue without a life is live. */
const statements = [
  `create table commissioning_test (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create index commissioning_test_venue on commissioning_test (venue_id)`,
  `create table acceptance (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create index acceptance_venue on acceptance (venue_id)`,
  `create table trial_operation (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table venue_life (
       id int8 generated always as identity primary key, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, doc jsonb not null)`,
  `create index venue_life_venue on venue_life (venue_id, id)`,
];

export const commissioning: Migration = {
  version: 8,
  name: 'commissioning',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/**
 * The first schema. Every row that belongs to a venue stores its partition, venue and origin as of then.
 * Instants are int8 epoch milliseconds. PostgreSQL 15 subset, runs on PGlite and PostgreSQL alike.
 */
const statements = [
  // Registry
  `create table organisation (id text primary key, demo boolean not null, doc jsonb not null)`,
  `create table venue (
       id text primary key, partition int2 not null, origin text not null,
       organisation_id text not null references organisation (id), doc jsonb not null)`,
  `create table device (
       id text primary key, partition int2 not null, venue_id text not null references venue (id),
       origin text not null, secret_sha256 text, revoked_at int8, doc jsonb not null)`,
  `create index device_venue on device (venue_id)`,

  // People
  `create table account (
       username text primary key, role text not null, password_hash text not null, venue_ids text[],
       created_at int8 not null, disabled boolean not null default false)`,
  `create table login (
       token_sha256 text primary key, username text not null, role text not null, venue_ids text[],
       csrf_token text not null, created_at int8 not null, used_at int8 not null, expires_at int8 not null)`,
  `create table api_token (
       token_sha256 text primary key, name text not null, role text not null, venue_ids text[],
       created_at int8 not null, expires_at int8, revoked_at int8)`,
  `create table founder_link (token_sha256 text primary key, created_at int8 not null, used_at int8)`,

  // What devices reported
  `create table telemetry (
       partition int2 not null, venue_id text not null, origin text not null, device_id text not null,
       epoch text not null, seq int8, row_index int4 not null, at int8 not null, received_at int8 not null,
       device_at int8, model text not null, model_version int2 not null, live boolean not null,
       digest bytea not null, "values" float8[] not null)`,
  `create index telemetry_device_at on telemetry (device_id, at)`,
  `create index telemetry_identity on telemetry (device_id, epoch, seq)`,
  `create table event (
       partition int2 not null, venue_id text not null, origin text not null, device_id text not null,
       epoch text not null, seq int8, at int8 not null, received_at int8 not null, device_at int8,
       kind text not null, point text not null, active boolean, level text, confidence float8, capture_id text,
       live boolean not null, unmapped boolean not null, digest bytea not null, evidence jsonb)`,
  `create index event_device_at on event (device_id, at)`,
  `create index event_identity on event (device_id, epoch, seq)`,
  `create table late_hazard (
       id int8 generated always as identity primary key, partition int2 not null, venue_id text not null, origin text not null, device_id text not null,
       point text not null, rule text not null, kind text not null, level text not null, at int8 not null,
       received_at int8 not null, value float8 not null, threshold float8 not null)`,
  `create index late_hazard_venue on late_hazard (venue_id, received_at)`,
  `create table received (
       device_id text not null, epoch text not null, partition int2 not null, venue_id text not null,
       origin text not null, intervals int8[] not null, updated_at int8 not null, primary key (device_id, epoch))`,
  `create table quarantine (
       id int8 generated always as identity primary key, partition int2 not null, venue_id text not null, origin text not null, device_id text not null,
       received_at int8 not null, topic text not null, reason text not null, digest bytea not null,
       payload bytea not null)`,
  `create index quarantine_device on quarantine (device_id, received_at)`,
  `create table capture (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       device_id text not null, capture_id text not null, received_at int8 not null, complete boolean not null,
       doc jsonb not null)`,
  `create index capture_device on capture (device_id, received_at)`,
  `create table capture_chunk (
       capture text not null, chunk_index int4 not null, partition int2 not null, venue_id text not null,
       origin text not null, received_at int8 not null, digest bytea not null, body bytea not null,
       primary key (capture, chunk_index))`,
  `create table device_state (
       device_id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       doc jsonb not null)`,

  // Alarms
  `create table condition (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table limit_state (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table alarm (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       device_id text not null, category text not null, priority text not null, state text not null,
       ended boolean not null, raised_at int8 not null, doc jsonb not null)`,
  `create index alarm_venue on alarm (venue_id, raised_at)`,
  `create index alarm_raised on alarm (raised_at, id)`,
  `create table alarm_change (
       alarm_id text not null, number int4 not null, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, doc jsonb not null, primary key (alarm_id, number))`,
  `create table operator_act (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, at int8 not null,
       username text not null, act jsonb not null, outcome jsonb not null)`,
  `create table timer (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       due_at int8 not null, doc jsonb not null)`,

  // How far the journal is applied, and the feed's position
  `create table checkpoint (
       lane text not null, partition int2 not null, sequence int8 not null, primary key (lane, partition))`,
  `create table feed_position (id int2 primary key default 1 check (id = 1), position int8 not null)`,
  `insert into feed_position (position) values (0)`,
];

export const first: Migration = {
  version: 1,
  name: 'first',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

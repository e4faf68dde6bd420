import type { Migration } from '../migrate.ts';

/** Other centres that frames of transmission devices are passed on to, and the frames they have not confirmed. */
const statements = [
  `create table gb_relay (id text primary key, doc jsonb not null)`,
  `create table gb_relay_state (relay_id text primary key, doc jsonb not null)`,
  `create table gb_relay_owed (
       relay_id text not null, receipt_order int8 not null, device_id text not null, urgent boolean not null,
       received_at int8 not null, frame bytea not null, primary key (relay_id, receipt_order))`,
  // One question to many devices: which answered.
  `create index gb_duty_check_round on gb_duty_check ((doc ->> 'roundId')) where doc ? 'roundId'`,
];

export const gbRelay: Migration = {
  version: 10,
  name: 'gb-relay',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

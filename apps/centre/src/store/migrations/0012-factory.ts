import type { Migration } from '../migrate.ts';

/** Factory batches, every result at the end of the line, every calibration. */
const statements = [
  `create table factory_batch (
       id text primary key, partition int2 not null, venue_id text not null, doc jsonb not null)`,
  `create table end_of_line (
       device_id text not null, number int4 not null, partition int2 not null, venue_id text not null,
       doc jsonb not null, primary key (device_id, number))`,
  `create table calibration (
       device_id text not null, version int4 not null, partition int2 not null, venue_id text not null,
       doc jsonb not null, primary key (device_id, version))`,
];

export const factory: Migration = {
  version: 12,
  name: 'factory',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

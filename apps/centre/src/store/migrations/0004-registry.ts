import type { Migration } from '../migrate.ts';

/** The registry beyond venues and devices: areas, people to call, circuits, models of run time, lives of devices. */
const statements = [
  `create table device_model (id text not null, version int2 not null, doc jsonb not null, primary key (id, version))`,
  `create table area (
       id text primary key, partition int2 not null, venue_id text not null references venue (id), doc jsonb not null)`,
  `create table contact (
       id text primary key, partition int2 not null, venue_id text not null references venue (id), doc jsonb not null)`,
  `create table circuit (
       device_id text not null references device (id), prefix text not null, partition int2 not null,
       venue_id text not null references venue (id), doc jsonb not null, primary key (device_id, prefix))`,
  `create table device_history (
       id int8 generated always as identity primary key, device_id text not null, partition int2 not null,
       venue_id text not null, at int8 not null, doc jsonb not null)`,
  `create index device_history_device on device_history (device_id, id)`,
];

export const registry: Migration = {
  version: 4,
  name: 'registry',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

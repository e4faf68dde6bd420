import type { Migration } from '../migrate.ts';

/** Work orders, every line of their history, and the photos of repairs. `closed_at` is 0 while open. */
const statements = [
  `create table work_order (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null,
       number int4 not null, device_id text not null, state text not null, closed bool not null,
       opened_at int8 not null, closed_at int8 not null, doc jsonb not null)`,
  `create index work_order_opened on work_order (opened_at, id)`,
  `create index work_order_open on work_order (venue_id) where not closed`,
  `create index work_order_closed on work_order (closed_at) where closed`,
  `create index work_order_device on work_order (device_id, opened_at)`,
  `create index work_order_faults on work_order using gin ((doc->'faults') jsonb_path_ops)`,
  `create table work_order_step (
       order_id text not null, number int4 not null, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, doc jsonb not null, primary key (order_id, number))`,
  `create table work_photo (
       id text primary key, order_id text not null, partition int2 not null, venue_id text not null,
       origin text not null, at int8 not null, media_type text not null, body bytea not null)`,
];

export const workOrders: Migration = {
  version: 7,
  name: 'work-order',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

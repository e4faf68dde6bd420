import type { Migration } from '../migrate.ts';

/** Transmission devices 用户信息传输装置: their parts, the parts' values, their frames by serial, on-duty checks. */
const statements = [
  `create table gb_part (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create table part_value (
       partition int2 not null, venue_id text not null, origin text not null, device_id text not null,
       point text not null, at int8 not null, received_at int8 not null, device_at int8, analog_type int2 not null,
       raw int4 not null, value float8 not null, unit text, quality text)`,
  `create index part_value_point on part_value (device_id, point, at)`,
  `create table gb_frame (
       device_id text not null, serial int4 not null, partition int2 not null, venue_id text not null,
       origin text not null, receipt_order int8 not null, received_at int8 not null, label text not null,
       content text not null, primary key (device_id, serial))`,
  `create index gb_frame_received on gb_frame (received_at)`,
  `create table gb_duty_check (
       id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
  `create index gb_duty_check_device on gb_duty_check ((doc ->> 'deviceId'))`,
];

export const gb26875: Migration = {
  version: 3,
  name: 'gb26875',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

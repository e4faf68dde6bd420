import type { Migration } from '../migrate.ts';

/**
 * History at city size: raw rows in one partition per UTC day, roll-ups of a minute, a quarter of an hour and a day,
 * how far they go, and what retention has dropped.
 *
 * What a store holds already is not copied: it stays as one partition from the beginning to the day after its last row.
 * `lane_sequence`: the journal entry a row came from, n of the bulk lane, −n of the alarm lane, 0 = before this version.
 */
const DAY_MS = 86_400_000;

const rollUp = (table: string): string =>
  `create table ${table} (
     partition int2 not null, venue_id text not null, origin text not null, device_id text not null, model text not null,
     at int8 not null, counts int4[] not null, mins float8[] not null, maxs float8[] not null, sums float8[] not null,
     firsts float8[] not null, first_ms int4[] not null, lasts float8[] not null, last_ms int4[] not null,
     primary key (device_id, at, model))`;

const statements = [
  `alter table telemetry rename to telemetry_before`,
  `alter index telemetry_device_at rename to telemetry_before_device_at`,
  `alter index telemetry_identity rename to telemetry_before_identity`,
  `alter table telemetry_before add column lane_sequence int8 not null default 0`,
  `create table telemetry (like telemetry_before including defaults) partition by range (at)`,
  `create index telemetry_device_at on telemetry (device_id, at)`,
  `create index telemetry_identity on telemetry (device_id, epoch, seq)`,
  `create index telemetry_lane_sequence on telemetry (partition, lane_sequence) where lane_sequence <> 0`,
  `create table history_state (
     id int2 primary key check (id = 1), time_zone text, raw_from int8 not null default 0,
     before_until int8, before_device text not null default '', before_at int8 not null default 0,
     before_done boolean not null)`,
  `insert into history_state (id, before_until, before_done)
     select 1, (max(at) / ${DAY_MS} + 1) * ${DAY_MS}, max(at) is null from telemetry_before`,
  `do $$
   declare until int8 := (select before_until from history_state);
   begin
     if until is null then
       drop table telemetry_before;
     else
       execute format('alter table telemetry attach partition telemetry_before for values from (minvalue) to (%s)', until);
     end if;
   end $$`,
  `create table telemetry_default partition of telemetry default`,
  `create index telemetry_default_at on telemetry_default (at)`,

  `${rollUp('telemetry_minute')} partition by range (at)`,
  `${rollUp('telemetry_quarter')} partition by range (at)`,
  rollUp('telemetry_day'),
  // Per slice of the partition's devices (history/cell.ts), 16 numbers each: rows of entries up to (bulk, alarm) are in
  // the roll-ups, and everything that was stored before the instant "at".
  `create table history_rolled (
     partition int2 primary key, bulk int8[] not null, alarm int8[] not null, at int8[] not null)`,
  `create table history_drop (
     id int8 generated always as identity primary key, kind text not null, name text not null, dropped_at int8 not null,
     until_at int8 not null, row_count int8 not null, bytes int8 not null)`,

  // One partition, once; false when it is there, or when the default partition holds rows of it: they stay there.
  `create function history_partition(parent text, name text, low int8, high int8) returns boolean language plpgsql as $$
   begin
     perform pg_advisory_xact_lock(7215, 15);
     if to_regclass(name) is not null then return false; end if;
     execute format('create table %I (like %I including defaults)', name, parent);
     begin
       execute format('alter table %I attach partition %I for values from (%s) to (%s)', parent, name, low, high);
     exception when check_violation or invalid_object_definition then
       execute format('drop table %I', name);
       return false;
     end;
     return true;
   end $$`,
];

export const history: Migration = {
  version: 15,
  name: 'history',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Migration } from '../migrate.ts';

/** SQLSTATE of a class that PostgreSQL does not use. */
const OVERTAKEN = 'FS002';

/** History where several processes write it at the same time, each for partitions of its own. */
const statements = [
  // As before; and a partition that is there is seen without waiting for whoever makes another one.
  `create or replace function history_partition(parent text, name text, low int8, high int8) returns boolean
   language plpgsql as $$
   begin
     if to_regclass(name) is not null then return false; end if;
     perform pg_advisory_xact_lock(7215, 15);
     -- That it was not there is remembered until a table is locked: only then the second look is a new one.
     execute format('lock table %I in share update exclusive mode', parent);
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

  // Ends a transaction that would add to roll-ups what another process has added to meanwhile.
  `create function history_require(holds boolean) returns void language plpgsql as $$
   begin
     if not holds then
       raise exception 'another process has written to these roll-ups' using errcode = '${OVERTAKEN}';
     end if;
   end $$`,
  // Partitions whose roll-ups go as far as said, and stay so until the transaction ends: arrays of SLICES as text.
  `create function history_require_rolled(partitions int2[], bulks text[], alarms text[]) returns void
   language plpgsql as $$
   declare zeroes int8[] := array_fill(0::int8, array[16]);
   begin
     insert into history_rolled (partition, bulk, alarm, at)
       select p, zeroes, zeroes, zeroes from unnest(partitions) p order by p on conflict do nothing;
     perform 1 from history_rolled where partition = any(partitions) order by partition for update;
     perform history_require(not exists (
       select 1 from unnest(partitions, bulks, alarms) k (partition, bulk, alarm) join history_rolled r using (partition)
       where r.bulk <> k.bulk::int8[] or r.alarm <> k.alarm::int8[]));
   end $$`,
];

export const historyShare: Migration = {
  version: 16,
  name: 'history-share',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

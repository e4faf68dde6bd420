import type { Step, Store } from '../store/store.ts';

/** Any number; it keeps two centres that start together from making the same objects at once. */
const ADVISORY_LOCK = 7_339_826_875;

/** SQLSTATE of a transaction whose process does not lead, or does not have the shard, any more; a class that PostgreSQL does not use. */
export const STALE_EPOCH = 'FS001';

/**
 * Made before the migrations, because who migrates is decided here; never changed by one, so that every version reads it.
 * Two tables: a transaction holds a share lock on the epoch while it runs, and a renewal must not wait for it.
 */
const statements = [
  `select pg_advisory_xact_lock(${ADVISORY_LOCK})`,
  `create table if not exists centre_epoch (
     id int2 primary key default 1 check (id = 1), epoch int8 not null, holder text not null, session text not null,
     command_key text not null, taken_at timestamptz not null default now())`,
  `create table if not exists centre_beat (
     id int2 primary key default 1 check (id = 1), epoch int8 not null, beat int8 not null, released bool not null)`,
  `insert into centre_epoch (epoch, holder, session, command_key) values (0, '', '', '') on conflict do nothing`,
  `insert into centre_beat (epoch, beat, released) values (0, 0, true) on conflict do nothing`,
  `create or replace function fengsui_require_epoch(expected int8) returns void language plpgsql as $$
   begin
     perform 1 from centre_epoch where id = 1 and epoch = expected for share;
     if not found then
       raise exception 'epoch % is over: another centre leads', expected using errcode = '${STALE_EPOCH}';
     end if;
   end $$`,
  // Who applies a shard: a session of a worker, or '' for the centre that leads. Rows are there once a worker has come.
  `create table if not exists centre_share (shard int2 primary key, epoch int8 not null, session text not null)`,
  `create or replace function fengsui_require_shares(held_by text, shards int2[], epochs int8[]) returns void language plpgsql as $$
   declare
     held int;
   begin
     select count(*) into held from (
       select 1 from centre_share c join unnest(shards, epochs) as wanted (shard, epoch) using (shard, epoch)
       where c.session = held_by for share of c) as locked;
     if held < cardinality(shards) then
       raise exception 'a shard of % is another process''s by now', held_by using errcode = '${STALE_EPOCH}';
     end if;
   end $$`,
];

export async function makeLeaseTables(store: Store): Promise<void> {
  await store.commit(statements.map((sql): Step => ({ kind: 'sql', sql })));
}

/** The first step of a transaction: it fails as a whole unless this epoch still stands when it commits. */
export const requireEpoch = (epoch: number): Step => ({
  kind: 'sql',
  sql: 'select fengsui_require_epoch($1)',
  params: [epoch],
});

/** The first step of a worker's transaction: it fails as a whole unless the session still has these shards. */
export const requireShares = (session: string, held: ReadonlyMap<number, number>): Step => ({
  kind: 'sql',
  sql: 'select fengsui_require_shares($1, $2::int2[], $3::int8[])',
  params: [session, [...held.keys()], [...held.values()]],
});

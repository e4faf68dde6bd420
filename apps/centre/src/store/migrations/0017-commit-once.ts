import type { Migration } from '../migrate.ts';

/** SQLSTATE of a class that PostgreSQL does not use: what a transaction brings has been applied by an earlier one. */
export const ALREADY_APPLIED = 'FS003';

const statements = [
  // Written to, not read: a transaction that is still under way, whoever waits for its answer, is waited for.
  `create function fengsui_require_unapplied(of_lane text, of_partition int2, of_sequence int8) returns void
   language plpgsql as $$
   declare applied int8;
   begin
     insert into checkpoint as c (lane, partition, sequence) values (of_lane, of_partition, 0)
       on conflict (lane, partition) do update set sequence = c.sequence returning sequence into applied;
     if applied >= of_sequence then
       raise exception 'lane % is applied through % in partition %', of_lane, applied, of_partition
         using errcode = '${ALREADY_APPLIED}';
     end if;
   end $$`,
];

export const commitOnceGuard: Migration = {
  version: 17,
  name: 'commit-once',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};

import type { Store } from '../store/store.ts';

const ATTACHED = (parent: string): string =>
  `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = '${parent}'::regclass`;

/** The partitions of a table by name. */
export async function partitionsOf(store: Store, parent: string): Promise<readonly string[]> {
  return (await store.query(`${ATTACHED(parent)} order by 1`)).map(({ name }) => name as string);
}

/** Raw days that were taken out of `telemetry` and not dropped yet. */
export async function detachedTables(store: Store): Promise<readonly string[]> {
  const rows = await store.query(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace ` +
      `and relname ~ '^telemetry_([0-9]{8}|before)$' and relname not in (${ATTACHED('telemetry')}) order by 1`,
  );
  return rows.map(({ name }) => name as string);
}

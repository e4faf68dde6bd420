import { createPostgresStore } from '../../apps/centre/src/store/postgres-store.ts';

/** The same database as a user who may read it and write nothing. */
export async function createReadingUser(url: string): Promise<string> {
  const store = await createPostgresStore({ url });
  const statements = [`create role reader login password 'reader'`, 'grant pg_read_all_data to reader'];
  await store.commit(statements.map((sql) => ({ kind: 'sql', sql })));
  await store.close();
  const reader = new URL(url);
  reader.username = 'reader';
  reader.password = 'reader';
  return reader.href;
}

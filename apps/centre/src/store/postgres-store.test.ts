import { after, before } from 'node:test';
import { startPostgresServer } from '../../../../tools/servers/postgres-server.ts';
import type { PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { createPostgresStore } from './postgres-store.ts';
import { testStoreConformance } from './store-conformance.ts';
import type { Store } from './store.ts';

let server: PostgresServer;
before(async () => {
  server = await startPostgresServer();
});
after(() => server.stop());
let databases = 0;

async function openEmpty(): Promise<Store> {
  const admin = await createPostgresStore({ url: server.url });
  const name = `test_${databases++}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return createPostgresStore({ url: server.url.replace(/\/postgres$/, `/${name}`) });
}

testStoreConformance({ name: 'PostgreSQL', open: openEmpty });

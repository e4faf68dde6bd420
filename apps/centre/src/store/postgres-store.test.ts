import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startPostgresServer } from '../../../../tools/servers/postgres-server.ts';
import type { PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { encodeCopyBinary } from './copy-binary.ts';
import { createPostgresStore } from './postgres-store.ts';
import { COPY_COLUMNS, SAMPLES, testStoreConformance } from './store-conformance.ts';
import { isStoreError } from './store-error.ts';
import type { StoreErrorCode } from './store-error.ts';
import type { Step, Store } from './store.ts';

let server: PostgresServer;
before(async () => {
  server = await startPostgresServer();
});
after(() => server.stop());
let databases = 0;

async function emptyDatabase(): Promise<string> {
  const admin = await createPostgresStore({ url: server.url });
  const name = `test_${databases++}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return server.url.replace(/\/postgres$/, `/${name}`);
}

async function openEmpty(): Promise<Store> {
  return createPostgresStore({ url: await emptyDatabase() });
}

testStoreConformance({ name: 'PostgreSQL', open: openEmpty });

const hasCode =
  (code: StoreErrorCode) =>
  (error: unknown): boolean =>
    isStoreError(error, code);
const insert = (id: number): Step => ({ kind: 'sql', sql: 'INSERT INTO t VALUES ($1)', params: [id] });
const createTable: Step = { kind: 'sql', sql: 'CREATE TABLE t (id int4 PRIMARY KEY)' };

test('a server that cannot be reached is code connection', async () => {
  await assert.rejects(createPostgresStore({ url: 'postgres://x@127.0.0.1:1/x' }), hasCode('connection'));
});

test('a database of another encoding is refused', async () => {
  const admin = await createPostgresStore({ url: server.url });
  await admin.query(`CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0`);
  await admin.close();
  const url = server.url.replace(/\/postgres$/, '/latin');
  await assert.rejects(createPostgresStore({ url }), /UTF8 is expected, this one is LATIN1/);
});

test('the session decides how values look, whatever the defaults of the database', async () => {
  const url = await emptyDatabase();
  const admin = await createPostgresStore({ url });
  const name = new URL(url).pathname.slice(1);
  const strange = [
    'TimeZone = "Asia/Shanghai"',
    'bytea_output = escape',
    'DateStyle = German',
    'extra_float_digits = -3',
  ];
  for (const setting of strange) await admin.query(`ALTER DATABASE ${name} SET ${setting}`);
  await admin.query(`ALTER DATABASE ${name} SET default_transaction_isolation = serializable`);
  await admin.close();
  const store = await createPostgresStore({ url });
  const rows = await store.query(
    `SELECT to_timestamp(0) AS instant, '\\x00ff'::bytea AS bytes, '2026-03-01'::date AS day, 0.1::float8 + 0.2 AS real,
       current_setting('transaction_isolation') AS isolation`,
  );
  assert.deepStrictEqual(rows, [
    {
      instant: '1970-01-01 00:00:00+00',
      bytes: Uint8Array.of(0, 255),
      day: '2026-03-01',
      real: 0.30000000000000004,
      isolation: 'read committed',
    },
  ]);
  await store.close();
});

test('the bytes of a copy are those which this server writes for the same rows', async () => {
  const url = await emptyDatabase();
  const store = await createPostgresStore({ url });
  await store.commit([
    { kind: 'sql', sql: `CREATE TABLE sample (${COPY_COLUMNS.map((c) => c.join(' ')).join(', ')})` },
  ]);
  // jsonb in the server's own spelling, because it does not keep the spaces of its input.
  const rows = SAMPLES.map((sample) =>
    sample.map((value) => (value === '{"a":[1,null]}' ? '{"a": [1, null]}' : value)),
  );
  const step = { kind: 'copy', table: 'sample', columns: COPY_COLUMNS, rows } as const;
  const sent = encodeCopyBinary(step);
  await store.commit([step]);
  await store.close();
  const command = ['-X', '-c', 'COPY sample TO STDOUT (FORMAT binary)', url];
  const { stdout } = await promisify(execFile)(path.join(server.binFolder, 'psql'), command, {
    encoding: 'buffer',
    timeout: 60_000,
  });
  assert.equal(Buffer.from(sent).toString('hex'), stdout.toString('hex'));
});

test('kill -9 of the server loses nothing that was reported; the store works again after its restart', async () => {
  const store = await openEmpty();
  await store.commit([createTable]);
  const reported: number[] = [];
  let failure: unknown;
  const writer = (async () => {
    for (let id = 0; failure === undefined; id++) {
      await store.commit([insert(id)]).then(
        () => reported.push(id),
        (error: unknown) => (failure = error),
      );
    }
  })();
  while (reported.length < 100) await sleep(5);
  await server.kill9();
  await writer;
  assert.ok(hasCode('connection')(failure) || hasCode('unknownOutcome')(failure), String(failure));
  await assert.rejects(store.query('SELECT 1'), hasCode('connection'));
  await server.restart();
  const rows = await store.query('SELECT id FROM t ORDER BY id');
  assert.deepStrictEqual(
    rows.slice(0, reported.length),
    reported.map((id) => ({ id })),
  );
  // At most the one commit of unknown outcome more.
  assert.ok(rows.length - reported.length <= 1);
  await store.commit([insert(1_000_000)]);
  await store.close();
});

test('a commit whose answer is lost is code unknownOutcome, whether the server kept it or not', async () => {
  const url = await emptyDatabase();
  const direct = await createPostgresStore({ url });
  await direct.commit([createTable]);
  for (const [id, kept] of [
    [1, true],
    [2, false],
  ] as const) {
    const proxy = await startProxy(url, { cutAt: 'COMMIT', forwardIt: kept });
    const store = await createPostgresStore({ url: proxy.url });
    await assert.rejects(store.commit([insert(id)]), hasCode('unknownOutcome'));
    await eventually(async () => (await direct.query('SELECT 1 FROM t WHERE id = $1', [id])).length === (kept ? 1 : 0));
    await store.close();
    proxy.close();
  }
  await direct.close();
});

test('a connection lost before COMMIT is code connection and nothing happened', async () => {
  const url = await emptyDatabase();
  const direct = await createPostgresStore({ url });
  await direct.commit([createTable]);
  const proxy = await startProxy(url, { cutAt: 'INSERT', forwardIt: true });
  const store = await createPostgresStore({ url: proxy.url });
  await assert.rejects(store.commit([insert(1)]), hasCode('connection'));
  await store.close();
  proxy.close();
  assert.deepStrictEqual(await direct.query('SELECT count(*) AS n FROM t'), [{ n: 0 }]);
  await direct.close();
});

test('a server that stops answering ends a commit after its time limit', async () => {
  const url = await emptyDatabase();
  const direct = await createPostgresStore({ url });
  await direct.commit([createTable]);
  for (const [swallowAt, code] of [
    ['COMMIT', 'unknownOutcome'],
    ['INSERT', 'connection'],
  ] as const) {
    const proxy = await startProxy(url, { swallowAt });
    const store = await createPostgresStore({ url: proxy.url, commitTimeoutMs: 300 });
    await assert.rejects(store.commit([insert(1)]), hasCode(code));
    await store.close();
    proxy.close();
  }
  await direct.close();
});

type Fault =
  | { readonly cutAt: string; readonly forwardIt: boolean }
  /** From this text on nothing is forwarded, and the connection stays open. */
  | { readonly swallowAt: string };

/** Passes everything on to the server until the client sends a text, then does what the fault says. */
async function startProxy(url: string, fault: Fault): Promise<{ readonly url: string; close(): void }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    let swallowing = false;
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if ('swallowAt' in fault) swallowing ||= text.includes(fault.swallowAt);
      else if (text.includes(fault.cutAt)) {
        client.destroy();
        if (fault.forwardIt) upstream.end(bytes);
        else upstream.destroy();
        return;
      }
      if (!swallowing) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.writable && client.write(bytes));
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const proxied = new URL(url);
  proxied.port = String((listener.address() as AddressInfo).port);
  return {
    url: proxied.href,
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds()); await sleep(20)) {
    assert.ok(Date.now() < deadline, 'did not become true within 60 s');
  }
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROWS_PER_BATCH } from './kill-writer.ts';
import { createPgliteStore } from './pglite-store.ts';
import { testStoreConformance } from './store-conformance.ts';
import { isStoreError } from './store-error.ts';
import type { StoreErrorCode } from './store-error.ts';

const root = await mkdtemp(path.join(os.tmpdir(), 'fengsui-store-'));
after(() => rm(root, { recursive: true, force: true }));
let folders = 0;
const emptyFolder = (): string => path.join(root, String(folders++));

testStoreConformance({ name: 'PGlite', open: () => createPgliteStore({ folder: emptyFolder() }) });

const hasCode =
  (code: StoreErrorCode) =>
  (error: unknown): boolean =>
    isStoreError(error, code);

test('each commit asks the disk at least once to keep it', { timeout: 400_000 }, async () => {
  const store = await createPgliteStore({ folder: emptyFolder() });
  await store.commit([{ kind: 'sql', sql: 'CREATE TABLE t (id int4)' }]);
  const before = await store.fsyncCount();
  for (let i = 0; i < 25; i++) await store.commit([{ kind: 'sql', sql: 'INSERT INTO t VALUES ($1)', params: [i] }]);
  const fsyncs = (await store.fsyncCount()) - before;
  assert.ok(fsyncs >= 25, `${fsyncs} fsyncs for 25 commits`);
  // The other way round: what writes nothing asks for nothing, so the counter counts commits and not calls.
  for (let i = 0; i < 25; i++) await store.query('SELECT 1');
  assert.equal((await store.fsyncCount()) - before, fsyncs);
  await store.close();
});

test('what was committed is there after close and reopening', { timeout: 400_000 }, async () => {
  const folder = emptyFolder();
  const first = await createPgliteStore({ folder });
  await first.commit([{ kind: 'sql', sql: 'CREATE TABLE t AS SELECT 42 AS answer' }]);
  await first.close();
  const second = await createPgliteStore({ folder });
  assert.deepStrictEqual(await second.query('SELECT answer FROM t'), [{ answer: 42 }]);
  await second.close();
});

test('a second store on the same folder is refused and the first goes on', { timeout: 400_000 }, async () => {
  const folder = emptyFolder();
  const store = await createPgliteStore({ folder });
  await assert.rejects(createPgliteStore({ folder }), { code: 'folderInUse' });
  assert.deepStrictEqual(await store.query('SELECT 1 AS x'), [{ x: 1 }]);
  await store.close();
});

test(
  'a folder which is no database is refused with the reason and the lock is free again',
  { timeout: 400_000 },
  async () => {
    const folder = emptyFolder();
    const store = await createPgliteStore({ folder });
    await store.close();
    await writeFile(path.join(folder, 'pglite/cluster/PG_VERSION'), '9.6\n');
    const outcome = createPgliteStore({ folder });
    await assert.rejects(outcome, (error) => hasCode('connection')(error) && /incompatible/.test(String(error)));
    await writeFile(path.join(folder, 'pglite/cluster/PG_VERSION'), '18\n');
    await (await createPgliteStore({ folder })).close();
  },
);

test('when the engine dies, all that waits and all later calls reject at once', { timeout: 400_000 }, async () => {
  const lines: string[] = [];
  const folder = emptyFolder();
  const store = await createPgliteStore({ folder, log: (line) => lines.push(line) });
  // Without its WAL folder PostgreSQL cannot begin the next segment and stops with PANIC.
  await rm(path.join(folder, 'pglite/cluster/pg_wal'), { recursive: true });
  const broken = store.commit([
    { kind: 'sql', sql: 'SELECT pg_switch_wal()' },
    { kind: 'sql', sql: 'CREATE TABLE t AS SELECT g FROM generate_series(1, 300000) g' },
  ]);
  const waiting = store.commit([{ kind: 'sql', sql: 'SELECT 1' }]);
  const query = store.query('SELECT 1');
  await Promise.all([
    assert.rejects(broken, hasCode('unknownOutcome')),
    assert.rejects(waiting, hasCode('unknownOutcome')),
    assert.rejects(query, hasCode('connection')),
  ]);
  await assert.rejects(store.query('SELECT 1'), hasCode('connection'));
  await store.close();
  assert.match(lines.at(-1) ?? '', /embedded store stopped: PANIC: .*pg_wal/);
});

test(
  'kill -9 while committing loses nothing that was reported and keeps no half batch',
  { timeout: 400_000 },
  async () => {
    const folder = emptyFolder();
    for (const delayMs of [150, 420, 0]) {
      const reported = await commitUntilKilled(folder, delayMs);
      const store = await createPgliteStore({ folder });
      const [row] = await store.query(
        'SELECT batch, (SELECT count(*) FROM reading) AS rows, (SELECT max(batch) FROM reading) AS newest FROM checkpoint',
      );
      await store.close();
      const batch = Number(row?.['batch']);
      assert.ok(batch === reported || batch === reported + 1, `reported ${reported}, stored ${batch}`);
      assert.deepStrictEqual(row, { batch, rows: batch * ROWS_PER_BATCH, newest: batch });
    }
  },
);

/** Runs the writer, kills it `delayMs` after its first report, returns the last number it reported. */
async function commitUntilKilled(folder: string, delayMs: number): Promise<number> {
  const writer = path.join(import.meta.dirname, 'kill-writer.ts');
  const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close');
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await Promise.race([once(child.stdout, 'data'), closed]);
  await sleep(delayMs);
  child.kill('SIGKILL');
  await closed;
  clearTimeout(limit);
  const lines = output.split('\n').slice(0, -1);
  assert.ok(lines.length > 0, 'the writer reported nothing before it was killed');
  return Number(lines.at(-1));
}

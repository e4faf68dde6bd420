import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createLog } from '../platform/log.ts';
import { openDataFolder } from '../platform/data-folder.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPgliteStore, type PgliteStore } from '../store/pglite-store.ts';
import { backupBeforeMigration } from './before-migration.ts';
import { backupName, beyondKeep } from './backup-name.ts';
import { createBackup } from './create-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { verifyBackup } from './verify-backup.ts';

const run = promisify(execFile);
const newest = migrations.at(-1)?.version ?? 0;
const T0 = Date.UTC(2026, 10, 22, 12, 0, 0);
const ROWS = 200;

let scratch: string;
let folder: string;
let store: PgliteStore;
let whole: string;
/** Rows whose commit had returned when the backup began. */
let committedBefore = 0;

before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-backups-'));
  folder = path.join(scratch, 'data');
  await layMigratedStore(path.join(folder, 'store'));
  await mkdir(path.join(folder, 'keys'));
  await writeFile(path.join(folder, 'keys/command.pem'), 'a key', { mode: 0o600 });
  await mkdir(path.join(folder, 'releases'));
  const longName = `${'long-name-'.repeat(20)}.bin`;
  await writeFile(path.join(folder, 'releases', longName), Buffer.alloc(3_000_000, 'r'));
  await writeFile(path.join(folder, 'pid'), '1');
  store = await createPgliteStore({ folder: path.join(folder, 'store') });
  await store.commit([
    { kind: 'sql', sql: 'CREATE TABLE t (n int8 PRIMARY KEY, x text NOT NULL)' },
    { kind: 'sql', sql: 'CREATE TABLE sum_of (n int8, total int8)' },
  ]);
  whole = path.join(scratch, 'whole.tar.gz');
  let n = 0;
  let isOver = false;
  let committed = 0;
  // Pages that are written again and again while they are copied: a copy without recovery would be torn.
  const writing = (async () => {
    while (!isOver) {
      const rows = Array.from({ length: ROWS }, (_, i) => [n + i, `${n}`.repeat(30)] as const);
      n += ROWS;
      await store.commit([
        { kind: 'copy', table: 't', columns: [['n', 'int8'], ['x', 'text']], rows }, // prettier-ignore
        { kind: 'sql', sql: `UPDATE t SET x = x || 'y' WHERE n % 7 = ${(n / ROWS) % 7}` },
        { kind: 'sql', sql: 'INSERT INTO sum_of SELECT count(*), sum(n) FROM t' },
      ]);
      committed = n;
    }
  })();
  while (committed < 10 * ROWS) await new Promise((resolve) => setTimeout(resolve, 5));
  committedBefore = committed;
  await createBackup({ ...order, to: whole, folder, store });
  isOver = true;
  await writing;
});
after(async () => {
  await store.close();
  await rm(scratch, { recursive: true, force: true });
});

const order = { productVersion: '1.2.3', reason: 'asked', now: () => T0, isGentle: true } as const;

/** The archive with its bytes changed, as a file of its own. */
async function changed(name: string, change: (tar: Buffer) => Buffer): Promise<string> {
  const file = path.join(scratch, name);
  await writeFile(file, gzipSync(change(gunzipSync(await readFile(whole))), { level: 1 }));
  return file;
}

test('a copy made while pages are written is whole after recovery, with every commit up to one moment', async () => {
  const elsewhere = path.join(scratch, 'elsewhere');
  const restored = await restoreBackup({ file: whole, folder: elsewhere });
  assert.equal(restored.header.productVersion, '1.2.3');
  const copy = await createPgliteStore({ folder: path.join(elsewhere, 'store') });
  try {
    const [row] = await copy.query('SELECT count(*) AS n, max(n) AS last, sum(n)::int8 AS total FROM t');
    const n = Number(row?.['n']);
    assert.ok(n >= committedBefore, `${n} rows, ${committedBefore} were committed before`);
    // Rows 0 … n − 1, no hole: their number, the last and the sum (Gauss) say so.
    assert.deepEqual([n % ROWS, row?.['last'], row?.['total']], [0, n - 1, (n * (n - 1)) / 2]);
    const [seen] = await copy.query('SELECT count(*) AS commits, max(n) AS n FROM sum_of');
    assert.deepEqual(seen, { commits: n / ROWS, n });
    await copy.query('SELECT x FROM t ORDER BY x DESC LIMIT 1');
  } finally {
    await copy.close();
  }
  assert.equal(await readFile(path.join(elsewhere, 'keys/command.pem'), 'utf8'), 'a key');
  assert.equal((await stat(path.join(elsewhere, 'keys/command.pem'))).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(elsewhere)).sort(), ['keys', 'releases', 'store']);
  await assert.rejects(restoreBackup({ file: whole, folder: elsewhere }), /is not empty .*nothing is overwritten/);
});

test('the file is its owner’s alone, and any tar lists it', async () => {
  assert.equal((await stat(whole)).mode & 0o777, 0o600);
  const { stdout } = await run('tar', ['tzf', whole], { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
  const names = stdout.trim().split('\n');
  assert.equal(names[0], 'fengsui-backup.json');
  assert.equal(names.at(-1), 'manifest.json');
  assert.ok(names.includes('data/store/pglite/cluster/global/pg_control'));
  assert.ok(names.some((name) => name.startsWith('data/releases/long-name-')));
  assert.ok(
    !names.some((name) => /postmaster[.]pid|control[.]sock|data\/pid/.test(name)),
    'what belongs to the process',
  );
});

test('what is whole is said to be; a flipped bit, a cut end and a missing manifest are found', async () => {
  const { manifest, header } = await verifyBackup(whole);
  assert.equal(header.schemaVersion, newest);
  assert.equal(manifest.asOf, new Date(T0).toISOString());
  const flipped = await changed('flipped.tar.gz', (tar) => {
    const at = tar.indexOf('a key');
    tar.writeUInt8(tar.readUInt8(at) ^ 1, at);
    return tar;
  });
  await assert.rejects(verifyBackup(flipped), /data\/keys\/command[.]pem differs from the manifest/);
  const cut = path.join(scratch, 'cut.tar.gz');
  await writeFile(cut, await readFile(whole));
  await truncate(cut, (await stat(whole)).size - 1000);
  await assert.rejects(verifyBackup(cut), { name: 'BackupError' });
  const headless = await changed('headless.tar.gz', (tar) => {
    const at = tar.lastIndexOf('manifest.json');
    return Buffer.concat([tar.subarray(0, at), Buffer.alloc(1024)]);
  });
  await assert.rejects(verifyBackup(headless), /cut off: its manifest is missing/);
  await assert.rejects(verifyBackup(path.join(scratch, 'absent')), /there is no file/);
  await assert.rejects(verifyBackup(import.meta.filename), /damaged or no backup/);
});

test('a later format, a newer schema and another engine are refused, naming the version that could read them', async () => {
  const withHeader = (name: string, from: RegExp, to: string): Promise<string> =>
    changed(name, (tar) => {
      // The header is the first entry: the same length keeps the archive as it is.
      const text = tar.toString('latin1', 512, 1024);
      const replaced = text.replace(from, to);
      assert.notEqual(replaced, text);
      assert.equal(replaced.length, text.length);
      tar.write(replaced, 512, 'latin1');
      return tar;
    });
  const into = path.join(scratch, 'refused');
  const format = await withHeader('format.tar.gz', /"formatVersion": 1/, '"formatVersion": 9');
  await assert.rejects(restoreBackup({ file: format, folder: into }), /format 9.*use Fengsui 1[.]2[.]3 or newer/);
  const schema = await withHeader('schema.tar.gz', new RegExp(`"schemaVersion": ${newest}`), '"schemaVersion": 99');
  await assert.rejects(restoreBackup({ file: schema, folder: into }), /schema 99.*install Fengsui 1[.]2[.]3 or newer/);
  const engine = await withHeader('engine.tar.gz', /"engineMajor": 18/, '"engineMajor": 77');
  await assert.rejects(restoreBackup({ file: engine, folder: into }), /PostgreSQL 77.*install Fengsui 1[.]2[.]3/);
  await assert.rejects(
    restoreBackup({ file: whole, folder: into, databaseUrl: 'postgres://x@127.0.0.1:1/x' }),
    /embedded store.*unset database[.]url/,
  );
  await assert.rejects(stat(into), { code: 'ENOENT' }, 'nothing was written');
});

test('what is left of a restore that was cut off is no data folder', async () => {
  const flipped = path.join(scratch, 'flipped.tar.gz');
  const half = path.join(scratch, 'half');
  await assert.rejects(restoreBackup({ file: flipped, folder: half }), /differs from the manifest/);
  await assert.rejects(openDataFolder(half), /a restore that was cut off/);
});

test('a backup that fails leaves nothing, and the store goes on making checkpoints', async () => {
  const missing = path.join(scratch, 'full');
  await mkdir(missing);
  await writeFile(path.join(missing, 'file'), '');
  await assert.rejects(createBackup({ ...order, to: path.join(missing, 'file/b.tar.gz'), folder, store }));
  const aborted = path.join(scratch, 'aborted.tar.gz');
  const stop = new AbortController();
  const making = createBackup({
    ...order,
    to: aborted,
    folder,
    store,
    signal: stop.signal,
    onProgress: () => stop.abort('enough'),
  });
  await assert.rejects(making, /enough/);
  assert.deepEqual(
    (await readdir(scratch)).filter((name) => name.startsWith('aborted')),
    [],
  );
  await store.physicalCopy.begin();
  await store.commit([{ kind: 'sql', sql: 'INSERT INTO t VALUES (-1, $1)', params: [''] }]);
  await store.query('CHECKPOINT');
  await assert.rejects(store.physicalCopy.end(), /a checkpoint .* came while it was copied/);
  await createBackup({ ...order, to: path.join(scratch, 'after.tar.gz'), folder, store });
});

test('before a migration a backup is made, two stay, and without it nothing goes on', async () => {
  const backups = path.join(scratch, 'backups');
  const log = createLog({ level: 'error', json: false });
  let at = T0;
  const care = backupBeforeMigration(
    { productVersion: '1.2.3', folder, now: () => (at += 60_000) },
    backups,
    log,
    path.join(folder, 'waiting.jsonl'),
  );
  for (let round = 0; round < 3; round++) await care(store, 3, newest);
  const made = (await readdir(backups)).filter((name) => name.endsWith('.tar.gz')).sort();
  assert.equal(made.length, 2);
  for (const name of made)
    assert.match(name, new RegExp(`^before-schema-3-to-${newest}-20261122T12\\d{4}Z[.]tar[.]gz$`));
  const { header } = await verifyBackup(path.join(backups, made[0] ?? ''));
  assert.equal(header.reason, 'beforeMigration');
  const blocked = path.join(scratch, 'blocked');
  await writeFile(blocked, '');
  await chmod(blocked, 0o600);
  const without = backupBeforeMigration(
    { productVersion: '1.2.3', folder, now: () => T0 },
    blocked,
    log,
    path.join(folder, 'waiting.jsonl'),
  );
  await assert.rejects(
    without(store, 3, newest),
    /schema 3 and needs \d+, but the backup .* failed: .*; nothing was changed/,
  );
});

test('of its own backups the newest stay; others are nobody’s to delete', () => {
  const scheduled = [1, 2, 3].map((day) => backupName('scheduled', T0 + day * 86_400_000));
  const names = [...scheduled, backupName('asked', T0), 'scheduled-by-hand.tar.gz', 'notes.txt'];
  assert.deepEqual(beyondKeep(names, 'scheduled', 2), [backupName('scheduled', T0 + 86_400_000)]);
  assert.deepEqual(beyondKeep(names, 'scheduled', 3), []);
  const migrated = [backupName('beforeMigration', T0, '9-to-12'), backupName('beforeMigration', T0 + 1000, '12-to-15')];
  assert.deepEqual(beyondKeep(migrated, 'beforeMigration', 1), [migrated[0]]);
});

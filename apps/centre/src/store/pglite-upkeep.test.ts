import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { PgliteUpkeep } from './pglite-upkeep.ts';

let database: PGlite;
before(async () => {
  database = await PGlite.create('memory://');
});
after(() => database.close());

const LATER_MS = 400_000;

/** Steps, a second apart, until 10 in a row found nothing to do. */
async function statementsUntilQuiet(upkeep: PgliteUpkeep, fromMs: number): Promise<string[]> {
  // Counts reach the shared statistics once a second only, unless asked for.
  await database.exec('SELECT pg_stat_force_next_flush()');
  const done: string[] = [];
  for (let nowMs = fromMs, quiet = 0; quiet < 10; nowMs += 1_000) {
    const statement = upkeep.isDue(nowMs) ? await upkeep.step(nowMs) : undefined;
    quiet = statement === undefined ? quiet + 1 : 0;
    if (statement !== undefined) done.push(statement);
    assert.ok(done.length < 200, 'upkeep finds no end');
  }
  return done;
}

test('rewritten rows are vacuumed and the statistics made, then nothing is left to do', async () => {
  await database.exec(`CREATE TABLE tally (id int4 PRIMARY KEY, n int4);
    INSERT INTO tally SELECT g, 0 FROM generate_series(1, 2000) g; UPDATE tally SET n = 1`);
  const upkeep = new PgliteUpkeep(database, 0);
  assert.ok((await statementsUntilQuiet(upkeep, LATER_MS)).includes('VACUUM (ANALYZE) public.tally'));
  const { rows } = await database.query(
    `SELECT n_dead_tup::int4 AS dead, vacuum_count::int4 AS vacuums, analyze_count::int4 AS analyses,
       (SELECT reltuples FROM pg_class WHERE relname = 'tally') AS estimate
     FROM pg_stat_user_tables WHERE relname = 'tally'`,
  );
  assert.deepStrictEqual(rows, [{ dead: 0, vacuums: 1, analyses: 1, estimate: 2000 }]);
  assert.deepStrictEqual(await statementsUntilQuiet(upkeep, 2 * LATER_MS), []);
});

test('a WAL of more than 48 MB is cut by a checkpoint', async () => {
  const redo = async (): Promise<unknown> =>
    (await database.query('SELECT redo_lsn::text AS lsn FROM pg_control_checkpoint()')).rows;
  const upkeep = new PgliteUpkeep(database, 0);
  await statementsUntilQuiet(upkeep, LATER_MS);
  const before = await redo();
  await database.exec(
    'CREATE TABLE bulk AS SELECT g, repeat(md5(g::text), 10) AS filler FROM generate_series(1, 10000) g',
  );
  await statementsUntilQuiet(upkeep, 2 * LATER_MS);
  assert.deepStrictEqual(await redo(), before, 'some MB of WAL are no reason');
  await database.exec('INSERT INTO bulk SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 150000) g');
  assert.ok((await statementsUntilQuiet(upkeep, 3 * LATER_MS)).includes('CHECKPOINT'));
  assert.notDeepStrictEqual(await redo(), before);
});

test('it is due after 5 s and goes ahead of requests when 30 s late', () => {
  const upkeep = new PgliteUpkeep(database, 1_000);
  assert.deepStrictEqual([upkeep.isDue(5_999), upkeep.isDue(6_000)], [false, true]);
  assert.deepStrictEqual([upkeep.isOverdue(35_999), upkeep.isOverdue(36_000)], [false, true]);
});

/**
 * Child process of the kill tests: commits batches for ever, each batch of rows with its number in one transaction,
 * and writes the number to stdout once the commit was reported done.
 */
import process from 'node:process';
import { createPgliteStore } from './pglite-store.ts';

export const ROWS_PER_BATCH = 20;

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('usage: kill-writer.ts FOLDER');
  const store = await createPgliteStore({ folder });
  await store.commit([
    { kind: 'sql', sql: 'CREATE TABLE IF NOT EXISTS reading (batch int4, row int4, PRIMARY KEY (batch, row))' },
    { kind: 'sql', sql: 'CREATE TABLE IF NOT EXISTS checkpoint (id int4 PRIMARY KEY, batch int4)' },
    { kind: 'sql', sql: 'INSERT INTO checkpoint VALUES (1, 0) ON CONFLICT DO NOTHING' },
  ]);
  const [row] = await store.query('SELECT batch FROM checkpoint');
  for (let batch = Number(row?.['batch']) + 1; ; batch++) {
    const columns = [
      ['batch', 'int4'],
      ['row', 'int4'],
    ] as const;
    const rows = Array.from({ length: ROWS_PER_BATCH }, (_, i) => [batch, i]);
    await store.commit([
      { kind: 'copy', table: 'reading', columns, rows },
      { kind: 'sql', sql: 'UPDATE checkpoint SET batch = $1', params: [batch] },
    ]);
    // A pipe is written synchronously: the parent has the number even when this process dies in the next moment.
    process.stdout.write(`${batch}\n`);
  }
}

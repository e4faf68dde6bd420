import type { PGlite, Results } from '@electric-sql/pglite';
import type { WireStep } from './pglite-messages.ts';
import { statementPlace } from './statement.ts';

/** The engine answered without saying what it did: it aborted inside, and PGlite swallowed that. */
class EngineBrokenError extends Error {
  constructor(place: string) {
    super(`${place}: the engine gave no answer`);
    this.name = 'EngineBrokenError';
  }
}

/** One statement outside a transaction. */
export async function runQuery(database: PGlite, step: WireStep): Promise<unknown[]> {
  return runStep(database, step);
}

/**
 * All steps and COMMIT, or ROLLBACK and the error. PGlite's own `transaction()` takes a COMMIT without any answer for
 * success; here only the answer COMMIT counts.
 */
export async function runTransaction(database: PGlite, steps: readonly WireStep[]): Promise<unknown[][]> {
  await control(database, 'BEGIN');
  const results: unknown[][] = [];
  try {
    for (const [index, step] of steps.entries()) results.push(await runStep(database, step, index));
  } catch (error) {
    if (!(error instanceof EngineBrokenError)) await control(database, 'ROLLBACK');
    throw error;
  }
  await control(database, 'COMMIT');
  return results;
}

async function control(database: PGlite, statement: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): Promise<void> {
  const [result] = await database.exec(statement);
  if (result?.command !== statement) throw new EngineBrokenError(statement);
}

async function runStep(database: PGlite, step: WireStep, index?: number): Promise<unknown[]> {
  let results: Results;
  try {
    results =
      'copy' in step
        ? await database.query(step.sql, [], { blob: new Blob([step.copy]) })
        : await database.query(step.sql, [...step.params]);
  } catch (error) {
    if (error instanceof Error) error.message = `${statementPlace(step.sql, index)}: ${error.message}`;
    throw error;
  }
  // An empty statement has no command either; one that is not empty must have.
  if (results.command === undefined && !(await isAlive(database))) {
    throw new EngineBrokenError(statementPlace(step.sql, index));
  }
  return results.rows;
}

async function isAlive(database: PGlite): Promise<boolean> {
  const { rows } = await database.query<{ alive: number }>('SELECT 1 AS alive');
  return rows[0]?.alive === 1;
}

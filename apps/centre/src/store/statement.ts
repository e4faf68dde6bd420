import { StoreError } from './store-error.ts';
import type { CopyStep } from './copy-binary.ts';

const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * The COPY statement of a step, reading from `source` (`STDIN`, or the embedded engine's `'/dev/blob'`).
 *
 * @throws StoreError `input` for a table or column which is not a plain lower-case identifier.
 */
export function copyStatement({ table, columns }: CopyStep, source: string): string {
  const names = columns.map(([name]) => identifier(name)).join(', ');
  return `COPY ${identifier(table)} (${names}) FROM ${source} WITH (FORMAT binary)`;
}

/** Where an error happened, for its message: the step of a commit (from 0) and the statement's first 160 characters. */
export function statementPlace(sql: string, stepIndex?: number): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  const excerpt = line.length <= 160 ? line : `${line.slice(0, 159)}…`;
  return stepIndex === undefined ? excerpt : `step ${stepIndex}: ${excerpt}`;
}

function identifier(name: string): string {
  if (IDENTIFIER.test(name)) return `"${name}"`;
  throw new StoreError(
    'input',
    `copy: expected a name like gas_reading (${String(IDENTIFIER)}), got ${JSON.stringify(name)}`,
  );
}

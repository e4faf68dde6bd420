import { UsageError } from './command.ts';

/** How many rows a list shows without `--limit`. */
export const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 10_000;

/** What `--limit` says. @throws UsageError */
export function limitOf(text: string = String(DEFAULT_LIMIT)): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= HIGHEST_LIMIT) return count;
  throw new UsageError(`--limit ${text}: expected 1 to ${HIGHEST_LIMIT}`);
}

/** Of every command that lists rows, for `parseArgs`. */
export const listOptions = {
  limit: { type: 'string' },
  json: { type: 'boolean' },
  data: { type: 'string' },
} as const;

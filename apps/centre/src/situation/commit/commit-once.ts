import type { Lane } from '../../journal/entry.ts';
import { ALREADY_APPLIED } from '../../store/migrations/0017-commit-once.ts';
import { isStoreError, type StoreError, type StoreErrorCode } from '../../store/store-error.ts';
import type { Step, Store } from '../../store/store.ts';

export type CommitOutcome = 'committed' | { readonly refused: string };

/** The store will never take these steps: trying again is of no use. */
const REFUSED_FOR_GOOD: readonly StoreErrorCode[] = ['input', 'range', 'unique', 'constraint', 'sql'];

/** Of what a commit applies: the entry it is told by. */
export type Newest = { readonly lane: Lane; readonly partition: number; readonly sequence: number };

/**
 * A commit that happens once, however often it is tried: call what is returned until it does not throw. Once an answer
 * was lost with the connection, every further try makes sure in its own transaction that none before it happened, nor is
 * still under way.
 *
 * @returns a function that throws what may pass.
 */
export function commitOnce(store: Store, steps: readonly Step[], newest: Newest): () => Promise<CommitOutcome> {
  let isInDoubt = false;
  return async () => {
    try {
      await store.commit(isInDoubt ? [requireUnapplied(newest), ...steps] : steps);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      if (error.sqlState === ALREADY_APPLIED) return 'committed';
      if (REFUSED_FOR_GOOD.includes(error.code) && !isEngineFault(error)) return { refused: error.message };
      isInDoubt ||= error.code === 'unknownOutcome';
      throw error;
    }
    return 'committed';
  };
}

const requireUnapplied = ({ lane, partition, sequence }: Newest): Step => ({
  kind: 'sql',
  sql: 'select fengsui_require_unapplied($1, $2::int2, $3::int8)',
  params: [lane, partition, sequence],
});

/** SQLSTATE classes 58 (system error: a file is gone or cannot be read) and XX (internal error, damaged data). */
const isEngineFault = ({ sqlState }: StoreError): boolean => /^(58|XX)/.test(sqlState ?? '');

/** The embedded engine is gone, or what it stands on is: only a new process can open it again, or say why not. */
export function hasEngineStopped(store: Store, error: unknown): boolean {
  if (store.engine !== 'pglite' || !isStoreError(error)) return false;
  return error.code === 'connection' || error.code === 'unknownOutcome' || isEngineFault(error);
}

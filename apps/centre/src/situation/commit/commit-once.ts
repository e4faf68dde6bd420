import type { Lane } from '../../journal/entry.ts';
import { isStoreError, type StoreError, type StoreErrorCode } from '../../store/store-error.ts';
import type { Step, Store } from '../../store/store.ts';

export type CommitOutcome = 'committed' | { readonly refused: string };

/** The store will never take these steps: trying again is of no use. */
const REFUSED_FOR_GOOD: readonly StoreErrorCode[] = ['input', 'range', 'unique', 'constraint', 'sql'];

/** Throws what may pass. Of a commit whose answer was lost with the connection, the checkpoint tells whether it happened. */
export async function commitOnce(
  store: Store,
  steps: readonly Step[],
  newest: { readonly lane: Lane; readonly partition: number; readonly sequence: number },
): Promise<CommitOutcome> {
  try {
    await store.commit(steps);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    if (REFUSED_FOR_GOOD.includes(error.code) && !isEngineFault(error)) return { refused: error.message };
    if (error.code !== 'unknownOutcome' || store.engine === 'pglite') throw error;
    const sql = 'select sequence from checkpoint where lane = $1 and partition = $2';
    const [row] = await store.query(sql, [newest.lane, newest.partition]);
    if (row === undefined || (row['sequence'] as number) < newest.sequence) throw error;
  }
  return 'committed';
}

/** SQLSTATE classes 58 (system error: a file is gone or cannot be read) and XX (internal error, damaged data). */
const isEngineFault = ({ sqlState }: StoreError): boolean => /^(58|XX)/.test(sqlState ?? '');

/** The embedded engine is gone, or what it stands on is: only a new process can open it again, or say why not. */
export function hasEngineStopped(store: Store, error: unknown): boolean {
  if (store.engine !== 'pglite' || !isStoreError(error)) return false;
  return error.code === 'connection' || error.code === 'unknownOutcome' || isEngineFault(error);
}

import { readShare } from '../situation/read-share.ts';
import type { Store } from '../store/store.ts';
import type { Commissioning } from './commissioning.ts';
import type { KeptAcceptance, KeptTest, KeptTrial } from './kept-test.ts';

/** The newest test of each venue, the newest acceptance of each of those, and all trials. */
export async function restoreCommissioning(
  commissioning: Commissioning,
  store: Store,
  partitions: readonly number[] | undefined,
): Promise<void> {
  const tests = { select: 'select doc from commissioning_test', order: `order by (doc->>'startedAt')::int8` };
  for (const row of await readShare(store, partitions, tests)) {
    const test = row['doc'] as KeptTest;
    commissioning.tests.set(test.place.venueId, test);
  }
  const newest = [...commissioning.tests.values()].map(({ id }) => id);
  const acceptances = `select doc from acceptance where doc->>'testId' = any($1::text[]) order by (doc->>'version')::int8`;
  for (const row of await store.query(acceptances, [newest])) {
    const acceptance = row['doc'] as KeptAcceptance;
    commissioning.acceptances.set(acceptance.testId, acceptance);
  }
  for (const row of await readShare(store, partitions, { select: 'select doc from trial_operation' })) {
    const trial = row['doc'] as KeptTrial;
    commissioning.trials.set(trial.id, trial);
  }
}

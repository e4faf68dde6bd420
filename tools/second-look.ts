import { failedFiles, failedIn, passedIn, type Tally } from './tally.ts';

export type Verdict = {
  readonly passed: number;
  readonly failed: number;
  /** Failed beside others and passed alone: a bug with a name. */
  readonly unstable: readonly { readonly file: string; readonly firstError: string }[];
};

/** More files than these that fail are no accident of a busy machine. */
const MOST_LOOKED_AT = 2;

/**
 * A file that failed while others ran beside it is run once more, alone. Every file counts once: by its second run, if
 * it had one.
 *
 * @param runAlone runs one file with nothing beside it.
 */
export function secondLook(first: Tally, runAlone: (file: string) => Tally): Verdict {
  const suspects = failedFiles(first);
  // '' is a failure that belongs to no file; one file alone has been alone already.
  const isLookedAt = suspects.length <= MOST_LOOKED_AT && !suspects.includes('') && Object.keys(first).length > 1;
  if (!isLookedAt) return { passed: passedIn(first), failed: failedIn(first), unstable: [] };
  const tally = { ...first };
  const unstable: { file: string; firstError: string }[] = [];
  for (const file of suspects) {
    const again = runAlone(file);
    const isCounted = passedIn(again) + failedIn(again) > 0;
    if (!isCounted) continue;
    tally[file] = { passed: passedIn(again), failed: failedIn(again) };
    if (failedIn(again) === 0) unstable.push({ file, firstError: first[file]?.firstError ?? 'no words' });
  }
  return { passed: passedIn(tally), failed: failedIn(tally), unstable };
}

/** The last lines of a run. */
export function verdictWords({ passed, failed, unstable }: Verdict): readonly string[] {
  const counts = `${passed} passed, ${failed} failed`;
  if (unstable.length === 0) return [counts];
  const names = unstable.map(({ file }) => file).join(', ');
  return [
    ...unstable.map(({ file, firstError }) => `unstable (failed, then passed alone): ${file}: ${firstError}`),
    `${counts}, ${unstable.length} unstable: ${names}`,
  ];
}

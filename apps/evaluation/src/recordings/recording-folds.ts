import { recordingKey } from './appliance-recordings.ts';

/**
 * A fold, 0 … foldCount − 1, for each recording: within each label the recordings are dealt in turn by their number,
 * so that every fold has every label and a recording (label + rec) is in one fold only.
 */
export function recordingFolds(
  recordings: readonly { readonly label: string; readonly rec: number }[],
  foldCount: number,
): ReadonlyMap<string, number> {
  const folds = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const recording of [...recordings].sort((a, b) => a.rec - b.rec)) {
    const key = recordingKey(recording);
    if (folds.has(key)) continue;
    const place = seen.get(recording.label) ?? 0;
    folds.set(key, place % foldCount);
    seen.set(recording.label, place + 1);
  }
  return folds;
}

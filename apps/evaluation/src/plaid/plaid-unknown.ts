import { auroc } from '../measures/auroc.ts';
import { trainPlaidModel, type PlaidModelSettings } from './plaid-model.ts';
import type { PlaidSplit } from './plaid-split.ts';
import type { Progress } from '../suite.ts';

/**
 * How well rows of a type nobody taught are told from rows of taught types, in houses nobody saw: for each type, train
 * without it and take the area under the curve of the unknown score. Rows of types the training folder never knew
 * count as unknown in every run. NaN for a type that cannot be judged.
 */
export function unknownAurocByType(
  splits: readonly PlaidSplit[],
  settings: PlaidModelSettings,
  progress: Progress,
): Record<string, number> {
  const types = [...new Set(splits.flatMap(({ train }) => train.map(({ label }) => label)))].sort();
  const areas: Record<string, number> = {};
  for (const type of types) {
    const unknown: number[] = [];
    const known: number[] = [];
    for (const { train, test } of splits) {
      const rows = train.filter(({ label }) => label !== type);
      if (rows.length === 0) continue;
      const model = trainPlaidModel(rows, { ...settings, calibrationFolds: 0 });
      for (const row of test) {
        const score = model.unknownScore(row, model.probabilities(row));
        (model.labels.includes(row.label) ? known : unknown).push(score);
      }
    }
    areas[type] = auroc(unknown, known);
    progress(`unknown ${type}: AUROC ${areas[type].toFixed(3)} over ${unknown.length} unknown, ${known.length} known`);
  }
  return areas;
}

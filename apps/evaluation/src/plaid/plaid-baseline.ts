import { predictEnsemble, trainForest, trainingSetOf } from '@fengsui/fingerprint';
import type { PlaidJudgement } from './plaid-judgement.ts';
import { plainPlaidFeatures } from './plaid-features.ts';
import type { PlaidSplit } from './plaid-split.ts';

/** A plain random forest on 13 features of the table, for comparison on the same split. */
export function judgeByPlainForest(split: PlaidSplit, treeCount: number, seed: number): PlaidJudgement[] {
  const labels = [...new Set(split.train.map(({ label }) => label))].sort();
  const set = trainingSetOf(
    split.train.map(plainPlaidFeatures),
    split.train.map(({ label }) => labels.indexOf(label)),
    labels.length,
  );
  const { model } = trainForest(set, { kind: 'forest', treeCount, seed });
  return split.test
    .filter(({ label }) => labels.includes(label))
    .map((row) => {
      const probabilities = new Float64Array(labels.length);
      predictEnsemble(model, plainPlaidFeatures(row), probabilities);
      return { row, labels, probabilities };
    });
}

import { expectedCalibrationError } from '@fengsui/fingerprint';
import { accuracy, confusionOf, labelScores, macroF1 } from '../measures/classification.ts';
import { plaidFamily } from './plaid-family.ts';
import type { PlaidRow } from './plaid-rows.ts';

/** A row whose label the training folder knows, and what the model said of it. */
export type PlaidJudgement = {
  readonly row: PlaidRow;
  readonly labels: readonly string[];
  readonly probabilities: Float64Array;
};

/** The measures of the suite over judged rows (evaluation-formats.md, "Measures"). */
export function plaidScores(judged: readonly PlaidJudgement[]) {
  const truth = judged.map(({ row }) => row.label);
  const typed = judged.map(({ labels, probabilities }) => largest(labels, probabilities));
  const typeNames = typed.map(({ name }) => name);
  const inFamily = judged.filter(({ row }) => plaidFamily(row.label) !== undefined);
  const familyTruth = inFamily.map(({ row }) => plaidFamily(row.label) ?? '');
  const familied = inFamily.map(familyOpinion);
  const familyNames = familied.map(({ name }) => name);
  return {
    typeAccuracy: accuracy(truth, typeNames),
    typeMacroF1: macroF1(truth, typeNames),
    familyAccuracy: accuracy(familyTruth, familyNames),
    familyMacroF1: macroF1(familyTruth, familyNames),
    calibrationError: errorOf(typed, truth),
    familyCalibrationError: errorOf(familied, familyTruth),
    perLabel: Object.fromEntries(labelScores(truth, typeNames).map(({ label, ...scores }) => [label, scores])),
    confusion: confusionOf(truth, typeNames),
  };
}

type Opinion = { readonly name: string; readonly confidence: number };

/** The family whose types together have most probability: better than the family of the likeliest type. */
function familyOpinion({ labels, probabilities }: PlaidJudgement): Opinion {
  const sums = new Map<string, number>();
  labels.forEach((label, k) => {
    const family = plaidFamily(label) ?? label;
    sums.set(family, (sums.get(family) ?? 0) + (probabilities[k] ?? 0));
  });
  return largest([...sums.keys()], [...sums.values()]);
}

function largest(names: readonly string[], shares: ArrayLike<number>): Opinion {
  let best = 0;
  for (let k = 1; k < names.length; k++) if ((shares[k] ?? 0) > (shares[best] ?? 0)) best = k;
  return { name: names[best] ?? '', confidence: Math.min(1, shares[best] ?? NaN) };
}

function errorOf(opinions: readonly Opinion[], truth: readonly string[]): number {
  return expectedCalibrationError(
    opinions.map(({ confidence }) => confidence),
    opinions.map(({ name }, i) => (name === truth[i] ? 1 : 0)),
  );
}

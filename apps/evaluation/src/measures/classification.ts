/** Scores of one label, 0 … 1; NaN where nothing is divided. */
export type LabelScore = {
  readonly label: string;
  readonly count: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

/** Share of rows whose prediction is the truth; NaN without rows. */
export function accuracy(truth: readonly string[], predicted: readonly string[]): number {
  checkPairs(truth, predicted);
  return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}

/** Plain mean of the F1 of all labels that occur in the truth or in the predictions; NaN without rows. */
export function macroF1(truth: readonly string[], predicted: readonly string[]): number {
  const scores = labelScores(truth, predicted);
  return scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
}

/** Precision, recall and F1 = 2·hits / (true + predicted) of each label, sorted by name. */
export function labelScores(truth: readonly string[], predicted: readonly string[]): LabelScore[] {
  checkPairs(truth, predicted);
  const labels = [...new Set([...truth, ...predicted])].sort();
  return labels.map((label) => {
    const count = truth.filter((other) => other === label).length;
    const named = predicted.filter((other) => other === label).length;
    const hits = truth.filter((other, i) => other === label && predicted[i] === label).length;
    return { label, count, precision: hits / named, recall: hits / count, f1: (2 * hits) / (count + named) };
  });
}

/** How often each truth was predicted as what: confusion[truth][predicted]. */
export function confusionOf(
  truth: readonly string[],
  predicted: readonly string[],
): Record<string, Record<string, number>> {
  checkPairs(truth, predicted);
  const confusion: Record<string, Record<string, number>> = {};
  truth.forEach((label, i) => {
    const row = (confusion[label] ??= {});
    const other = predicted[i] ?? '';
    row[other] = (row[other] ?? 0) + 1;
  });
  return confusion;
}

function checkPairs(truth: readonly string[], predicted: readonly string[]): void {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} truths, ${predicted.length} predictions: expected one for each`);
  }
}

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties half (Mann and Whitney).
 * NaN when either side is empty or a score is NaN.
 */
export function auroc(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  const all = [
    ...Array.from(positives, (score) => ({ score, positive: true })),
    ...Array.from(negatives, (score) => ({ score, positive: false })),
  ];
  if (all.some(({ score }) => Number.isNaN(score))) return NaN;
  all.sort((a, b) => a.score - b.score);
  let below = 0;
  let wins = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    let tiedPositives = 0;
    while (end < all.length && all[end]?.score === all[start]?.score) {
      if (all[end]?.positive) tiedPositives++;
      end++;
    }
    const tiedNegatives = end - start - tiedPositives;
    wins += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    start = end;
  }
  return wins / (positives.length * negatives.length);
}

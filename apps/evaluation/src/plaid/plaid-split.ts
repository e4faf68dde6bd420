import { createRandom, groupFolds } from '@fengsui/fingerprint';
import type { PlaidRow } from './plaid-rows.ts';

/** What is trained on and what is judged, no house on both sides. */
export type PlaidSplit = { readonly train: readonly PlaidRow[]; readonly test: readonly PlaidRow[] };

/** Each house once as the test. */
export function leaveOneHouseOut(rows: readonly PlaidRow[]): PlaidSplit[] {
  return [...new Set(rows.map(({ houseKey }) => houseKey))].map((house) => ({
    train: rows.filter(({ houseKey }) => houseKey !== house),
    test: rows.filter(({ houseKey }) => houseKey === house),
  }));
}

/** Fewer, larger folds of whole houses: for what needs many trainings. */
export function houseFolds(rows: readonly PlaidRow[], foldCount: number, seed: number): PlaidSplit[] {
  const houses = [...new Set(rows.map(({ houseKey }) => houseKey))];
  const folds = groupFolds(
    Int32Array.from(rows, ({ houseKey }) => houses.indexOf(houseKey)),
    foldCount,
    createRandom(seed),
  );
  return Array.from({ length: foldCount }, (_, fold) => ({
    train: rows.filter((_row, i) => folds[i] !== fold),
    test: rows.filter((_row, i) => folds[i] === fold),
  })).filter(({ train, test }) => train.length > 0 && test.length > 0);
}

/**
 * Two folders: everything of one, then everything of the other. A house that lies in both is taken out of training:
 * the same flat under two roots would otherwise be judged by its own rows.
 */
export function folderSplit(train: readonly PlaidRow[], test: readonly PlaidRow[]): PlaidSplit {
  const tested = new Set(test.map(({ houseKey }) => houseKey));
  return { train: train.filter(({ houseKey }) => !tested.has(houseKey)), test };
}

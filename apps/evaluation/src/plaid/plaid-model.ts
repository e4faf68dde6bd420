import {
  applyTemperature,
  balancedWeights,
  createRandom,
  fitTemperature,
  groupFolds,
  kernelVotes,
  neighbourDistance,
  predictEnsemble,
  trainForest,
  trainingSetOf,
  trainKernelVote,
  trainNeighbours,
} from '@fengsui/fingerprint';
import { plaidFamily } from './plaid-family.ts';
import { createPlaidFeatures } from './plaid-features.ts';
import type { PlaidRow } from './plaid-rows.ts';

/** A trained recogniser of PLAID rows; every row is judged alone. */
export type PlaidModel = {
  /** Labels of the training rows, sorted: the places of `probabilities`. */
  readonly labels: readonly string[];
  probabilities(row: PlaidRow): Float64Array;
  /** Larger: less like anything learned. Only its order counts. */
  unknownScore(row: PlaidRow, probabilities: Float64Array): number;
};

export type PlaidModelSettings = {
  readonly nominalVoltageV: number;
  readonly seed: number;
  /** Trees in each of the two forests. */
  readonly treeCount: number;
  /** Folds of whole houses that fit the temperature; 0 leaves the ensemble as it is. */
  readonly calibrationFolds: number;
};

/**
 * Two extra-tree forests and a kernel vote, weighted 1 : 1 : ½, then a temperature fitted on houses left out.
 * One forest counts rows as they are, the other evens out classes and repeats of one device.
 */
export function trainPlaidModel(rows: readonly PlaidRow[], settings: PlaidModelSettings): PlaidModel {
  const labels = [...new Set(rows.map(({ label }) => label))].sort();
  const members = trainMembers(rows, labels, settings);
  const temperature = settings.calibrationFolds > 1 ? fitted(rows, labels, settings) : 1;
  const features = members.features;
  const known = trainNeighbours(setOf(rows, labels, features.novelty), { k: 1 });
  const families = labels.map((label) => plaidFamily(label) ?? label);
  return {
    labels,
    probabilities(row) {
      const shares = members.mix(row);
      applyTemperature(shares, temperature);
      return shares;
    },
    unknownScore(row, probabilities) {
      const distance = neighbourDistance(known, features.novelty(row)).distance;
      const byFamily = new Map<string, number>();
      families.forEach((family, k) => byFamily.set(family, (byFamily.get(family) ?? 0) + (probabilities[k] ?? 0)));
      // Far from all devices known, and torn between families. The weight was chosen on the open houses.
      return Math.log(Math.max(distance, 1e-6)) + 2 * (1 - Math.max(...byFamily.values()));
    },
  };
}

function trainMembers(rows: readonly PlaidRow[], labels: readonly string[], settings: PlaidModelSettings) {
  const { seed, treeCount } = settings;
  const features = createPlaidFeatures(rows, settings.nominalVoltageV);
  const treeSet = setOf(rows, labels, features.trees);
  const evenSet = { ...treeSet, weights: balancedWeights(treeSet, { classPower: 0.5, repeatPower: 0.5 }) };
  const spaceSet = setOf(rows, labels, features.space);
  const voteSet = { ...spaceSet, weights: balancedWeights(spaceSet, { classPower: 0.5, repeatPower: 1 }) };
  const plain = trainForest(treeSet, { kind: 'extraTrees', treeCount, seed }).model;
  const even = trainForest(evenSet, { kind: 'extraTrees', treeCount, columnsPerSplit: 8, seed: seed + 1 }).model;
  const vote = trainKernelVote(voteSet, { bandwidth: 0.3 });
  const out = new Float64Array(labels.length);
  return {
    features,
    mix(row: PlaidRow): Float64Array {
      const sum = new Float64Array(labels.length);
      const add = (share: number): void => out.forEach((p, k) => (sum[k] = (sum[k] as number) + share * p));
      const forTrees = features.trees(row);
      predictEnsemble(plain, forTrees, out);
      add(0.4);
      predictEnsemble(even, forTrees, out);
      add(0.4);
      kernelVotes(vote, features.space(row), out);
      add(0.2);
      return sum;
    },
  };
}

/** Temperature from predictions of houses that smaller copies of the ensemble were not trained on. */
function fitted(rows: readonly PlaidRow[], labels: readonly string[], settings: PlaidModelSettings): number {
  const houses = [...new Set(rows.map(({ houseKey }) => houseKey))];
  const groups = Int32Array.from(rows, ({ houseKey }) => houses.indexOf(houseKey));
  const folds = groupFolds(groups, settings.calibrationFolds, createRandom(settings.seed));
  const probabilities: number[] = [];
  const truth: number[] = [];
  for (let fold = 0; fold < settings.calibrationFolds; fold++) {
    const inner = rows.filter((_, i) => folds[i] !== fold);
    if (inner.length === 0 || inner.length === rows.length) continue;
    const members = trainMembers(inner, labels, { ...settings, treeCount: Math.ceil(settings.treeCount / 3) });
    rows.forEach((row, i) => {
      if (folds[i] !== fold) return;
      probabilities.push(...members.mix(row));
      truth.push(labels.indexOf(row.label));
    });
  }
  return truth.length === 0 ? 1 : fitTemperature(Float64Array.from(probabilities), truth, labels.length);
}

function setOf(rows: readonly PlaidRow[], labels: readonly string[], features: (row: PlaidRow) => Float64Array) {
  const houses = new Map<string, number>();
  for (const { houseKey } of rows) if (!houses.has(houseKey)) houses.set(houseKey, houses.size);
  return trainingSetOf(
    rows.map(features),
    rows.map(({ label }) => labels.indexOf(label)),
    labels.length,
    { groups: rows.map(({ houseKey }) => houses.get(houseKey) ?? 0) },
  );
}

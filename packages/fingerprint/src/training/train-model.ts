import { FINGERPRINT_SCHEMA_VERSION } from '../current-fingerprint.ts';
import { balancedWeights } from '../learn/balanced-weights.ts';
import { fitIsotonic, fitTemperature } from '../learn/calibration.ts';
import { discriminantProbabilities, mahalanobisDistances, trainDiscriminant } from '../learn/discriminant.ts';
import { groupFolds } from '../learn/group-folds.ts';
import { createRandom } from '../learn/random.ts';
import { trainForest } from '../learn/train-forest.ts';
import { rowOf, subsetOf, trainingSetOf } from '../learn/training-set.ts';
import type { TrainingSet } from '../learn/training-set.ts';
import { LOAD_FAMILIES } from '../load-family.ts';
import { createSpaceReader, SPACE_FEATURES } from '../model/space-features.ts';
import type { ModelCard, RecognitionModel } from '../model/recognition-model.ts';
import { blend, familyShares, opinionOf } from '../model/type-opinion.ts';
import type { OpinionModel, TypeOpinion } from '../model/type-opinion.ts';
import type { JudgedRows } from './judged-rows.ts';
import { learnDevices } from './learn-devices.ts';
import { namingPolicyOf } from './naming-policy.ts';
import { typesOf } from './training-row.ts';
import type { TrainingRow } from './training-row.ts';
import { typicalRanges } from './typical-ranges.ts';

/** How a model is made. Same rows, settings and seed: the same model. */
export type TrainModelSettings = {
  readonly id: string;
  readonly version: string;
  readonly seed: number;
  readonly card: Pick<ModelCard, 'title' | 'trainedOn' | 'data' | 'split' | 'licence' | 'limits'>;
  /** Default 60. */
  readonly treeCount?: number;
  /** Smallest number of rows in a leaf; default 2. */
  readonly minLeafRows?: number;
  /** Columns drawn at each node of a tree; default 16, about twice the root of their number. */
  readonly columnsPerSplit?: number;
  /** Weight of the linear discriminant beside the forest, 0 … 1; default 0.3; it helps where rows are few. */
  readonly discriminantWeight?: number;
  /** Of the discriminant's covariance, 0 … 1; default 0.1. */
  readonly shrinkage?: number;
};

/**
 * Learns a recognition model: a forest over all features, blended with a linear discriminant, both judged on groups
 * they did not see; from those opinions come the temperatures, the confidence curves, the reach of each type, the
 * naming policy and the numbers of the card.
 *
 * Throws RangeError for rows that cannot be learned from (see `typesOf`) or fewer than 2 groups.
 */
export function trainModel(rows: readonly TrainingRow[], settings: TrainModelSettings): RecognitionModel {
  const types = typesOf(rows);
  const { set, space } = setsOf(rows, types);
  const weights = balancedWeights(set, { classPower: 1, repeatPower: 0.5 });
  const weighted = { ...set, weights };
  const weightedSpace = { ...space, weights };
  const shrinkage = settings.shrinkage ?? 0.1;
  const treeCount = settings.treeCount ?? 60;
  const grown = {
    kind: 'forest',
    minLeafRows: settings.minLeafRows ?? 2,
    columnsPerSplit: settings.columnsPerSplit ?? 16,
    bootstrap: 'groups',
    seed: settings.seed,
  } as const;
  const { model: forest } = trainForest(weighted, { ...grown, treeCount });
  // A row is out of the bag of every third tree or so: judged by fewer trees than the model has it would look less sure.
  const { outOfBag } = trainForest(weighted, {
    ...grown,
    treeCount: Math.ceil(treeCount / OUT_OF_BAG_SHARE),
    outOfBag: true,
  });
  if (outOfBag === undefined) throw new Error('a forest trained with outOfBag gives it');
  const typeSpace = trainDiscriminant(weightedSpace, { shrinkage });
  const unseen = unseenOpinions(weightedSpace, outOfBag, shrinkage, settings.seed);
  const base = {
    types,
    forest,
    discriminantWeight: settings.discriminantWeight ?? 0.3,
    typeSpace,
    typeReach: typeReach(space, unseen.distances, types.length),
  };
  const calibrated = { ...base, ...temperatures(base, set, unseen.shares, space) };
  const judged = judgedRows(calibrated, set, unseen.shares, space);
  const typeCurve = fitIsotonic(judged.typeTop, judged.typeRight);
  const familyCurve = fitIsotonic(judged.familyTop, judged.familyRight);
  const device = learnDevices(space, judged.types, settings.seed);
  const { policy, numbers } = namingPolicyOf(judged, typeCurve, familyCurve);
  return {
    kind: 'recognitionModel',
    schemaVersion: FINGERPRINT_SCHEMA_VERSION,
    id: settings.id,
    version: settings.version,
    ...calibrated,
    typeCurve,
    familyCurve,
    spaceFeatures: SPACE_FEATURES,
    deviceSpace: device.space,
    deviceCurve: device.curve,
    typical: typicalRanges(rows),
    policy: { ...policy, leastDeviceConfidence: device.leastConfidence },
    card: {
      ...settings.card,
      seed: settings.seed,
      rowCount: rows.length,
      groupCount: new Set(rows.map(({ group }) => group)).size,
      numbers: { ...numbers, ...device.numbers },
    },
  };
}

function setsOf(
  rows: readonly TrainingRow[],
  types: readonly { name: string }[],
): { set: TrainingSet; space: TrainingSet } {
  const typeNumber = new Map(types.map(({ name }, index) => [name, index]));
  const groupNumber = new Map<string, number>();
  for (const { group } of rows) if (!groupNumber.has(group)) groupNumber.set(group, groupNumber.size);
  if (groupNumber.size < 2) throw new RangeError(`${groupNumber.size} groups in the rows; expected at least 2`);
  const labels = rows.map(({ type }) => typeNumber.get(type) as number);
  const groups = rows.map(({ group }) => groupNumber.get(group) as number);
  const read = createSpaceReader(SPACE_FEATURES);
  const vectors = rows.map(({ vector }) => vector);
  return {
    set: trainingSetOf(vectors, labels, types.length, { groups }),
    space: trainingSetOf(vectors.map(read), labels, types.length, { groups }),
  };
}

const FOLDS = 5;
/** Part of the bootstrap samples that leave out a given group: 1/e. */
const OUT_OF_BAG_SHARE = 0.368;

type Unseen = {
  /** Row-major rowCount × classCount: forest shares; NaN rows (seen by every tree) are replaced by even shares. */
  readonly forest: Float64Array;
  readonly linear: Float64Array;
};

/** Opinions of learners that did not see the row's group: out of bag for the forest, by folds for the discriminant. */
function unseenOpinions(
  space: TrainingSet,
  outOfBag: Float64Array,
  shrinkage: number,
  seed: number,
): { shares: Unseen; distances: Float64Array } {
  const { rowCount, classCount, groups } = space;
  const linear = new Float64Array(rowCount * classCount);
  const distances = new Float64Array(rowCount * classCount);
  const folds = groupFolds(groups ?? new Int32Array(rowCount), FOLDS, createRandom(seed));
  for (let fold = 0; fold < FOLDS; fold++) {
    const kept = [...folds.keys()].filter((row) => folds[row] !== fold);
    if (kept.length === rowCount || kept.length === 0) continue;
    const learner = trainDiscriminant(subsetOf(space, kept), { shrinkage });
    for (let row = 0; row < rowCount; row++) {
      if (folds[row] !== fold) continue;
      const place = [row * classCount, (row + 1) * classCount] as const;
      discriminantProbabilities(learner, rowOf(space, row), linear.subarray(...place));
      mahalanobisDistances(learner, rowOf(space, row), distances.subarray(...place));
    }
  }
  const forest = outOfBag.map((share) => (Number.isNaN(share) ? 1 / classCount : share));
  return { shares: { forest, linear }, distances };
}

/** The distance that 5 % of a type's held-out rows exceed; a type too rare to tell takes the median of the others. */
function typeReach(space: TrainingSet, distances: Float64Array, typeCount: number): number[] {
  const own: number[][] = Array.from({ length: typeCount }, () => []);
  for (let row = 0; row < space.rowCount; row++) {
    const type = space.labels[row] as number;
    const distance = distances[row * typeCount + type] as number;
    if (Number.isFinite(distance)) (own[type] as number[]).push(distance);
  }
  const reach = own.map((values) => (values.length < 10 ? NaN : quantile(values, 0.95)));
  const usual = quantile(
    reach.filter((value) => value > 0),
    0.5,
  );
  return reach.map((value) => (value > 0 ? value : usual > 0 ? usual : Math.sqrt(2 * space.columnCount)));
}

/** The value below which `share` of the values lie; NaN of none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function temperatures(
  base: Omit<OpinionModel, 'typeTemperature' | 'familyTemperature'>,
  set: TrainingSet,
  unseen: Unseen,
  space: TrainingSet,
): { typeTemperature: number; familyTemperature: number } {
  const { rowCount, classCount, labels } = set;
  const types = new Float64Array(rowCount * classCount);
  const families = new Float64Array(rowCount * LOAD_FAMILIES.length);
  const familyLabels = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const shares = blend(
      sharesOf(unseen.forest, row, classCount),
      base,
      rowOf(space, row),
      sharesOf(unseen.linear, row, classCount),
    );
    types.set(shares, row * classCount);
    families.set(familyShares(base, shares), row * LOAD_FAMILIES.length);
    familyLabels[row] = familyOf(base, labels[row] as number);
  }
  return {
    typeTemperature: fitTemperature(types, labels, classCount),
    familyTemperature: fitTemperature(families, familyLabels, LOAD_FAMILIES.length),
  };
}

function sharesOf(all: Float64Array, row: number, classCount: number): Float64Array {
  return all.subarray(row * classCount, (row + 1) * classCount);
}

function familyOf(model: Pick<OpinionModel, 'types'>, type: number): number {
  const family = model.types[type]?.family;
  return family === undefined ? -1 : LOAD_FAMILIES.indexOf(family);
}

function judgedRows(model: OpinionModel, set: TrainingSet, unseen: Unseen, space: TrainingSet): JudgedRows {
  const { rowCount, classCount, labels } = set;
  const judged = {
    types: new Float64Array(rowCount * classCount),
    typeTop: new Float64Array(rowCount),
    typeRight: new Float64Array(rowCount),
    familyTop: new Float64Array(rowCount),
    familyRight: new Float64Array(rowCount),
    unknownScore: new Float64Array(rowCount),
  };
  for (let row = 0; row < rowCount; row++) {
    const linearShare = sharesOf(unseen.linear, row, classCount);
    const opinion: TypeOpinion = opinionOf(model, sharesOf(unseen.forest, row, classCount), rowOf(space, row), {
      linearShare,
    });
    judged.types.set(opinion.types, row * classCount);
    const type = best(opinion.types);
    const family = best(opinion.families);
    judged.typeTop[row] = opinion.types[type] as number;
    judged.typeRight[row] = type === labels[row] ? 1 : 0;
    judged.familyTop[row] = opinion.families[family] as number;
    judged.familyRight[row] = family === familyOf(model, labels[row] as number) ? 1 : 0;
    judged.unknownScore[row] = opinion.unknownScore;
  }
  return judged;
}

function best(shares: Float64Array): number {
  let top = 0;
  for (let place = 1; place < shares.length; place++) {
    if ((shares[place] as number) > (shares[top] as number)) top = place;
  }
  return top;
}

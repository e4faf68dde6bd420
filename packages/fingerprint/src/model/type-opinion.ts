import { applyTemperature } from '../learn/calibration.ts';
import { discriminantProbabilities, mahalanobisDistances } from '../learn/discriminant.ts';
import { predictEnsemble } from '../learn/tree-ensemble.ts';
import { LOAD_FAMILIES } from '../load-family.ts';
import { noiseDistance } from './noise-distance.ts';
import type { RecognitionModel } from './recognition-model.ts';

/** What a model says about one feature vector, before names are given. */
export type TypeOpinion = {
  /** Per type of the model, calibrated, sum 1. */
  readonly types: Float64Array;
  /** Per entry of `LOAD_FAMILIES`, calibrated, sum 1. */
  readonly families: Float64Array;
  /** 0 … 1. */
  readonly unknownScore: number;
};

/** The parts of a model that an opinion needs. */
export type OpinionModel = Pick<
  RecognitionModel,
  'types' | 'forest' | 'discriminantWeight' | 'typeTemperature' | 'familyTemperature' | 'typeSpace' | 'typeReach'
>;

/**
 * The opinion on a feature vector and its row in the model's space. `noiseRatio` is the fingerprint's: a noisy current
 * lies farther from every type, which is no sign of an unknown load.
 */
export function typeOpinion(
  model: OpinionModel,
  vector: ArrayLike<number>,
  spaceRow: Float64Array,
  noiseRatio = 0,
): TypeOpinion {
  const types = new Float64Array(model.types.length);
  predictEnsemble(model.forest, vector, types);
  return opinionOf(model, types, spaceRow, { noiseRatio });
}

/** As `typeOpinion`, from the forest's own probabilities (out-of-bag ones while a model is being made). */
export function opinionOf(
  model: OpinionModel,
  forestShare: Float64Array,
  spaceRow: Float64Array,
  given: { readonly linearShare?: Float64Array; readonly noiseRatio?: number } = {},
): TypeOpinion {
  const types = blend(forestShare, model, spaceRow, given.linearShare);
  const families = familyShares(model, types);
  applyTemperature(types, model.typeTemperature);
  applyTemperature(families, model.familyTemperature);
  // Families that the model has no type of stay at zero.
  silence(families, model);
  const distances = new Float64Array(model.types.length);
  mahalanobisDistances(model.typeSpace, spaceRow, distances);
  return { types, families, unknownScore: unknownScore(model, families, distances, given.noiseRatio ?? 0) };
}

/** Geometric mean of forest and discriminant, weighted, normed: before any temperature. */
export function blend(
  forestShare: Float64Array,
  model: Pick<RecognitionModel, 'types' | 'discriminantWeight' | 'typeSpace'>,
  spaceRow: Float64Array,
  linearShare?: Float64Array,
): Float64Array {
  const weight = model.discriminantWeight;
  const linear = linearShare ?? new Float64Array(model.types.length);
  if (linearShare === undefined) discriminantProbabilities(model.typeSpace, spaceRow, linear);
  let sum = 0;
  const both = forestShare.map((share, type) => {
    const value = Math.max(share, FLOOR) ** (1 - weight) * Math.max(linear[type] as number, FLOOR) ** weight;
    sum += value;
    return value;
  });
  return both.map((value) => value / sum);
}

/** Probabilities per entry of `LOAD_FAMILIES`: the sums over their types. */
export function familyShares(model: Pick<RecognitionModel, 'types'>, types: Float64Array): Float64Array {
  const families = new Float64Array(LOAD_FAMILIES.length);
  model.types.forEach(({ family }, type) => {
    const place = LOAD_FAMILIES.indexOf(family);
    families[place] = (families[place] as number) + (types[type] as number);
  });
  return families;
}

/** No learner is surer than this: a tenth of a per cent. */
const FLOOR = 1e-3;

function silence(families: Float64Array, model: Pick<RecognitionModel, 'types'>): void {
  let sum = 0;
  LOAD_FAMILIES.forEach((family, place) => {
    if (!model.types.some((type) => type.family === family)) families[place] = 0;
    sum += families[place] as number;
  });
  for (let place = 0; place < families.length; place++) families[place] = (families[place] as number) / sum;
}

/**
 * Two signs of an unknown load, either is enough: it lies beyond the reach of every type (distance over reach above 1),
 * or the families share it out evenly (types of one family may: which of two heaters it is says nothing about whether it
 * is one). The first is 0.5 where 5 % of known loads lie beyond (by `typeReach`), the second at even shares.
 */
function unknownScore(
  model: OpinionModel,
  families: Float64Array,
  distances: Float64Array,
  noiseRatio: number,
): number {
  const noise = noiseDistance(model.typeSpace, noiseRatio);
  let nearest = Infinity;
  for (let type = 0; type < distances.length; type++) {
    const ratio = (distances[type] as number) / Math.hypot(model.typeReach[type] as number, noise);
    if (ratio < nearest) nearest = ratio;
  }
  const far = nearest ** FAR_SLOPE / (1 + nearest ** FAR_SLOPE);
  const doubt = 1 - families.reduce((most, share) => Math.max(most, share), 0);
  return 1 - (1 - far) * (1 - doubt / 2);
}

const FAR_SLOPE = 4;

/**
 * Learners in plain numbers: pure, seeded, typed arrays. What they learn from is the caller's business.
 */
export { balancedWeights } from './balanced-weights.ts';
export type { BalancedWeightsSettings } from './balanced-weights.ts';
export { applyTemperature, expectedCalibrationError, fitIsotonic, fitTemperature, isotonicAt } from './calibration.ts';
export type { IsotonicCurve } from './calibration.ts';
export { applyColumnScale, fitColumnScale } from './column-scale.ts';
export type { ColumnScale } from './column-scale.ts';
export { discriminantProbabilities, mahalanobisDistances, trainDiscriminant, whiten } from './discriminant.ts';
export type { Discriminant, DiscriminantSettings } from './discriminant.ts';
export { decodeEnsemble, encodeEnsemble } from './encode-ensemble.ts';
export { groupFolds } from './group-folds.ts';
export { kernelVotes, trainKernelVote } from './kernel-vote.ts';
export type { KernelVote, KernelVoteSettings } from './kernel-vote.ts';
export { neighbourDistance, trainNeighbours } from './neighbour-novelty.ts';
export type { NeighbourDistance, Neighbours } from './neighbour-novelty.ts';
export { createRandom, shuffle } from './random.ts';
export type { Random } from './random.ts';
export { trainBoosting } from './train-boosting.ts';
export type { BoostingSettings } from './train-boosting.ts';
export { trainForest } from './train-forest.ts';
export type { ForestSettings, TrainedForest } from './train-forest.ts';
export { rowOf, subsetOf, trainingSetOf } from './training-set.ts';
export type { TrainingSet, TrainingSetExtras } from './training-set.ts';
export { predictEnsemble, softmax } from './tree-ensemble.ts';
export type { TreeEnsemble } from './tree-ensemble.ts';

import { featureIndex } from '../feature-vector.ts';

/**
 * The features that span the spaces in which distances are measured: everything else in the vector is a function of
 * these (shape, crest factor) or may be missing (inrush), and would only count the same thing twice.
 */
export const SPACE_FEATURES: readonly string[] = [
  'nominalPowerLog',
  'displacementCos',
  'displacementSin',
  'fundamental',
  'nonresistive',
  'h2',
  'h4',
  'h3Sin',
  'h3Cos',
  'h5Sin',
  'h5Cos',
  'h7Sin',
  'h7Cos',
  'h9Sin',
  'h9Cos',
  'h11Sin',
  'h11Cos',
  'h13Sin',
  'h13Cos',
];

/** Picks features of a full vector into a row of a space. */
export function createSpaceReader(names: readonly string[]): (vector: ArrayLike<number>) => Float64Array {
  const places = names.map(featureIndex);
  return (vector) => Float64Array.from(places, (place) => vector[place] as number);
}

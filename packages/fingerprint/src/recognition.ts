import type { LoadFamily } from './load-family.ts';

/** How far a load is named: its family, its type, or the very device that was enrolled on site. */
export type NameLevel = 'family' | 'type' | 'device';

/** A feature that mattered, for a person to check: its value and where such loads usually lie. */
export type RecognitionReason = {
  /** A name of `FEATURES`. */
  readonly feature: string;
  readonly value: number;
  /**
   * Where the loads of `typicalOf` usually lie. Of a family: 5 % and 95 % of the model's loads. Of a device: its
   * confirmed switchings and two standard deviations of one switching on either side. One value in ten lies outside.
   */
  readonly typical?: readonly [number, number];
  /** Whose range it is; present with `typical`. Never a type: types of one family overlap too far to explain a name. */
  readonly typicalOf?: { readonly level: 'family' | 'device'; readonly name: string };
};

/** What the recogniser says about one fingerprint. Plain JSON. */
export type Recognition = {
  /** Best first; calibrated, the sum is 1: what these would be if the load is of a known type at all. */
  readonly families: readonly { readonly family: LoadFamily; readonly probability: number }[];
  /** Best first, calibrated, the sum is 1; at most the best eight are told. */
  readonly types: readonly { readonly type: string; readonly probability: number }[];
  /** The nearest enrolled device that is not out of the question, whether named or not. */
  readonly device?: { readonly deviceId: string; readonly name: string; readonly score: number };
  /** 0 … 1: how unlike everything learned this load is; 0.5 is where 1 of 20 known loads lies beyond. */
  readonly unknownScore: number;
  /** The deepest level whose confidence passes; absent = unknown. */
  readonly named?: { readonly level: NameLevel; readonly name: string; readonly confidence: number };
  readonly reasons: readonly RecognitionReason[];
  readonly modelId: string;
  readonly modelVersion: string;
};

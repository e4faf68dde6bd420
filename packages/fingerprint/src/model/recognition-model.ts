import type { DeviceSpace } from '../device/device-space.ts';
import type { IsotonicCurve } from '../learn/calibration.ts';
import type { Discriminant } from '../learn/discriminant.ts';
import type { TreeEnsemble } from '../learn/tree-ensemble.ts';
import type { LoadFamily } from '../load-family.ts';

/** What a person must know about a model before trusting it. Plain JSON; travels inside the model file. */
export type ModelCard = {
  readonly title: string;
  /** ISO 8601 day; absent for a model made during an evaluation. */
  readonly trainedOn?: string;
  readonly data: string;
  readonly split: string;
  readonly licence: string;
  readonly seed: number;
  readonly rowCount: number;
  readonly groupCount: number;
  /** Measured on rows whose device was held out: accuracies, calibration errors, shares named and wrong. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly limits?: string;
};

/** Where names may be given: the smallest confidence of each level, and the unknown score above which none is given. */
export type NamingPolicy = {
  readonly leastTypeConfidence: number;
  readonly leastFamilyConfidence: number;
  readonly leastDeviceConfidence: number;
  readonly mostUnknown: number;
};

/** A trained recognition model, decoded. */
export type RecognitionModel = {
  readonly kind: 'recognitionModel';
  /** Schema version of the fingerprints it was made for. */
  readonly schemaVersion: number;
  readonly id: string;
  readonly version: string;
  readonly types: readonly { readonly name: string; readonly family: LoadFamily }[];
  /** Over the whole feature vector; classes = `types`. */
  readonly forest: TreeEnsemble;
  /** Weight of the discriminant beside the forest, 0 … 1, in the product of both probabilities. */
  readonly discriminantWeight: number;
  readonly typeTemperature: number;
  readonly familyTemperature: number;
  /** Probability of the best type or family → share that was right, on held-out devices. */
  readonly typeCurve: IsotonicCurve;
  readonly familyCurve: IsotonicCurve;
  /** Names of the features of both spaces below, in order. */
  readonly spaceFeatures: readonly string[];
  /** Spread within a type: how unlike a load is to what was learned. */
  readonly typeSpace: Discriminant;
  /** Per type, the distance from the type's middle that 5 % of its own held-out loads exceed. */
  readonly typeReach: readonly number[];
  /** Scatter of one device from switching to switching. */
  readonly deviceSpace: DeviceSpace;
  /** Distance to the nearest confirmed switching, negated → chance that it is the same device, at equal odds. */
  readonly deviceCurve: IsotonicCurve;
  /** 5 % and 95 % of each feature per family. */
  readonly typical: Readonly<Partial<Record<LoadFamily, Readonly<Record<string, readonly [number, number]>>>>>;
  readonly policy: NamingPolicy;
  readonly card: ModelCard;
};

import type { CurrentFingerprint } from './current-fingerprint.ts';
import { createDeviceMatcher } from './device/device-matcher.ts';
import type { DeviceMatch } from './device/device-matcher.ts';
import type { EnrolledDevices } from './device/enrolled-devices.ts';
import { emptyEnrolment } from './device/teaching.ts';
import { featureIndex, featureVector } from './feature-vector.ts';
import { isotonicAt } from './learn/calibration.ts';
import { LOAD_FAMILIES } from './load-family.ts';
import type { LoadFamily } from './load-family.ts';
import { REASON_FEATURES } from './model/reason-features.ts';
import type { RecognitionModel } from './model/recognition-model.ts';
import { createSpaceReader } from './model/space-features.ts';
import { typeOpinion } from './model/type-opinion.ts';
import type { Recognition, RecognitionReason } from './recognition.ts';

/** Fingerprints in, recognitions out. */
export type Recogniser = {
  /**
   * Throws RangeError for a fingerprint of another schema version than the model's: such vectors cannot be compared.
   */
  recognise(fingerprint: CurrentFingerprint): Recognition;
};

const MOST_TYPES_TOLD = 8;

/**
 * Creates a recogniser of a model and of what was enrolled on this circuit. After teaching, create a new one: it takes
 * well below a millisecond for a handful of devices.
 *
 * Throws RangeError when the enrolment was made with another schema version than the model.
 *
 * @example createRecogniser(shippedModel(), enrolled).recognise(fingerprint).named?.name
 */
export function createRecogniser(model: RecognitionModel, enrolled: EnrolledDevices = emptyEnrolment()): Recogniser {
  if (enrolled.schemaVersion !== model.schemaVersion) {
    throw new RangeError(
      `createRecogniser: enrolment of schema version ${enrolled.schemaVersion}; expected the model's ${model.schemaVersion}`,
    );
  }
  const readSpace = createSpaceReader(model.spaceFeatures);
  const matcher = createDeviceMatcher(model, enrolled);

  return {
    recognise(fingerprint) {
      if (fingerprint.schemaVersion !== model.schemaVersion) {
        throw new RangeError(
          `recognise: fingerprint of schema version ${String(fingerprint.schemaVersion)}; expected the model's ${model.schemaVersion}`,
        );
      }
      const vector = featureVector(fingerprint);
      const spaceRow = readSpace(vector);
      const opinion = typeOpinion(model, vector, spaceRow, fingerprint.noiseRatio);
      const types = ranked(model.types, opinion.types).map(([{ name }, probability]) => ({ type: name, probability }));
      const families = ranked(LOAD_FAMILIES, opinion.families)
        .filter(([, probability]) => probability > 0)
        .map(([family, probability]) => ({ family, probability }));
      const device = matcher.match(spaceRow, fingerprint.noiseRatio);
      const named = nameOf(model, { types, families, device, unknownScore: opinion.unknownScore });
      return {
        families,
        types: types.slice(0, MOST_TYPES_TOLD),
        ...(device === undefined ? {} : { device }),
        unknownScore: opinion.unknownScore,
        ...(named === undefined ? {} : { named }),
        reasons: reasonsOf(vector, (feature) => {
          const range = named?.level === 'device' && device && matcher.usualRange(device.deviceId, feature);
          if (range) return { typical: range, typicalOf: { level: 'device', name: device.name } };
          return familyRange(model, families[0]?.family, feature);
        }),
        modelId: model.id,
        modelVersion: model.version,
      };
    },
  };
}

function ranked<Item>(items: readonly Item[], shares: Float64Array): [Item, number][] {
  return items.map((item, index): [Item, number] => [item, shares[index] as number]).sort((a, b) => b[1] - a[1]);
}

type Judgement = Pick<Recognition, 'types' | 'families' | 'unknownScore'> & {
  readonly device: DeviceMatch | undefined;
};

/** The deepest level whose confidence passes: device, type, family, or nothing. */
function nameOf(model: RecognitionModel, judgement: Judgement): NonNullable<Recognition['named']> | undefined {
  const { types, families, device, unknownScore } = judgement;
  const { policy } = model;
  // A device that was enrolled here is known by that alone, however unlike the model's loads it is.
  if (device !== undefined && device.score >= policy.leastDeviceConfidence) {
    return { level: 'device', name: device.name, confidence: device.score };
  }
  if (unknownScore > policy.mostUnknown) return undefined;
  const [type] = types;
  const typeConfidence = type === undefined ? 0 : isotonicAt(model.typeCurve, type.probability);
  if (type !== undefined && typeConfidence >= policy.leastTypeConfidence) {
    return { level: 'type', name: type.type, confidence: typeConfidence };
  }
  const [family] = families;
  const familyConfidence = family === undefined ? 0 : isotonicAt(model.familyCurve, family.probability);
  if (family !== undefined && familyConfidence >= policy.leastFamilyConfidence) {
    return { level: 'family', name: family.family, confidence: familyConfidence };
  }
  return undefined;
}

type Typical = Pick<RecognitionReason, 'typical' | 'typicalOf'>;

function reasonsOf(vector: Float64Array, typicalOf: (feature: string) => Typical): RecognitionReason[] {
  return REASON_FEATURES.map((feature): RecognitionReason => {
    return { feature, value: vector[featureIndex(feature)] as number, ...typicalOf(feature) };
  }).filter(({ value }) => !Number.isNaN(value));
}

function familyRange(model: RecognitionModel, family: LoadFamily | undefined, feature: string): Typical {
  const typical = family === undefined ? undefined : model.typical[family]?.[feature];
  if (family === undefined || typical === undefined) return {};
  return { typical, typicalOf: { level: 'family', name: family } };
}

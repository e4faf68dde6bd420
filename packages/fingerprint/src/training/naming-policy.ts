import { expectedCalibrationError, isotonicAt } from '../learn/calibration.ts';
import type { IsotonicCurve } from '../learn/calibration.ts';
import type { NamingPolicy } from '../model/recognition-model.ts';
import type { JudgedRows } from './judged-rows.ts';

/** Wrong names among all given that the policy aims at (the product's bar is 3 %). */
const AIM_WRONG = 0.01;
/** No level names a load below this confidence, however few are wrong above it. */
const LEAST_CONFIDENCE = 0.8;
/** Loads beyond this unknown score get no type; 0.5 is where 5 % of the known ones begin. */
const MOST_UNKNOWN = 0.6;

/**
 * Chooses, per level, the smallest confidence above which at most 1 % of the names were wrong on held-out groups; where
 * no confidence keeps that, the level names from 0.99 on.
 */
export function namingPolicyOf(
  judged: JudgedRows,
  typeCurve: IsotonicCurve,
  familyCurve: IsotonicCurve,
): { policy: Omit<NamingPolicy, 'leastDeviceConfidence'>; numbers: Record<string, number> } {
  const type = levelOf(judged.typeTop, judged.typeRight, judged.unknownScore, typeCurve);
  const family = levelOf(judged.familyTop, judged.familyRight, judged.unknownScore, familyCurve);
  return {
    policy: {
      leastTypeConfidence: type.leastConfidence,
      leastFamilyConfidence: family.leastConfidence,
      mostUnknown: MOST_UNKNOWN,
    },
    numbers: {
      typeAccuracy: type.accuracy,
      typeCalibrationError: type.calibrationError,
      typeNamedShare: type.namedShare,
      typeWrongNameRate: type.wrongNameRate,
      familyAccuracy: family.accuracy,
      familyCalibrationError: family.calibrationError,
      familyNamedShare: family.namedShare,
      familyWrongNameRate: family.wrongNameRate,
    },
  };
}

type Level = {
  leastConfidence: number;
  accuracy: number;
  calibrationError: number;
  namedShare: number;
  wrongNameRate: number;
};

function levelOf(top: Float64Array, right: Float64Array, unknownScore: Float64Array, curve: IsotonicCurve): Level {
  const confidence = top.map((score) => isotonicAt(curve, score));
  const order = [...confidence.keys()]
    .filter((row) => (unknownScore[row] as number) <= MOST_UNKNOWN)
    .sort((a, b) => (confidence[b] as number) - (confidence[a] as number));
  let leastConfidence = 0.99;
  let wrong = 0;
  order.forEach((row, index) => {
    wrong += 1 - (right[row] as number);
    const isLastOfEqual = confidence[order[index + 1] ?? -1] !== confidence[row];
    if (isLastOfEqual && wrong <= AIM_WRONG * (index + 1)) {
      leastConfidence = Math.min(leastConfidence, confidence[row] as number);
    }
  });
  leastConfidence = Math.max(LEAST_CONFIDENCE, leastConfidence);
  const named = order.filter((row) => (confidence[row] as number) >= leastConfidence);
  const misses = named.reduce((sum, row) => sum + 1 - (right[row] as number), 0);
  return {
    leastConfidence,
    accuracy: right.reduce((sum, hit) => sum + hit, 0) / right.length,
    calibrationError: expectedCalibrationError(top, right),
    namedShare: named.length / top.length,
    wrongNameRate: named.length === 0 ? 0 : misses / named.length,
  };
}

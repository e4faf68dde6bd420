/** Probabilities of the stages of a charge; plain JSON. */
export type ChargingStage = { constantCurrent: number; constantVoltage: number; float: number };

export function startStage(): ChargingStage {
  return { constantCurrent: 0.9, constantVoltage: 0.1, float: 0 };
}

/** Chance per minute that a stage ends: constant current lasts hours, the tail one hour or two. */
const ENDS_CC = 1 / 240;
const ENDS_CV = 1 / 120;

/**
 * One minute of a three-stage hidden Markov model (constant current → constant voltage → float; never back).
 *
 * @param ratePctPerMin change of the power now, per cent of itself per minute (field: constant current rises 5 … 12 %
 *   over hours; the tail's time constant is 15 … 90 min, so −1 … −7 %/min)
 * @param rateErrorPctPerMin its standard error
 * @param levelRatio power over the highest so far; float is below a tenth
 */
export function nextStage(
  stage: ChargingStage,
  ratePctPerMin: number,
  rateErrorPctPerMin: number,
  levelRatio: number,
): ChargingStage {
  const cc = stage.constantCurrent * (1 - ENDS_CC);
  const cv = stage.constantVoltage * (1 - ENDS_CV) + stage.constantCurrent * ENDS_CC;
  const float = stage.float + stage.constantVoltage * ENDS_CV;
  const isLow = levelRatio < 0.15;
  const likelyCc = density(ratePctPerMin, 0.04, Math.hypot(0.08, rateErrorPctPerMin)) * (isLow ? 0.01 : 1);
  const likelyCv = density(ratePctPerMin, -2, Math.hypot(1.2, rateErrorPctPerMin)) * (isLow ? 0.3 : 1);
  const likelyFloat = density(ratePctPerMin, 0, Math.hypot(0.5, rateErrorPctPerMin)) * (isLow ? 1 : 0.001);
  const sum = cc * likelyCc + cv * likelyCv + float * likelyFloat;
  return {
    constantCurrent: (cc * likelyCc) / sum,
    constantVoltage: (cv * likelyCv) / sum,
    float: (float * likelyFloat) / sum,
  };
}

function density(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / deviation + 1e-9;
}

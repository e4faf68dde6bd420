/** What each load state adds to in-phase and quadrature current, mA, as plain JSON. */
export type LoadRegressionState = {
  readonly inPhaseMa: readonly number[];
  readonly quadratureMa: readonly number[];
  /** Shared covariance factor of both, row by row. */
  readonly covariance: readonly number[];
  readonly updates: number;
  /** Mean squared error of each, mA². */
  readonly inPhaseNoise: number;
  readonly quadratureNoise: number;
};

/** Of the constant: anything; of a load, in units of the noise: tens of milliamperes. */
const PRIOR_VARIANCE = 1e6;
const PRIOR_LOAD_VARIANCE = 1e3;
const NOISE_MEMORY = 200;
/** Updates in which the coefficients are only being found. */
const SETTLING = 5;

/** Nothing known of `terms` coefficients, the first of which is the constant. */
export function unknownRegression(terms: number): LoadRegressionState {
  const covariance = Array.from({ length: terms * terms }, (_, k): number =>
    k % (terms + 1) === 0 ? PRIOR_LOAD_VARIANCE : 0,
  );
  covariance[0] = PRIOR_VARIANCE;
  const zeros = Array.from({ length: terms }, () => 0);
  return { inPhaseMa: zeros, quadratureMa: zeros, covariance, updates: 0, inPhaseNoise: 0, quadratureNoise: 0 };
}

/**
 * Recursive least squares of both components on the same load state (1 and one 0..1 per load): they share regressors,
 * hence gain and covariance. No forgetting: it runs only while a circuit is learned, and is then kept.
 *
 * @param loads share of the interval each load was on, 0..1; as many as the state has terms, less the constant.
 */
export function updateRegression(
  state: LoadRegressionState,
  loads: readonly number[],
  inPhaseMa: number,
  quadratureMa: number,
): LoadRegressionState {
  const terms = state.inPhaseMa.length;
  const regressors = [1, ...loads];
  const gain = regressors.map((_, row) => dot(regressors, state.covariance, row * terms));
  const scale = 1 + regressors.reduce((sum, value, k) => sum + value * (gain[k] ?? 0), 0);
  const inPhaseError = inPhaseMa - predicted(state.inPhaseMa, loads);
  const quadratureError = quadratureMa - predicted(state.quadratureMa, loads);
  const moved = (coefficients: readonly number[], error: number): number[] =>
    coefficients.map((value, k) => value + ((gain[k] ?? 0) / scale) * error);
  const known = Math.max(0, state.updates - SETTLING);
  const noise = (before: number, error: number): number =>
    state.updates < SETTLING ? 0 : before + (error ** 2 / scale - before) / Math.min(known + 1, NOISE_MEMORY);
  return {
    inPhaseMa: moved(state.inPhaseMa, inPhaseError),
    quadratureMa: moved(state.quadratureMa, quadratureError),
    covariance: state.covariance.map(
      (value, k) => value - ((gain[Math.floor(k / terms)] ?? 0) * (gain[k % terms] ?? 0)) / scale,
    ),
    updates: state.updates + 1,
    inPhaseNoise: noise(state.inPhaseNoise, inPhaseError),
    quadratureNoise: noise(state.quadratureNoise, quadratureError),
  };
}

/** What the coefficients give for a load state, mA. */
export function predicted(coefficients: readonly number[], loads: readonly number[]): number {
  return loads.reduce((sum, share, k) => sum + share * (coefficients[k + 1] ?? 0), coefficients[0] ?? 0);
}

/**
 * Variance of a prediction for this load state in units of the noise: large for a combination never seen while learning.
 */
export function predictionVariance({ covariance, inPhaseMa }: LoadRegressionState, loads: readonly number[]): number {
  const regressors = [1, ...loads];
  return regressors.reduce((sum, value, row) => sum + value * dot(regressors, covariance, row * inPhaseMa.length), 0);
}

function dot(values: readonly number[], matrix: readonly number[], from: number): number {
  return values.reduce((sum, value, k) => sum + value * (matrix[from + k] ?? 0), 0);
}

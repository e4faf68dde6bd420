/** What one filter knows, as plain JSON. */
export type KappaFilterState = {
  /** Temperature without load, °C (or over the reference point, K). */
  readonly offset: number;
  readonly kappaKPerA2: number;
  /** Covariance: offset², offset·κ, κ². */
  readonly covariance: readonly [number, number, number];
  /** Variance of what the model leaves unexplained, K². */
  readonly noise: number;
  /** Autocovariance of that from one minute to the next, K². */
  readonly noiseLag: number;
  readonly lastError: number;
  /** Fast mean of the squared normalised error; about 1 while the model holds. */
  readonly surprise: number;
  /** Slow mean of the squared error, K²: which time constant fits best. */
  readonly misfit: number;
  readonly updates: number;
  /**
   * Changes of load the model has explained since it was last surprised. One rise that comes with a draught looks like a
   * bad contact; when the load falls again and the heat stays, it was the draught.
   */
  readonly swings: number;
  /** F at its end, A², and where it went: 1 up, −1 down, 0 nothing yet. */
  readonly swingA2: number;
  readonly swingSign: -1 | 0 | 1;
};

export type KappaFilterSettings = {
  /** Standard deviation of the walk of the temperature without load, K per √min. */
  readonly offsetWalkK: number;
  /** Relative standard deviation of the walk of κ per √day. */
  readonly kappaWalkPerDay: number;
  /** Least standard deviation of a minute's temperature, K. */
  readonly leastNoiseK: number;
};

/** κ is searched from 0 to a few K/A²: 1 K/A² is 70 K at 8 A. */
const PRIOR_KAPPA_VARIANCE = 1;
const PRIOR_OFFSET_VARIANCE = 100;
/** 2 K. */
const UNKNOWN_OFFSET_VARIANCE = 4;
const MINUTES_PER_DAY = 1_440;
/** Memory of the noise estimate and of the choice of τ, minutes. */
const NOISE_MEMORY = 360;
const MISFIT_MEMORY = 2_880;
const MISFIT_FROM = 60;
const SURPRISE_MEMORY = 10;
/** Mean squared normalised error above which κ is taken to have jumped: 1 is expected, 4 needs ten bad minutes. */
const JUMP_SURPRISE = 4;
const JUMP_SHARE = 0.5;
/** A change of load counts when its heat stands out of the noise by this many standard deviations. */
const SWING_NOISES = 2;

/**
 * Recursive least squares of `T = offset + κ·F` with forgetting, in the form of a Kalman filter with walking
 * parameters: exponential forgetting would blow its covariance up while no load flows, and a terminal idles for weeks.
 * One update a minute; F is the lagged square of the current.
 */
export function updateKappa(
  before: KappaFilterState | undefined,
  temperatureK: number,
  lagA2: number,
  settings: KappaFilterSettings,
): KappaFilterState {
  if (before === undefined) return firstState(temperatureK, settings);
  const [b2, bk, k2] = before.covariance;
  const walkedOffset = b2 + settings.offsetWalkK ** 2;
  const walkedKappa = k2 + (settings.kappaWalkPerDay * before.kappaKPerA2) ** 2 / MINUTES_PER_DAY;
  let offsetVariance = Math.min(walkedOffset, PRIOR_OFFSET_VARIANCE);
  let kappaVariance = Math.min(walkedKappa, PRIOR_KAPPA_VARIANCE);
  // A bound on a variance bounds the covariance by the same correlation, else the pair is no covariance any more.
  const cross = bk * Math.sqrt((offsetVariance / walkedOffset) * (kappaVariance / walkedKappa));
  let { surprise } = before;
  let swing: Swing = before;
  if (surprise > JUMP_SURPRISE) {
    swing = { swings: 0, swingA2: lagA2, swingSign: 0 };
    // Both may have jumped; which one it was only the next change of load can tell, and until then κ is uncertain.
    kappaVariance += (JUMP_SHARE * before.kappaKPerA2) ** 2;
    offsetVariance += 1;
    surprise = 1;
  }
  swing = nextSwing(swing, lagA2, (SWING_NOISES * Math.sqrt(before.noise)) / before.kappaKPerA2);
  const noise = Math.max(before.noise, settings.leastNoiseK ** 2) * inflationOf(before);
  const offsetGain = offsetVariance + cross * lagA2;
  const kappaGain = cross + kappaVariance * lagA2;
  const total = offsetGain + kappaGain * lagA2 + noise;
  const error = temperatureK - before.offset - before.kappaKPerA2 * lagA2;
  // The clipped error keeps an outlier, and a fault that begins, from passing for noise.
  const clipped = Math.min(error ** 2, 9 * Math.max(before.noise, settings.leastNoiseK ** 2));
  return {
    offset: before.offset + (offsetGain / total) * error,
    kappaKPerA2: before.kappaKPerA2 + (kappaGain / total) * error,
    covariance: [
      offsetVariance - offsetGain ** 2 / total,
      cross - (offsetGain * kappaGain) / total,
      kappaVariance - kappaGain ** 2 / total,
    ],
    noise: before.noise + (clipped - before.noise) / NOISE_MEMORY,
    noiseLag: before.noiseLag + (clippedProduct(error, before.lastError, clipped) - before.noiseLag) / NOISE_MEMORY,
    // While the offset is unknown, as after a change of the reference, what is missed is no error of the contact's.
    lastError: offsetVariance > UNKNOWN_OFFSET_VARIANCE ? 0 : error,
    surprise: surprise + (Math.min(error ** 2 / total, 100) - surprise) / SURPRISE_MEMORY,
    misfit: misfitAfter(before, error),
    updates: before.updates + 1,
    ...swing,
  };
}

type Swing = Pick<KappaFilterState, 'swings' | 'swingA2' | 'swingSign'>;

/** Counts turns: a rise that takes minutes is one swing, and the next begins when F has turned by `leastA2`. */
function nextSwing({ swings, swingA2, swingSign }: Swing, lagA2: number, leastA2: number): Swing {
  const moved = lagA2 - swingA2;
  // A κ that is not above 0 yet has no least that means anything.
  if (!(leastA2 > 0)) return { swings, swingA2, swingSign };
  if (moved * swingSign > 0) return { swings, swingA2: lagA2, swingSign };
  if (Math.abs(moved) <= leastA2) return { swings, swingA2, swingSign };
  return { swings: swings + 1, swingA2: lagA2, swingSign: moved > 0 ? 1 : -1 };
}

/** Minutes are not independent draws: errors that last count as fewer of them. Between 1 and 19. */
function inflationOf({ noise, noiseLag }: KappaFilterState): number {
  const correlation = Math.min(0.9, Math.max(0, noiseLag / noise));
  return (1 + correlation) / (1 - correlation);
}

/** The first hour finds κ at all and says nothing about the time constant. */
function misfitAfter({ misfit, updates }: KappaFilterState, error: number): number {
  if (updates < MISFIT_FROM) return 0;
  return misfit + (error ** 2 - misfit) / Math.min(updates - MISFIT_FROM + 1, MISFIT_MEMORY);
}

function clippedProduct(error: number, lastError: number, clippedSquare: number): number {
  return Math.max(-clippedSquare, Math.min(clippedSquare, error * lastError));
}

function firstState(temperatureK: number, { leastNoiseK }: KappaFilterSettings): KappaFilterState {
  return {
    offset: temperatureK,
    kappaKPerA2: 0,
    covariance: [PRIOR_OFFSET_VARIANCE, 0, PRIOR_KAPPA_VARIANCE],
    noise: leastNoiseK ** 2,
    noiseLag: 0,
    lastError: 0,
    surprise: 1,
    misfit: 0,
    updates: 1,
    swings: 0,
    swingA2: 0,
    swingSign: 0,
  };
}

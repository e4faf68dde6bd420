/**
 * Weighted sums of (predicted rise x, κ of this minute y), weight = squared lagged current squared: a minute's κ is as
 * uncertain as the temperature over F. The predicted rise, not the measured one: both sides would share its noise.
 */
export type TemperatureFeedback = {
  readonly minutes: number;
  readonly weight: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
};

export const noFeedback: TemperatureFeedback = { minutes: 0, weight: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

/** Temperature coefficient of copper at 20 °C, 1/K: what every metal contact has at least (IEC 60028). */
export const COPPER_PER_K = 0.00393;

/** Seven days of minutes. */
const MEMORY = 10_080;
/** Below a day of minutes under load nothing is proved. */
const LEAST_MINUTES = 1_440;
/** Minutes of one hour share their load and their error: they count as one. */
const MINUTES_PER_DRAW = 60;

/** Takes one minute in: rise over the temperature without load, lagged load, and the rise κ predicts of it. */
export function nextFeedback(
  before: TemperatureFeedback,
  riseK: number,
  lagA2: number,
  predictedRiseK: number,
): TemperatureFeedback {
  const weight = lagA2 ** 2;
  if (!(weight > 0)) return before;
  const keep = 1 - 1 / MEMORY;
  const y = riseK / lagA2;
  return {
    minutes: keep * before.minutes + 1,
    weight: keep * before.weight + weight,
    x: keep * before.x + weight * predictedRiseK,
    y: keep * before.y + weight * y,
    xx: keep * before.xx + weight * predictedRiseK ** 2,
    xy: keep * before.xy + weight * predictedRiseK * y,
    yy: keep * before.yy + weight * y ** 2,
  };
}

/**
 * Relative growth of the contact's resistance per kelvin, 1/K, as estimated and as proved at the normal quantile `z`;
 * neither below copper's.
 */
export function growthPerK(
  { minutes, weight, x, y, xx, xy, yy }: TemperatureFeedback,
  z: number,
): { readonly estimate: number; readonly proved: number } {
  const copper = { estimate: COPPER_PER_K, proved: COPPER_PER_K };
  if (minutes < LEAST_MINUTES) return copper;
  const spreadX = xx - x ** 2 / weight;
  const spreadXy = xy - (x * y) / weight;
  const spreadY = yy - y ** 2 / weight;
  const slope = spreadXy / spreadX;
  const intercept = (y - slope * x) / weight;
  // Weighted scatter around the line, per draw that is independent.
  const error = Math.sqrt((Math.max(0, spreadY - slope * spreadXy) / spreadX / minutes) * MINUTES_PER_DRAW);
  const [estimate, proved] = [slope / intercept, (slope - z * error) / intercept];
  if (!(intercept > 0) || !Number.isFinite(proved)) return copper;
  return { estimate: Math.max(COPPER_PER_K, estimate), proved: Math.max(COPPER_PER_K, proved) };
}

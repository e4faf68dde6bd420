/** Settings of a load tracker; all optional. */
export type LoadTrackerSettings = {
  /** How long measured power must differ from what is tracked before a missed event is inferred. Default 30 s. */
  readonly healAfterMs?: number;
  /** A longer interruption of the readings is judged as a restart. Default 60 s. */
  readonly outageMs?: number;
  /** Smallest load inferred from a missed event. Default 15 W. */
  readonly smallestInferredW?: number;
  /** Loads tracked at the same time; of more, the smallest goes to the unexplained share. Default 24. */
  readonly mostLoads?: number;
};

export type CheckedSettings = Required<LoadTrackerSettings>;

/** Throws RangeError naming the setting, its value and its range. */
export function checkSettings(settings: LoadTrackerSettings): CheckedSettings {
  const { healAfterMs = 30_000, outageMs = 60_000, smallestInferredW = 15, mostLoads = 24 } = settings;
  check('healAfterMs', healAfterMs, 2_000, 3_600_000);
  check('outageMs', outageMs, 5_000, 3_600_000);
  check('smallestInferredW', smallestInferredW, 1, 10_000);
  check('mostLoads', mostLoads, 1, 100);
  return { healAfterMs, outageMs, smallestInferredW, mostLoads };
}

function check(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`load tracker: ${name} is ${value}, expected ${low} to ${high}`);
}

/**
 * How far the power of a running load wanders, as a part of it per square root of an hour (defaults, remembered, to be
 * replaced by what a site learns): it sets how drift of the total is shared out and how far an off-step may differ from
 * the on-step. A charger's tail falls to a tenth within hours.
 */
const WANDER_PER_ROOT_HOUR: Readonly<Record<string, number>> = {
  resistive: 0.02,
  motor: 0.1,
  brushMotor: 0.15,
  electronic: 0.2,
  charger: 0.4,
  phaseCut: 0.05,
  microwave: 0.1,
  inductionHob: 0.2,
  discharge: 0.05,
};

export function wanderOf(family: string | undefined): number {
  return (family === undefined ? undefined : WANDER_PER_ROOT_HOUR[family]) ?? 0.12;
}

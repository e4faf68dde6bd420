import type { LoadIdentity } from './load-identity.ts';
import type { GrowingHistory, PowerHistory } from './power-history.ts';
import { scaleStep } from './step-vector.ts';

/** A load that the tracker holds to be on (or, in a change, that just went off). */
export type TrackedLoad = LoadIdentity & {
  /** Unique on the circuit, also over restarts. */
  readonly id: string;
  readonly isOn: boolean;
  readonly onAt: number;
  readonly offAt?: number;
  /** Estimate of what it draws now, W; of a load that went off, of what it drew last. */
  readonly activePowerW: number;
  /** Its switch-on step. */
  readonly onPowerW: number;
  /** NaN = unknown. */
  readonly onReactiveVar: number;
  readonly energyWh: number;
  /** Its switching (on, off or both) was not seen but follows from power that appeared or went away. */
  readonly isInferred: boolean;
  /** What is measured contradicts it, or it was not seen over a long interruption. */
  readonly isDoubtful: boolean;
  /** Other loads that the off-event fitted nearly as well. */
  readonly ambiguousWith: readonly string[];
  readonly power: PowerHistory;
};

/** A load inside the tracker; plain JSON (null = unknown, as JSON knows no NaN). */
export type LoadRecord = {
  readonly id: string;
  readonly onAt: number;
  readonly identity: LoadIdentity;
  /** Switch-on step: P, Q, harmonics in VA. */
  vector: (number | null)[];
  powerW: number;
  /** Variance of `powerW`, W². */
  variance: number;
  energyWh: number;
  isInferred: boolean;
  isDoubtful: boolean;
  ambiguousWith: string[];
  history: GrowingHistory;
};

/** What the load is expected to draw now: its switch-on step scaled to its present power. */
export function presentStep(load: LoadRecord): readonly number[] {
  const vector = knownStep(load.vector);
  const onPowerW = vector[0] as number;
  return onPowerW > 0 ? scaleStep(vector, load.powerW / onPowerW) : vector;
}

export function knownStep(vector: readonly (number | null)[]): readonly number[] {
  return vector.map((value) => value ?? NaN);
}

export function viewOf(load: LoadRecord, offAt?: number): TrackedLoad {
  return {
    ...load.identity,
    id: load.id,
    isOn: offAt === undefined,
    onAt: load.onAt,
    ...(offAt === undefined ? {} : { offAt }),
    activePowerW: load.powerW,
    onPowerW: load.vector[0] ?? NaN,
    onReactiveVar: load.vector[1] ?? NaN,
    energyWh: load.energyWh,
    isInferred: load.isInferred,
    isDoubtful: load.isDoubtful,
    ambiguousWith: [...load.ambiguousWith],
    power: { startAt: load.history.startAt, intervalMs: load.history.intervalMs, meanW: [...load.history.meanW] },
  };
}

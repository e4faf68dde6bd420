import type { StandbyFloor } from './standby-floor.ts';
import { emptyFloor } from './standby-floor.ts';
import type { LoadRecord } from './tracked-load.ts';

/** Measured power that differs from what is tracked and waits for its explanation. */
export type Pending = {
  since: number;
  /** Since when there has been some difference, whatever its size. */
  restlessSince: number;
  /** Consecutive readings that differed from it. */
  aside: number;
  count: number;
  sumW: number;
  squaresW: number;
  sumVar: number;
  energyWh: number;
};

export function startPending(since: number, restlessSince: number): Pending {
  return { since, restlessSince, aside: 0, count: 0, sumW: 0, squaresW: 0, sumVar: 0, energyWh: 0 };
}

/** Everything a tracker knows, plain JSON, to be kept over a restart. */
export type LoadTrackerState = {
  readonly schemaVersion: 1;
  nextId: number;
  lastAt: number | null;
  loads: LoadRecord[];
  /** Smoothed power beside the tracked loads; null before the first reading. */
  otherW: number | null;
  otherVar: number | null;
  otherVariance: number;
  /** Smoothed absolute innovation, W. */
  noiseW: number;
  pending: Pending | null;
  floor: StandbyFloor;
  measuredWh: number;
  standbyWh: number;
  unexplainedWh: number;
  /** Energy of loads that are off again, by name (`''` = without a name). */
  endedWh: Record<string, number>;
};

export function emptyState(): LoadTrackerState {
  return {
    schemaVersion: 1,
    nextId: 1,
    lastAt: null,
    loads: [],
    otherW: null,
    otherVar: null,
    otherVariance: 25,
    noiseW: 2,
    pending: null,
    floor: emptyFloor(),
    measuredWh: 0,
    standbyWh: 0,
    unexplainedWh: 0,
    endedWh: {},
  };
}

/** A deep copy; what was restored is never changed under its owner. Throws RangeError for another schema version. */
export function copyState(state: LoadTrackerState): LoadTrackerState {
  if (state.schemaVersion !== 1) {
    throw new RangeError(`load tracker: state of schema version ${String(state.schemaVersion)}, expected 1`);
  }
  // The state is JSON by its type, so this is exact.
  return JSON.parse(JSON.stringify(state)) as LoadTrackerState;
}

import type { LoadTrackerState } from './tracker-state.ts';

/** Who draws the power of the newest reading: measured = tracked + standby + unexplained, exactly. */
export type PowerShare = {
  readonly at: number;
  readonly measuredW: number;
  readonly trackedW: number;
  /** What never goes off; absent until an hour was watched. */
  readonly standbyW?: number;
  /** Negative when more is tracked than measured: an off-event was missed and is not healed yet. */
  readonly unexplainedW: number;
};

/** Energy since the tracker's very first reading: measured = tracked + standby + unexplained. */
export type EnergyShare = {
  readonly measuredWh: number;
  readonly trackedWh: number;
  readonly standbyWh: number;
  readonly unexplainedWh: number;
  /** Loads that are on, and those that were, joined by name (`''` = without a name). */
  readonly byName: Readonly<Record<string, number>>;
};

/** Adds up what is booked; the parts give the whole to rounding. */
export function energyOf(state: LoadTrackerState): EnergyShare {
  const byName: Record<string, number> = { ...state.endedWh };
  for (const { identity, energyWh } of state.loads) {
    const name = identity.name ?? '';
    byName[name] = (byName[name] ?? 0) + energyWh;
  }
  return {
    measuredWh: state.measuredWh,
    trackedWh: Object.values(byName).reduce((sum, energyWh) => sum + energyWh, 0),
    standbyWh: state.standbyWh,
    unexplainedWh: state.unexplainedWh,
    byName,
  };
}

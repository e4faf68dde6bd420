import type { HazardEvent } from '../hazard-event.ts';
import { summariseState, type LoadState } from './load-state.ts';

/** What must outlive a restart, as plain JSON: the installation's baseline and what was told. */
export type ArcDetectorState = {
  readonly schemaVersion: 1;
  readonly states: readonly StoredLoadState[];
  readonly active?: HazardEvent;
};

/** A state of the loads, least recently seen first. Currents in A, five significant digits. */
export type StoredLoadState = {
  readonly meanA: readonly number[];
  readonly spreadA: readonly number[];
  readonly counts: readonly [number, number];
  readonly distance: number;
  readonly surprise: number;
  readonly dropV: number;
  readonly dropSpreadV: number;
  readonly stepRatio: number;
  readonly stepSpread: number;
};

const rounded = (value: number): number => Number(value.toPrecision(5));

export function storeStates(states: readonly LoadState[]): readonly StoredLoadState[] {
  return [...states]
    .sort((a, b) => a.seenAt - b.seenAt)
    .map((state) => ({
      meanA: Array.from(state.meanA, rounded),
      spreadA: Array.from(state.spreadA, rounded),
      counts: [state.counts[0], state.counts[1]],
      distance: rounded(state.distance),
      surprise: rounded(state.surprise),
      dropV: rounded(state.dropV),
      dropSpreadV: rounded(state.dropSpreadV),
      stepRatio: rounded(state.stepRatio),
      stepSpread: rounded(state.stepSpread),
    }));
}

/** The states for a splitter of `points` per half-cycle; stored ones of another length or with a hole are left out. */
export function restoreStates(stored: readonly StoredLoadState[], points: number, zeroPoint: number): LoadState[] {
  const usable = stored.filter(
    ({ meanA, spreadA }) =>
      meanA.length === 2 * points && spreadA.length === 2 * points && [...meanA, ...spreadA].every(Number.isFinite),
  );
  return usable.map((one, index) => {
    const state: LoadState = {
      ...one,
      meanA: Float32Array.from(one.meanA),
      spreadA: Float32Array.from(one.spreadA),
      counts: [one.counts[0], one.counts[1]],
      peakA: 0,
      levelsA: [0, 0],
      restPoints: 0,
      startPoint: 0,
      noiseRatio: 0,
      isShifted: false,
      seenAt: index - usable.length,
    };
    summariseState(state, zeroPoint);
    return state;
  });
}

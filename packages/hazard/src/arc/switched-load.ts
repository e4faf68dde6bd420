import type { DropRecord } from './drop-record.ts';
import { DIMMER_STEP, isMixed, isSmooth } from './load-class.ts';
import { isCommutator, type LoadState } from './load-state.ts';

/** Delay in points up to which what fires bears the arc itself. */
const MOST_OWN_DELAY = 2;
/** Usual deviations of the drop below which it stands still. */
const LEAST_MOTION = 1.5;

/** Part of the drops' distance that a commutator's noise must be to hide whether the rest of it moves. */
const HIDING_SHARE = 0.25;
/** Mean surprise over the load's own up to which the drops do not surprise: single half-cycles scatter by a third. */
const MOST_OWN_SURPRISE = 1.2;
/** Standard deviation of the points at which the current comes back up to which it always is the same one. */
const MOST_STILL_DELAY = 0.3;

/** Drops from which on a mean of their shape is believed. */
const LEAST_DROPS = 5;
/** Mean points by which a current comes back sooner that bears no arc, unless the drop explains nearly everything. */
const LEAST_LEAD = 0.5;
const CLEAR_FIT = 0.9;
/** The same whatever the drop explains: an arc beside a load that lags advances its zero by a point at most. */
const CLEAR_LEAD = 2;
/** Standard deviation of the drops over their mean up to which they are one and the same; an arc's scatter by a tenth. */
const MOST_STILL_DROP = 0.04;

/** Whether the drops of half-cycles that look like an arc's, taken together, are a load's that was switched. */
export function isSwitchedLoad(state: LoadState | undefined, drops: DropRecord): boolean {
  if (state === undefined) return false;
  if ((isCommutator(state) || isMixed(state)) && isOneAndTheSame(drops)) return true;
  if (isCommutator(state)) return isStillBesideCommutator(state, drops);
  return isStillBesideFiring(state, drops) || comesBackSooner(state, drops);
}

/**
 * Whether the drop stands still beside something that fires. A load that was switched off there leaves a constant drop
 * which the jitter of the firing makes look restless; but its current is missing before the firing, where an arc in what
 * fires takes nothing away, and an arc beside it moves.
 */
function isStillBesideFiring(state: LoadState, drops: DropRecord): boolean {
  if (state.stepRatio < DIMMER_STEP) return false;
  return drops.meanDelayPoints() > MOST_OWN_DELAY && drops.deviationV() < LEAST_MOTION * state.dropSpreadV;
}

/**
 * Whether the same drop comes back at the same point, beside brushes or supplies whose noise makes it look restless. An arc
 * neither strikes at the same instant each time nor burns at the same voltage.
 */
function isOneAndTheSame(drops: DropRecord): boolean {
  if (drops.count() < LEAST_DROPS || drops.meanDelayPoints() <= MOST_OWN_DELAY) return false;
  return drops.delayDeviationPoints() < MOST_STILL_DELAY && drops.deviationV() < MOST_STILL_DROP * drops.meanV();
}

/**
 * Whether the drop stands still beside a commutator whose noise is too small to hide it: together the half-cycles
 * surprise no more than the load does by itself, and the current always comes back at the same point. An arc strikes anew
 * in every half-cycle, at a voltage that scatters by a third and more (electrical-fire.md 2.4).
 */
function isStillBesideCommutator(state: LoadState, drops: DropRecord): boolean {
  return (
    state.surprise < HIDING_SHARE * drops.meanDistance() &&
    drops.surpriseRatio() < MOST_OWN_SURPRISE &&
    drops.delayDeviationPoints() < MOST_STILL_DELAY
  );
}

/** Whether the current comes back sooner than usual, as beside lamps that start: an arc, which must strike, brings it back late. */
function comesBackSooner(state: LoadState, drops: DropRecord): boolean {
  if (!isSmooth(state) || drops.count() < LEAST_DROPS) return false;
  const leadPoints = -drops.meanDelayPoints();
  return leadPoints >= CLEAR_LEAD || (leadPoints >= LEAST_LEAD && drops.meanExplained() < CLEAR_FIT);
}

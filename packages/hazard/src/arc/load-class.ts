import { isCommutator, type LoadState } from './load-state.ts';

/** Rest in points of the mean above which a load is a rectifier or a late dimmer. */
export const RECTIFIER_REST = 20;
export const LATE_DIMMER_REST = 36;
/** Step over peak from which on a triac fires. */
export const DIMMER_STEP = 0.3;
/** Largest usual step over peak of a rectifier's smooth pulse; a triac's is above. */
export const SMOOTH_STEP = 0.45;
/** Rest of a load that conducts all the half-cycle, points. */
export const MOST_SMOOTH_REST = 6;
/** Largest rest and step of a sine, with distortion: 2.4 points below 6 % of the peak, 0.05. A dimmer fully up has 5 and 0.2. */
const MOST_OHMIC_REST = 4;
const OHMIC_STEP = 0.12;

/** Whether the loads conduct all the half-cycle, without a switch that fires. */
export function isSmooth(state: LoadState): boolean {
  return state.stepRatio < DIMMER_STEP && state.restPoints <= MOST_SMOOTH_REST;
}

/** Whether the current is the voltage's image: through zero in a line and at the same time, without steps or noise. */
export function isOhmic(state: LoadState): boolean {
  return (
    state.stepRatio < OHMIC_STEP && state.restPoints <= MOST_OHMIC_REST && !state.isShifted && !isCommutator(state)
  );
}

/** Whether supplies draw pulses beside loads that conduct all the half-cycle. */
export function isMixed(state: LoadState): boolean {
  const rests = state.restPoints > MOST_SMOOTH_REST && state.restPoints < RECTIFIER_REST;
  return rests && state.stepRatio < DIMMER_STEP && !isCommutator(state);
}

/** Whether a half-cycle in which contacts part is told from a switching: beside nothing that fires or recharges. */
export function showsOnset(state: LoadState): boolean {
  return state.stepRatio < DIMMER_STEP && state.restPoints < RECTIFIER_REST;
}

/** Points from the half-cycle's first, an eighth before the voltage's zero, that must carry current still. */
const LEAST_TO_ZERO = 4;

/**
 * Whether a triac's lamps are among the loads, whatever supplies draw beside them: they come with an edge and conduct until
 * their zero, which is the voltage's. The pulse of a bridge ends soon after the crest, and no rest begins at the zero.
 */
function hasTriac(state: LoadState): boolean {
  return state.stepRatio >= DIMMER_STEP && state.startPoint - state.restPoints >= LEAST_TO_ZERO;
}

/** Whether all that is drawn are the pulses of bridges in front of capacitors. */
export function isRectifier(state: LoadState): boolean {
  return state.restPoints >= RECTIFIER_REST && state.stepRatio < SMOOTH_STEP && !hasTriac(state);
}

import { contradiction } from './load-identity.ts';
import type { LoadIdentity } from './load-identity.ts';
import { addSteps, matchSteps, shapeLikeness } from './step-vector.ts';
import type { StepVector } from './step-vector.ts';
import { knownStep, presentStep } from './tracked-load.ts';
import type { LoadRecord } from './tracked-load.ts';
import { wanderOf } from './tracker-settings.ts';

/** Which loads an off-step belongs to. */
export type OffMatch =
  | { readonly kind: 'loads'; readonly loads: readonly LoadRecord[]; readonly ambiguousWith: readonly string[] }
  /** One stage of a load that runs on: the part of its power that went. */
  | { readonly kind: 'stage'; readonly load: LoadRecord }
  | { readonly kind: 'none' };

/** Mean squared deviation up to which a step is taken for a load's: 3 tolerances. */
const ACCEPTED = 9;
/** A rival this near to the best is named as ambiguous. */
const RIVAL_MARGIN = 2;
/** Two loads going off together is rarer than one: what a pair must be better by. */
const PAIR_PENALTY = 3;
/** Deviation added when on-event and off-event are surely different things. */
const CONTRADICTION_PENALTY = 12;
const SMALLEST_SCALE_SPREAD = 0.03;
/** A stage has the shape of the whole load. */
const STAGE_LIKENESS = 0.985;

/**
 * The load, or pair of loads, that an off-step at `at` fits best. The expected step is the switch-on step scaled to the load's
 * present power, with a tolerance that grows with the time since `onAt` as the family's power wanders. Loads of equal steps cannot be told apart: the best is
 * taken and the others are named.
 */
export function matchOff(
  loads: readonly LoadRecord[],
  observed: StepVector,
  identity: LoadIdentity,
  at: number,
): OffMatch {
  const singles = loads
    .map((load) => ({ loads: [load], deviation: deviationOf(load, observed, identity, at) }))
    .sort((a, b) => a.deviation - b.deviation);
  const best = singles[0];
  const pair = bestPair(loads, observed, at);
  if (best !== undefined && best.deviation <= Math.min(ACCEPTED, (pair?.deviation ?? Infinity) + PAIR_PENALTY)) {
    const rivals = singles.slice(1).filter(({ deviation }) => deviation <= best.deviation + RIVAL_MARGIN);
    return { kind: 'loads', loads: best.loads, ambiguousWith: rivals.flatMap((rival) => rival.loads.map((l) => l.id)) };
  }
  if (pair !== undefined) return { kind: 'loads', loads: pair.loads, ambiguousWith: [] };
  const stage = loads
    .filter((load) => load.powerW > 1.15 * (observed[0] as number))
    .map((load) => ({ load, likeness: shapeLikeness(knownStep(load.vector), observed) }))
    .filter(({ likeness, load }) => likeness >= STAGE_LIKENESS && contradiction(load.identity, identity) < 0.5)
    .sort((a, b) => b.likeness - a.likeness)[0];
  return stage === undefined ? { kind: 'none' } : { kind: 'stage', load: stage.load };
}

type Candidate = { readonly loads: readonly LoadRecord[]; readonly deviation: number };

function bestPair(loads: readonly LoadRecord[], observed: StepVector, at: number): Candidate | undefined {
  let best: Candidate | undefined;
  loads.forEach((a, index) => {
    for (const b of loads.slice(index + 1)) {
      const { deviation } = matchSteps(addSteps(presentStep(a), presentStep(b)), observed, scaleSpreadOf([a, b], at));
      if (deviation < (best?.deviation ?? ACCEPTED - PAIR_PENALTY)) best = { loads: [a, b], deviation };
    }
  });
  return best;
}

function deviationOf(load: LoadRecord, observed: StepVector, identity: LoadIdentity, at: number): number {
  const { deviation } = matchSteps(presentStep(load), observed, scaleSpreadOf([load], at));
  return deviation + CONTRADICTION_PENALTY * contradiction(load.identity, identity);
}

/**
 * Relative standard deviation of what the loads draw together. The variance of the estimate alone is too sure of
 * itself: how the drift was shared out between loads is not in it, so a part of the wander since switch-on is added.
 */
function scaleSpreadOf(loads: readonly LoadRecord[], at: number): number {
  let variance = 0;
  let powerW = 0;
  for (const load of loads) {
    const hours = Math.max(0, at - load.onAt) / 3.6e6;
    const wanderW = 0.5 * wanderOf(load.identity.family) * load.powerW;
    variance += load.variance + Math.min(0.25 * load.powerW ** 2, wanderW ** 2 * hours);
    powerW += load.powerW;
  }
  return Math.hypot(SMALLEST_SCALE_SPREAD, Math.sqrt(variance) / Math.max(1, powerW));
}

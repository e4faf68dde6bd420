import { alignedCycle, HIGHEST_COMPARED, meanPhasors } from './background/aligned-cycle.ts';
import type { AlignedCycle, CycleWaves } from './background/aligned-cycle.ts';
import { backgroundShifts } from './background/background-shift.ts';
import type { BackgroundShift } from './background/background-shift.ts';
import { chosenCycles } from './background/chosen-cycles.ts';
import { levelRuns } from './background/level-runs.ts';
import type { LevelRuns } from './background/level-runs.ts';
import { dot, pulseAxis } from './background/pulse-axis.ts';
import type { PulseAxis } from './background/pulse-axis.ts';
import { stepBesideAxis } from './background/step-beside-axis.ts';
import { waveOf } from './phasors.ts';
import type { Phasors } from './phasors.ts';
import type { CircuitState, SwitchedStates } from './switched-states.ts';

/** Settings of `differenceAround`. */
export type DifferenceSettings = {
  /** Cycles read on either side of the switching. Default 27. */
  readonly reach?: number;
  /** Cycles nearest to the switching left out on either side: half-finished switching. Default 0. */
  readonly guard?: number;
};

/**
 * The states around a switching whose cycle is known, for recordings and for evaluation: cycle `eventCycle` is the
 * first of the new state.
 *
 * Every cycle is turned to its own voltage fundamental. What moves within either side is the background (a load that
 * pulses): its direction is found, and the load's current beside that direction is the step which remains there; along
 * it, levels before and after are matched (`backgroundShifts`). `differenceCurrentA` is the load's current then;
 * `before` and `after` are plain means and still hold the background.
 *
 * Throws RangeError when a side has fewer than 2 cycles or the points per cycle are fewer than 82.
 *
 * @example fingerprintOf(differenceAround(cycles, 120))
 */
export function differenceAround(
  cycles: readonly CycleWaves[],
  eventCycle: number,
  settings: DifferenceSettings = {},
): SwitchedStates {
  const { reach = 27, guard = 0 } = settings;
  const old = cycles.slice(Math.max(0, eventCycle - guard - reach), Math.max(0, eventCycle - guard));
  const fresh = cycles.slice(eventCycle + guard, eventCycle + guard + reach);
  if (!(old.length >= 2 && fresh.length >= 2)) {
    throw new RangeError(
      `differenceAround: ${old.length} cycles before and ${fresh.length} after cycle ${eventCycle}; expected 2 on each side`,
    );
  }
  const eventIndex = old.length;
  const aligned = [...old, ...fresh].map(alignedCycle);
  const { axis, pulse } = backgroundOf(aligned, eventIndex);
  const { along, direction } = axis;
  const shiftA = pulse?.shift.shiftA ?? meanStep(along, eventIndex);
  const beside = stepBesideAxis({
    rows: aligned.map(({ place }, cycle) =>
      place.map((value, k) => value - (along[cycle] as number) * (direction[k] as number)),
    ),
    eventIndex,
    backgroundA:
      pulse === undefined ? undefined : along.map((value, cycle) => value - (cycle < eventIndex ? 0 : shiftA)),
    ...(pulse === undefined
      ? { chosen: new Uint8Array(along.length).fill(1), hasRamps: false }
      : chosenCycles(axis, pulse.runs, pulse.shift, eventIndex)),
  });
  const step = beside.step.map((value, k) => value + shiftA * (direction[k] as number));
  const points = old[0]?.currentA.length ?? 0;
  const sides = [
    sideOf(aligned.slice(0, eventIndex), beside.weights.subarray(0, eventIndex)),
    sideOf(aligned.slice(eventIndex), beside.weights.subarray(eventIndex)),
  ] as const;
  const shiftErrorA = pulse?.shift.errorA ?? 0;
  const variance = beside.noiseA ** 2 * points * (1 / sides[0].weight + 1 / sides[1].weight) + shiftErrorA ** 2;
  return {
    kind: isOn(step, sides) ? 'on' : 'off',
    before: stateOf(sides[0], points),
    after: stateOf(sides[1], points),
    differenceCurrentA: waveOf(withStep(step, sides), points),
    differenceErrorA: new Float64Array(points).fill(Math.sqrt(variance)),
  };
}

type Pulse = { readonly runs: LevelRuns; readonly shift: BackgroundShift };

/** A background pulses when it moves by more than this many noises … */
const PULSE_NOISES = 8;
/** … and more than this. */
const LEAST_PULSE_A = 0.02;
/** The axis is found anew without the cycles between levels, unless that turns it by more than this cosine says. */
const LEAST_COSINE = 0.7;

/** The axis on which the background moves; `pulse` is absent when it rests. */
function backgroundOf(
  aligned: readonly AlignedCycle[],
  eventIndex: number,
): { readonly axis: PulseAxis; readonly pulse?: Pulse } {
  const rows = { rows: aligned.map(({ place }) => place), eventIndex };
  const axis = pulseAxis(rows);
  const pulse = pulseOf(axis, eventIndex);
  if (pulse === undefined) return { axis };
  const { chosen } = chosenCycles(axis, pulse.runs, pulse.shift, eventIndex);
  const cleaner = pulseAxis(rows, chosen);
  if (Math.abs(dot(cleaner.direction, axis.direction)) < LEAST_COSINE) return { axis, pulse };
  const again = pulseOf(cleaner, eventIndex);
  return again === undefined ? { axis, pulse } : { axis: cleaner, pulse: again };
}

function pulseOf(axis: PulseAxis, eventIndex: number): Pulse | undefined {
  if (!pulses(axis)) return undefined;
  const runs = levelRuns(axis, eventIndex);
  const [shift] = backgroundShifts(axis, runs, eventIndex);
  return shift === undefined ? undefined : { runs, shift };
}

function pulses({ rangeA, noiseA }: PulseAxis): boolean {
  return rangeA > PULSE_NOISES * noiseA && rangeA > LEAST_PULSE_A;
}

function meanStep(along: Float64Array, eventIndex: number): number {
  const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return meanOf(along.subarray(eventIndex)) - meanOf(along.subarray(0, eventIndex));
}

/** Weighted mean of one side. */
type Side = {
  readonly current: Phasors;
  readonly voltage: Phasors;
  readonly weight: number;
  readonly cycleCount: number;
};

function sideOf(aligned: readonly AlignedCycle[], weights: Float64Array): Side {
  return {
    current: meanPhasors(
      aligned.map(({ current }) => current),
      weights,
    ),
    voltage: meanPhasors(aligned.map(({ voltage }) => voltage)),
    weight: weights.reduce((sum, weight) => sum + weight, 0),
    cycleCount: Math.max(1, weights.filter((weight) => weight > 0.5).length),
  };
}

function stateOf({ voltage, current, cycleCount }: Side, points: number): CircuitState {
  return { cycleCount, voltageV: waveOf(voltage, points), currentA: waveOf(current, points) };
}

/** The step in the harmonics that cycles are compared by, the difference of the means in those above. */
function withStep(step: Float64Array, [before, after]: readonly [Side, Side]): Phasors {
  const re = after.current.re.map((value, h) => value - (before.current.re[h] as number));
  const im = after.current.im.map((value, h) => value - (before.current.im[h] as number));
  for (let h = 1; h <= HIGHEST_COMPARED; h++) {
    re[h] = step[2 * h - 2] as number;
    im[h] = step[2 * h - 1] as number;
  }
  return { re, im };
}

/** More active power is "on"; a step that is almost purely reactive goes by the magnitude of the fundamental. */
function isOn(step: Float64Array, [before]: readonly [Side, Side]): boolean {
  const [activeA = NaN, reactiveA = NaN] = step;
  if (Math.abs(activeA) >= 0.1 * Math.abs(reactiveA)) return activeA > 0;
  const [oldActiveA = NaN, oldReactiveA = NaN] = [before.current.re[1], before.current.im[1]];
  return Math.hypot(oldActiveA + activeA, oldReactiveA + reactiveA) > Math.hypot(oldActiveA, oldReactiveA);
}

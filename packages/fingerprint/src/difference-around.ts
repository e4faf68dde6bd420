import { alignedCycle, HIGHEST_STATE_HARMONIC, levelsOf, likenessLimit, squaredDistance } from './background-levels.ts';
import type { CycleWaves, Level } from './background-levels.ts';
import { pairLevels } from './level-pairs.ts';
import type { LevelPair } from './level-pairs.ts';
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
 * Every cycle is turned to its own voltage fundamental. Cycles of one side that look alike are one level of the
 * background; levels of both sides that differ by the switched load alone are paired (`pairLevels`) and averaged, so
 * that a load that pulses behind does not enter.
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
  const old = cycles.slice(Math.max(0, eventCycle - guard - reach), eventCycle - guard).reverse();
  const fresh = cycles.slice(eventCycle + guard, eventCycle + guard + reach);
  if (!(old.length >= 2 && fresh.length >= 2)) {
    throw new RangeError(
      `differenceAround: ${old.length} cycles before and ${fresh.length} after cycle ${eventCycle}; expected 2 on each side`,
    );
  }
  const before = old.map(alignedCycle);
  const after = fresh.map(alignedCycle);
  const limit = likenessLimit(before, after);
  const pairs = pairLevels(levelsOf(before, limit), levelsOf(after, limit), { before, after, limit });
  const points = old[0]?.currentA.length ?? 0;
  const difference = meanPhasors(pairs.map(({ from, to }) => minus(currentOf(to), currentOf(from))));
  const [first] = pairs;
  if (first === undefined) throw new Error('two sides of cycles have a pair of levels');
  return {
    kind: isLarger(first.to, first.from) ? 'on' : 'off',
    before: stateOf(first.from, points),
    after: stateOf(first.to, points),
    differenceCurrentA: waveOf(difference, points),
    differenceErrorA: new Float64Array(points).fill(standardErrorA(pairs, points, limit)),
  };
}

function currentOf({ members }: Level): Phasors {
  return meanPhasors(members.map(({ current }) => current));
}

function minus(a: Phasors, b: Phasors): Phasors {
  return {
    re: a.re.map((value, h) => value - (b.re[h] as number)),
    im: a.im.map((value, h) => value - (b.im[h] as number)),
  };
}

function meanPhasors(all: readonly Phasors[]): Phasors {
  const re = new Float64Array(HIGHEST_STATE_HARMONIC + 1);
  const im = new Float64Array(HIGHEST_STATE_HARMONIC + 1);
  for (const one of all) {
    for (let h = 0; h <= HIGHEST_STATE_HARMONIC; h++) {
      (re[h] as number) += (one.re[h] as number) / all.length;
      (im[h] as number) += (one.im[h] as number) / all.length;
    }
  }
  return { re, im };
}

function stateOf(level: Level, points: number): CircuitState {
  return {
    cycleCount: level.members.length,
    voltageV: waveOf(meanPhasors(level.members.map(({ voltage }) => voltage)), points),
    currentA: waveOf(currentOf(level), points),
  };
}

/** More active power is "on"; a step that is almost purely reactive goes by the magnitude of the fundamental. */
function isLarger(level: Level, than: Level): boolean {
  const [activeA = NaN, reactiveA = NaN] = level.place;
  const [oldActiveA = NaN, oldReactiveA = NaN] = than.place;
  if (Math.abs(activeA - oldActiveA) >= 0.1 * Math.abs(reactiveA - oldReactiveA)) return activeA > oldActiveA;
  return Math.hypot(activeA, reactiveA) > Math.hypot(oldActiveA, oldReactiveA);
}

/**
 * Standard error per point of the difference of level means, from the scatter of their members; a single cycle is taken
 * to scatter as far as likeness allows.
 */
function standardErrorA(pairs: readonly LevelPair[], points: number, limit: number): number {
  let variance = 0;
  for (const { from, to } of pairs) {
    for (const { members, place } of [from, to]) {
      const count = members.length;
      const squares = members.reduce((sum, cycle) => sum + squaredDistance(cycle.place, place), 0);
      const ofOne = count > 1 ? squares / (count - 1) : limit / 4;
      // The place has one column for each of the real and imaginary parts: white noise spreads evenly over them all.
      variance += (ofOne * (points / place.length)) / count;
    }
  }
  return Math.sqrt(variance) / pairs.length;
}

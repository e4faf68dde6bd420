import { DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';

/** How far the circuit moved, by dimension, and whether that was a load that pulses. */
export type Move = {
  readonly by: Float64Array;
  readonly isPulse: boolean;
  /** An edge of the same load that must lie in a step which ended after `since`: it cannot come on twice. */
  readonly hidden?: { readonly since: number; readonly by: Float64Array };
};

/** Steps of a circuit that repeat: thermostats, hobs, drums. */
export type KnownPulses = {
  /** What a step at `at` moved: where it repeats one known, what that one moves; otherwise what was measured. */
  readonly take: (at: number, difference: Float64Array) => Move;
  readonly reset: () => void;
};

type Pulse = {
  /** Mean of its edges, seen as coming on or off: whichever was first. */
  readonly mean: Float64Array;
  count: number;
  /** What its newest edge away from where it was first seen moved; null = it is back. */
  away: Float64Array | null;
  at: number;
  /** Of its newest edge, and how many in a row alternated. */
  sign: number;
  alternated: number;
};

const MOST_PULSES = 6;
/** What has not moved for so long begins anew: the voltage is another one. */
const FORGOTTEN_MS = 15 * 60_000;
/** Edges averaged: the voltage's wander moves the mean along. */
const MOST_AVERAGED = 8;
/** Edges from which on a load pulses. */
const PULSES_FROM = 4;
/** Edges that alternated without a gap, from which on one that is missing was hidden. */
const ALTERNATES_FROM = 3;
/**
 * Distance of an edge from the mean up to which it repeats it, power and harmonics apart: part of its size between two
 * bounds, VA, since something else moves meanwhile, and the part of a large one that the voltage's wander moves.
 */
const SAME_POWER = { ratio: 0.1, least: 8, most: 30, wander: 0.025 } as const;
const SAME_HARMONICS = { ratio: 0.12, least: 8, most: 30, wander: 0.025 } as const;

/**
 * A load that pulses moves the circuit by the same vector there and back. Taking off each edge as it was measured leaves
 * the difference of two measurements every time, so that the level around a candidate walks at random; what goes back takes
 * off exactly what it had put on.
 */
export function createKnownPulses(): KnownPulses {
  let pulses: Pulse[] = [];
  return {
    take(at, difference) {
      pulses = pulses.filter((pulse) => at - pulse.at <= FORGOTTEN_MS);
      const pulse = nearestOf(pulses, difference);
      if (pulse !== undefined) {
        const sign = signOf(pulse.mean, difference, 1);
        // What was noted twice because something else moved meanwhile is one.
        pulses = pulses.filter((other) => other === pulse || signOf(other.mean, pulse.mean, 2) === 0);
        const isTwice = sign === pulse.sign;
        const isHidden = isTwice && pulse.alternated >= ALTERNATES_FROM;
        const since = pulse.at;
        pulse.alternated = isTwice && !isHidden ? 0 : pulse.alternated + 1;
        pulse.sign = sign;
        pulse.count++;
        pulse.at = at;
        const weight = 1 / Math.min(pulse.count, MOST_AVERAGED);
        for (let k = 0; k < DIMENSIONS; k++) {
          const mean = pulse.mean[k] as number;
          pulse.mean[k] = mean + weight * (sign * (difference[k] as number) - mean);
        }
        const isBack = pulse.away !== null && signOf(pulse.away, difference, 1) < 0;
        const by = isBack
          ? (pulse.away as Float64Array).map((value) => -value)
          : pulse.mean.map((value) => sign * value);
        pulse.away = isBack ? null : by;
        const isPulse = pulse.count >= PULSES_FROM;
        if (!isHidden) return { by, isPulse };
        return { by, isPulse, hidden: { since, by: pulse.mean.map((value) => -sign * value) } };
      }
      if (pulses.length >= MOST_PULSES) pulses = pulses.sort((a, b) => b.at - a.at).slice(0, MOST_PULSES - 1);
      pulses.push({
        mean: Float64Array.from(difference),
        count: 1,
        away: Float64Array.from(difference),
        at,
        sign: 1,
        alternated: 0,
      });
      return { by: difference, isPulse: false };
    },
    reset: () => void (pulses = []),
  };
}

function nearestOf(pulses: readonly Pulse[], difference: Float64Array): Pulse | undefined {
  let nearest: Pulse | undefined;
  let least = 1;
  for (const pulse of pulses) {
    const distance = Math.min(stepDistance(pulse.mean, difference, 1), stepDistance(pulse.mean, difference, -1));
    if (distance > least) continue;
    least = distance;
    nearest = pulse;
  }
  return nearest;
}

/** 1: the same step; −1: the same back; 0: another one. */
function signOf(mean: Float64Array, difference: Float64Array, most: number): -1 | 0 | 1 {
  if (stepDistance(mean, difference, 1) <= most) return 1;
  return stepDistance(mean, difference, -1) <= most ? -1 : 0;
}

/** How far two steps are from being the same, or with `sign` −1 the same there and back; up to 1 they are. */
export function stepDistance(mean: Float64Array, difference: Float64Array, sign: number): number {
  const within = (
    from: number,
    to: number,
    { ratio, least, most, wander }: typeof SAME_POWER | typeof SAME_HARMONICS,
  ): number => {
    let squares = 0;
    let size = 0;
    for (let k = from; k < to; k++) {
      squares += ((mean[k] as number) - sign * (difference[k] as number)) ** 2;
      size += (mean[k] as number) ** 2;
    }
    const va = Math.sqrt(size);
    return Math.sqrt(squares) / Math.max(least, Math.min(most, ratio * va), wander * va);
  };
  return Math.max(within(0, 2, SAME_POWER), within(FIRST_HARMONIC, DIMENSIONS, SAME_HARMONICS));
}

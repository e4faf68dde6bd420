/** P, Q, D and, when known, harmonics 3, 5 … 15 in phase and in quadrature: all in VA. */
export const DIMENSIONS = 17;
/** Index of the first harmonic component. */
export const FIRST_HARMONIC = 3;
/** Behind harmonics 3, 5 and 7: these carry nine tenths of a rectifier's distortion; higher ones tell rectifiers apart. */
export const SHAPE_END = 9;
/** What is watched for steps: active power or distortion. */
export type WatchedDimension = 0 | 2;

/** A step between two levels of a circuit, seen in readings of one second. */
export type CircuitStep = {
  /** First second that left the old level, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Seconds until the new level held still. */
  readonly settlingS: number;
  readonly isSettled: boolean;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Lowest active power of the seconds before and after: the step of a load behind whose back another one pulses. */
  readonly lowestBeforeW: number;
  readonly lowestAfterW: number;
  /** Active power two seconds after the first second minus two seconds before it, W: short, so that little else falls in. */
  readonly quickW: number;
  /** Mean jump of the active power between two seconds over the last minute, W. */
  readonly restlessW: number;
};

/** Levels and steps of a circuit, second by second. */
export type StepWatch = {
  /** Takes a second; gives the step that it completed. Its arrays are written anew by the next step. */
  readonly push: (at: number, x: Float64Array) => CircuitStep | undefined;
  /** Whether a step has begun and is not complete. */
  readonly isChanging: () => boolean;
  /** Mean jump of the watched dimension between two seconds, VA, steps left out. */
  readonly roughnessVa: () => number;
  readonly reset: () => void;
};

/** Seconds of the old level that are averaged; the newest two are left out: the switch may lie in them. */
const BEFORE_S = 8;
/** Seconds that must hold still. */
const SETTLED_S = 4;
/** A change that never holds still is taken as it is after this time. */
const LONGEST_S = 20;
const LEAST_STEP_VA = 12;
const ROUGHNESS_STEPS = 6;
/** A new level may move by this part of its step and still be one: others on the circuit are restless. */
const STILL_RATIO = 0.15;
const SLOTS = 32;
const MASK = SLOTS - 1;

/**
 * Detects steps of one dimension. The threshold follows its roughness, so that a television does not open a change every
 * second, and what moves another dimension alone (a heater that pulses, seen in distortion) opens none.
 */
export function createStepWatch(dimension: WatchedDimension): StepWatch {
  const ring = Array.from({ length: SLOTS }, () => new Float64Array(DIMENSIONS));
  const watched = new Float64Array(SLOTS);
  const before = new Float64Array(DIMENSIONS);
  const after = new Float64Array(DIMENSIONS);
  const step = { startedAt: 0, endedAt: 0, settlingS: 0, isSettled: true, before, after };
  const power = { lowestBeforeW: 0, lowestAfterW: 0, quickW: 0, restlessW: 0 };
  let pushed = 0;
  let held = 0;
  let roughVa = 1;
  let restlessW = 0;
  let sumBefore = 0;
  let isOpen = false;
  let openS = 0;

  const meanOf = (from: number, to: number, out: Float64Array): void => {
    out.fill(0);
    for (let age = from; age < to; age++) {
      const x = ring[(pushed - 1 - age) & MASK] as Float64Array;
      for (let k = 0; k < DIMENSIONS; k++) out[k] = (out[k] as number) + (x[k] as number) / (to - from);
    }
  };

  const powerAt = (age: number): number => (ring[(pushed - 1 - age) & MASK] as Float64Array)[0] as number;

  const lowestPower = (from: number, to: number): number => {
    let low = Infinity;
    for (let age = from; age < to; age++) low = Math.min(low, powerAt(age));
    return low;
  };

  const limitVa = (): number => Math.max(LEAST_STEP_VA, ROUGHNESS_STEPS * roughVa);

  const open = (at: number, restlessBeforeW: number): void => {
    isOpen = true;
    openS = 0;
    step.startedAt = at;
    const count = Math.min(2 + BEFORE_S, held);
    meanOf(2, count, before);
    power.lowestBeforeW = lowestPower(2, Math.min(2 + 2 * BEFORE_S, held));
    power.restlessW = restlessBeforeW;
  };

  const isStill = (): boolean => {
    let low = Infinity;
    let high = -Infinity;
    for (let age = 0; age < SETTLED_S; age++) {
      const value = watched[(pushed - 1 - age) & MASK] as number;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const size = Math.abs(0.5 * (high + low) - (before[dimension] as number));
    return high - low <= Math.max(limitVa(), STILL_RATIO * size);
  };

  const close = (at: number, isSettled: boolean): CircuitStep => {
    isOpen = false;
    meanOf(0, SETTLED_S, after);
    // A soft start's first two seconds are not its level yet.
    power.lowestAfterW = lowestPower(0, Math.max(SETTLED_S - 1, Math.min(openS - 2, 2 * BEFORE_S)));
    power.quickW = 0.5 * (powerAt(openS - 3) + powerAt(openS - 4) - powerAt(openS) - powerAt(openS + 1));
    step.endedAt = at;
    step.settlingS = openS - SETTLED_S;
    step.isSettled = isSettled;
    // What held still is the new level; what never did is learned from its newest second on.
    held = isSettled ? SETTLED_S : 1;
    sumBefore = 0;
    for (let age = 2; age < held; age++) sumBefore += watched[(pushed - 1 - age) & MASK] as number;
    return Object.assign(step, power);
  };

  return {
    push(at, x) {
      const value = x[dimension] as number;
      const jump = held > 0 ? Math.abs(value - (watched[(pushed - 1) & MASK] as number)) : 0;
      // A step counts as one large jump: it is clipped, so that it does not raise the threshold for minutes.
      roughVa += 0.05 * (Math.min(jump, 4 * roughVa + 1) - roughVa);
      // Running sum over the ages 2 … BEFORE_S + 1 as they will be after this push.
      if (held >= 2) sumBefore += watched[(pushed - 2) & MASK] as number;
      if (held >= 2 + BEFORE_S) sumBefore -= watched[(pushed - 2 - BEFORE_S) & MASK] as number;
      const restlessBeforeW = restlessW;
      if (held > 0) restlessW += 0.02 * (Math.abs((x[0] as number) - powerAt(0)) - restlessW);
      (ring[pushed & MASK] as Float64Array).set(x);
      watched[pushed & MASK] = value;
      pushed++;
      if (held < SLOTS) held++;
      if (!isOpen) {
        const count = Math.min(BEFORE_S, held - 2);
        if (count < 3 || Math.abs(value - sumBefore / count) <= limitVa()) return undefined;
        open(at, restlessBeforeW);
      }
      openS++;
      if (openS < SETTLED_S) return undefined;
      const isSettled = isStill();
      return isSettled || openS >= LONGEST_S ? close(at, isSettled) : undefined;
    },
    isChanging: () => isOpen,
    roughnessVa: () => roughVa,
    reset() {
      held = 0;
      sumBefore = 0;
      isOpen = false;
    },
  };
}

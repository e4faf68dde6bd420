import type { HarmonicPhasor } from './observed-switch.ts';

/**
 * A step as one vector, VA: [P, Q, then in phase and in quadrature per harmonic, times `NOMINAL_V`]. Components that are
 * not known are NaN; vectors of different length are compared over what both have.
 */
export type StepVector = readonly number[];

/** Turns harmonic amperes into volt-amperes, so that all components weigh by what they carry. */
const NOMINAL_V = 230;
/** What a step is not reproduced to: noise of two steady windows, and of the load itself. */
const FLOOR_VA = 4;
const RELATIVE = 0.015;

export function stepVectorOf(step: {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  readonly harmonics: readonly HarmonicPhasor[];
}): StepVector {
  const vector = [step.activePowerW, step.reactivePowerVar];
  for (const { inPhaseA, quadratureA } of step.harmonics) vector.push(NOMINAL_V * inPhaseA, NOMINAL_V * quadratureA);
  return vector;
}

/** How well one step is another one scaled. */
export type StepMatch = {
  /** Mean squared deviation per known component in units of its tolerance: about 1 for two switchings of one load. */
  readonly deviation: number;
  /** The scale that fits best: what is compared is `scale` times the expected step. */
  readonly scale: number;
  /** Components that both know. */
  readonly components: number;
};

/**
 * Compares a step with the one expected. A load that has run for long may draw another power at the same shape, so the
 * expected step may be scaled: `scaleSpread` is the standard deviation of that scale around 1 (> 0). The scale is the
 * minimiser of Σ((b − s·a)/σ)² + ((s − 1)/scaleSpread)², in closed form.
 */
export function matchSteps(expected: StepVector, observed: StepVector, scaleSpread: number): StepMatch {
  const length = Math.min(expected.length, observed.length);
  const size = sizeOf(expected, length);
  const variance = FLOOR_VA ** 2 + (RELATIVE * size) ** 2;
  const prior = 1 / scaleSpread ** 2;
  let products = prior;
  let squares = prior;
  let components = 0;
  for (let k = 0; k < length; k++) {
    const a = expected[k] as number;
    const b = observed[k] as number;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    products += (a * b) / variance;
    squares += (a * a) / variance;
    components++;
  }
  const scale = products / squares;
  let deviation = (scale - 1) ** 2 * prior;
  for (let k = 0; k < length; k++) {
    const difference = (observed[k] as number) - scale * (expected[k] as number);
    if (!Number.isNaN(difference)) deviation += difference ** 2 / variance;
  }
  return { deviation: components === 0 ? Infinity : deviation / components, scale, components };
}

/** Cosine of the angle between two steps over what both know: 1 = same shape; NaN when one is nothing. */
export function shapeLikeness(a: StepVector, b: StepVector): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    const x = a[k] as number;
    const y = b[k] as number;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}

/** Component by component; shorter counts, NaN where one does not know. */
export function addSteps(a: StepVector, b: StepVector): StepVector {
  return a.slice(0, Math.min(a.length, b.length)).map((value, k) => value + (b[k] as number));
}

export function scaleStep(a: StepVector, scale: number): StepVector {
  return a.map((value) => value * scale);
}

function sizeOf(a: StepVector, length: number): number {
  let squares = 0;
  for (let k = 0; k < length; k++) squares += Number.isNaN(a[k]) ? 0 : (a[k] as number) ** 2;
  return Math.sqrt(squares);
}

import { createNormal } from './random.ts';

/** One component: sqrt(2)·rms·sin(order·θ + phaseRad), θ the phase of the fundamental. */
export type Component = { readonly order: number; readonly rms: number; readonly phaseRad?: number };

/** A signal known in closed form. */
export type SignalRecipe = {
  readonly sampleRateHz: number;
  readonly frames: number;
  readonly frequencyHz: number;
  /** Rate of change of the frequency. */
  readonly driftHzPerS?: number;
  /** θ at frame 0. */
  readonly startPhaseRad?: number;
  readonly components: readonly Component[];
  readonly dc?: number;
  /** White Gaussian noise, rms. */
  readonly noiseRms?: number;
  readonly seed?: number;
};

/** θ at a frame (fractional frames allowed): the phase of the fundamental, not wrapped. */
export function phaseAt(recipe: SignalRecipe, frame: number): number {
  const t = frame / recipe.sampleRateHz;
  const turns = recipe.frequencyHz * t + ((recipe.driftHzPerS ?? 0) * t * t) / 2;
  return 2 * Math.PI * turns + (recipe.startPhaseRad ?? 0);
}

/** The samples. */
export function synthesise(recipe: SignalRecipe): Float64Array {
  const normal = createNormal(recipe.seed ?? 1);
  const noiseRms = recipe.noiseRms ?? 0;
  return Float64Array.from({ length: recipe.frames }, (_, frame) => {
    const theta = phaseAt(recipe, frame);
    let value = recipe.dc ?? 0;
    for (const { order, rms, phaseRad = 0 } of recipe.components) {
      value += Math.SQRT2 * rms * Math.sin(order * theta + phaseRad);
    }
    return noiseRms === 0 ? value : value + noiseRms * normal();
  });
}

/** Mean of the product of two signals of the same fundamental: Σ V_h·I_h·cos(φv - φi), plus dc·dc. */
export function activePowerOf(voltage: readonly Component[], current: readonly Component[]): number {
  let power = 0;
  for (const v of voltage) {
    for (const i of current) {
      if (v.order === i.order) power += v.rms * i.rms * Math.cos((v.phaseRad ?? 0) - (i.phaseRad ?? 0));
    }
  }
  return power;
}

/** Root of the sum of squares. */
export function rmsOf(components: readonly Component[], noiseRms = 0): number {
  return Math.sqrt(components.reduce((sum, { rms }) => sum + rms * rms, noiseRms * noiseRms));
}

/** Harmonics above the first relative to the first, per cent. */
export function thdPctOf(components: readonly Component[]): number {
  const harmonics = components.filter(({ order }) => order > 1);
  const fundamental = components.find(({ order }) => order === 1);
  return (100 * rmsOf(harmonics)) / (fundamental?.rms ?? NaN);
}

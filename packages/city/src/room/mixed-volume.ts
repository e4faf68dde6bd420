/**
 * Concentration in a well-mixed volume with a source and ventilation, and what a sensor with a first-order lag shows:
 * dC/dt = source − removal·C, ds/dt = (C − s)/tau. Steps are exact for a source that is constant within the step.
 */
export class MixedVolume {
  concentration = 0;
  sensed = 0;
  readonly #lagS: number;

  /** `lagS`: time constant of the sensor (T90 / 2.3). */
  constructor(lagS: number) {
    this.#lagS = lagS;
  }

  /** `source`: rise of the concentration per second; `removalPerS`: air changes per second, > 0. */
  advance(stepS: number, source: number, removalPerS: number): void {
    const steady = source / removalPerS;
    const before = this.concentration;
    this.concentration = steady + (before - steady) * Math.exp(-removalPerS * stepS);
    // The sensor sees the mean of the step: second-order accurate and stable for any step.
    const mean = (before + this.concentration) / 2;
    this.sensed = mean + (this.sensed - mean) * Math.exp(-stepS / this.#lagS);
  }
}

export type FeederSpec = {
  /** Rms of the fundamental, V. */
  readonly voltageV: number;
  readonly frequencyHz: number;
  readonly startPhaseRad: number;
  readonly harmonics: readonly { readonly order: number; readonly ratio: number; readonly phaseRad?: number }[];
};

/** Points of one cycle: linear interpolation between them is off by 5e-6 of the peak, ten bits below a converter's. */
const TABLE_SIZE = 1024;

/**
 * Open-circuit voltage by the block. One cycle lies in a table filled by rotating phasors, which takes microseconds: for
 * short runs by the thousand, where a board's supply with its eight times finer table would cost more than the run.
 */
export class FeederVoltage {
  /** Multiplies the voltage from the next block on: dips, swells, flicker. */
  level = 1;
  readonly #cycle = new Float64Array(TABLE_SIZE + 1);
  readonly #turnsPerStep: number;
  #turns: number;

  constructor(spec: FeederSpec, stepS: number) {
    this.#turnsPerStep = spec.frequencyHz * stepS;
    const turns = (spec.startPhaseRad / (2 * Math.PI)) % 1;
    this.#turns = turns < 0 ? turns + 1 : turns;
    const peakV = Math.SQRT2 * spec.voltageV;
    this.#addHarmonic(1, peakV, 0);
    for (const { order, ratio, phaseRad = 0 } of spec.harmonics) this.#addHarmonic(order, peakV * ratio, phaseRad);
  }

  /** Writes the voltage and the phase (turns, 0 … 1) of the next `count` steps and moves on by them. */
  fill(voltageV: Float64Array, phaseTurns: Float64Array, count: number): void {
    const cycle = this.#cycle;
    const turnsPerStep = this.#turnsPerStep;
    const { level } = this;
    let turns = this.#turns;
    for (let n = 0; n < count; n++) {
      phaseTurns[n] = turns;
      const position = turns * TABLE_SIZE;
      const cell = position | 0;
      const from = cycle[cell] as number;
      voltageV[n] = level * (from + ((cycle[cell + 1] as number) - from) * (position - cell));
      turns += turnsPerStep;
      if (turns >= 1) turns -= 1;
    }
    this.#turns = turns;
  }

  #addHarmonic(order: number, peakV: number, phaseRad: number): void {
    const stepRad = (2 * Math.PI * order) / TABLE_SIZE;
    const turnRe = Math.cos(stepRad);
    const turnIm = Math.sin(stepRad);
    let re = peakV * Math.cos(phaseRad);
    let im = peakV * Math.sin(phaseRad);
    const cycle = this.#cycle;
    for (let n = 0; n <= TABLE_SIZE; n++) {
      cycle[n] = (cycle[n] as number) + im;
      const nextRe = re * turnRe - im * turnIm;
      im = re * turnIm + im * turnRe;
      re = nextRe;
    }
  }
}

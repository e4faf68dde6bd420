import type { RandomStream } from '../random/random-stream.ts';
import type { ArcColumn } from './arc-column.ts';

/** A charred path with every quantity drawn. */
export type CarbonisedPath = {
  readonly reignitionV: number;
  readonly reignitionScatter: number;
  readonly arcV: number;
  readonly arcScatter: number;
  readonly hyperbolicW: number;
  readonly deionisationS: number;
  readonly deionisationScatter: number;
  readonly extinctionA: number;
  readonly charOhm: number;
  readonly ageingVPerJ: number;
  readonly asymmetryRatio: number;
};

/** However much char there is, a cold path wants this much to ignite, V. */
const LEAST_REIGNITION_V = 20;
/** Below this current the falling part of the characteristic is held, A: what it would reach belongs to a cold gap. */
const LEAST_HYPERBOLIC_A = 0.5;

/**
 * A static arc, u = A + C/|i| (Ayrton), that goes out near the current's zero and re-ignites when the gap's voltage passes
 * a value drawn anew every time, not before the de-ionisation delay is over. The plain static arc is a path that does
 * not age.
 *
 * Ignition is decided on the state of the step before: within the step the arc pulls down the very voltage that lit it.
 */
export class CarbonisedColumn implements ArcColumn {
  sourceV = 0;
  ohm: number;
  isBurning = false;
  /** Energy the arc has turned into heat, J. */
  energyJ = 0;
  readonly #path: CarbonisedPath;
  readonly #random: RandomStream;
  readonly #stepS: number;
  /** State at the start of the step: +1, −1 burning in that direction, 0 out. */
  #direction = 0;
  #hasTaken = false;
  /** Voltage of the column in this step, from the current of the last. */
  #columnV = 0;
  #medianV: number;
  #gapV = 0;
  #burningV = 0;
  #deionisationS = 0;
  #outS = 0;

  constructor(path: CarbonisedPath, stepS: number, random: RandomStream) {
    this.#path = path;
    this.#random = random;
    this.#stepS = stepS;
    this.#medianV = path.reignitionV;
    this.ohm = path.charOhm;
    this.#drawGap();
    this.#drawArc();
  }

  open(currentA: number): void {
    this.#drawGap();
    this.#outS = 0;
    this.#direction = 0;
    if (Math.abs(currentA) <= this.#path.extinctionA) return;
    this.#ignite(Math.sign(currentA));
    this.#hasTaken = true;
    this.#setColumnV(Math.abs(currentA));
  }

  beginHalfCycle(): void {
    // Else a path that drew more than the peak of the mains would stay out for good.
    if (this.#direction === 0) this.#drawGapVoltage();
  }

  solve(openV: number, behindOhm: number): void {
    const direction = this.#direction;
    const currentA = direction === 0 ? 0 : direction * ((openV - direction * this.#columnV) / behindOhm);
    // A fresh arc behind an inductance starts from no current: it may rise to the extinction current before that counts.
    this.isBurning = direction !== 0 && currentA > (this.#hasTaken ? this.#path.extinctionA : 0);
    if (this.isBurning) {
      this.sourceV = direction * this.#columnV;
      this.ohm = 0;
    } else {
      this.sourceV = 0;
      this.ohm = this.#path.charOhm;
    }
  }

  commit(openV: number, behindOhm: number): void {
    this.solve(openV, behindOhm);
    if (this.isBurning) {
      const currentA = Math.abs((openV - this.sourceV) / behindOhm);
      this.#hasTaken ||= currentA > this.#path.extinctionA;
      const burnedJ = this.#columnV * currentA * this.#stepS;
      this.energyJ += burnedJ;
      this.#medianV = Math.max(LEAST_REIGNITION_V, this.#medianV - this.#path.ageingVPerJ * burnedJ);
      this.#setColumnV(currentA);
      return;
    }
    if (this.#direction !== 0) {
      this.#direction = 0;
      this.#outS = 0;
      this.#drawGap();
      // The source seen in this step still holds the voltage of the load's inductance under current: no measure of the gap.
      return;
    }
    this.#outS += this.#stepS;
    const gapV = openV * (this.ohm / (this.ohm + behindOhm));
    if (this.#outS >= this.#deionisationS && Math.abs(gapV) > this.#gapV) this.#ignite(Math.sign(gapV));
  }

  #ignite(direction: number): void {
    this.#direction = direction;
    this.#hasTaken = false;
    this.#drawArc();
    this.#setColumnV(0);
  }

  #setColumnV(currentA: number): void {
    const fallingV = this.#path.hyperbolicW / Math.max(LEAST_HYPERBOLIC_A, currentA);
    this.#columnV = this.#arcV(this.#direction) + fallingV;
  }

  #arcV(direction: number): number {
    return direction < 0 ? this.#burningV * this.#path.asymmetryRatio : this.#burningV;
  }

  #drawArc(): void {
    this.#burningV = this.#path.arcV * this.#scatter(this.#path.arcScatter);
  }

  #drawGap(): void {
    this.#drawGapVoltage();
    this.#deionisationS = this.#path.deionisationS * this.#scatter(this.#path.deionisationScatter);
  }

  #drawGapVoltage(): void {
    this.#gapV = Math.max(LEAST_REIGNITION_V, this.#medianV * this.#scatter(this.#path.reignitionScatter));
  }

  /** A log-normal factor of median 1. */
  #scatter(deviation: number): number {
    return deviation === 0 ? 1 : Math.exp(deviation * this.#random.normal());
  }
}

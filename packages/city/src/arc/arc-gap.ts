import type { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import { CONTACT_OHM, type ArcColumn } from './arc-column.ts';
import { ArcNoise } from './arc-noise.ts';
import type { ArcModelSpec } from './arc-spec.ts';
import { createArcColumn } from './create-arc-column.ts';

/** How the two contacts of a gap part and touch, and how the arc hisses. */
export type ArcGapSpec = {
  readonly model: ArcModelSpec;
  /** Probability that an arcing half-cycle is followed by another, 0 … 1; default 1: contacts stay apart. */
  readonly arcToArc?: number;
  /** Probability that a half-cycle of touching contacts is followed by an arcing one; default 0.1. */
  readonly touchToArc?: number;
  /**
   * What the half-cycles without an arc are: `touching` (default; contacts in a line), or `apart` (a path between two lines,
   * which no current takes while it does not arc).
   */
  readonly rest?: 'touching' | 'apart';
  /** Rms of the burning voltage's noise over 28 V, 0 … 1; default drawn 0.02 … 0.08. Grows six-fold towards no current. */
  readonly noiseRatio?: number;
};

/** Burning voltage the noise is relative to. */
const TYPICAL_ARC_V = 28;
/** Resistance of a path that rests apart, ohm. */
const APART_OHM = 1e9;
/** Current below which an arc hisses more, A. */
const RESTLESS_A = 0.5;

/**
 * A gap in a line, or between two: closed contact, arc column or cold gap; for one step u = sourceV + ohm·i.
 * The order of a step is `prepare`, `solve` as often as wanted, `commit`.
 */
export class ArcGap {
  sourceV = 0;
  ohm: number;
  /** Whether an arc burns in this step. */
  isBurning = false;
  currentA = 0;
  readonly #column: ArcColumn;
  readonly #noise: ArcNoise;
  readonly #noiseV: number;
  readonly #random: RandomStream;
  readonly #arcToArc: number;
  readonly #touchToArc: number;
  readonly #restOhm: number;
  #isStruck = false;
  #isOpen = false;
  /** Where within the half-cycle the contacts part, 0 … 1; NaN when they do not. */
  #opensAt = NaN;
  #half = -1;
  #hissV = 0;

  /** Throws RangeError naming the field, its value and its range. */
  constructor(spec: ArcGapSpec, stepS: number, random: RandomStream) {
    const { arcToArc = 1, touchToArc = 0.1, noiseRatio = random.between(0.02, 0.08) } = spec;
    requireWithin('arc: arcToArc', arcToArc, 0, 1);
    requireWithin('arc: touchToArc', touchToArc, 0, 1);
    requireWithin('arc: noiseRatio', noiseRatio, 0, 1);
    this.#arcToArc = arcToArc;
    this.#touchToArc = touchToArc;
    this.#restOhm = spec.rest === 'apart' ? APART_OHM : CONTACT_OHM;
    this.ohm = this.#restOhm;
    this.#noiseV = noiseRatio * TYPICAL_ARC_V;
    this.#random = random;
    this.#column = createArcColumn(spec.model, stepS, random);
    this.#noise = new ArcNoise(stepS, random);
  }

  /** True while the contacts may part; a gap that is not struck is a closed contact (or a path that is not there). */
  get isStruck(): boolean {
    return this.#isStruck;
  }

  /** Apart without an arc: next to no current flows. */
  get isOut(): boolean {
    return this.#isOpen && !this.isBurning;
  }

  /** The contacts part at once; from then on they follow the burst probabilities. */
  strike(): void {
    if (this.#isStruck) return;
    this.#isStruck = true;
    this.#part();
  }

  /** The contacts close and stay closed. */
  mend(): void {
    this.#isStruck = false;
    this.#touch();
  }

  /** `phaseTurns`: phase of the supply's fundamental, 0 … 1. */
  prepare(phaseTurns: number): void {
    if (!this.#isStruck) return;
    const half = phaseTurns < 0.5 ? 0 : 1;
    if (half !== this.#half) {
      this.#half = half;
      this.#beginHalfCycle();
    }
    if (!this.#isOpen && 2 * phaseTurns - half >= this.#opensAt) this.#part();
    if (!this.#isOpen) return;
    const hissV = this.isBurning
      ? this.#noiseV * this.#noise.next() * (1 + 5 * Math.exp(-Math.abs(this.currentA) / RESTLESS_A))
      : 0;
    // The last solution with the new noise is the first guess of this step.
    if (this.isBurning) this.sourceV += hissV - this.#hissV;
    this.#hissV = hissV;
  }

  /** Takes the Thevenin source across the gap and sets `sourceV`, `ohm`, `isBurning`. */
  solve(openV: number, behindOhm: number): void {
    if (!this.#isOpen) return;
    const column = this.#column;
    column.solve(openV - this.#hissV, behindOhm);
    this.#take();
  }

  /** As `solve`, and moves the state on; `currentA` flowed. */
  commit(openV: number, behindOhm: number, currentA: number): void {
    this.currentA = currentA;
    if (!this.#isOpen) return;
    this.#column.commit(openV - this.#hissV, behindOhm);
  }

  /** The load behind was switched off: nothing flows, and no step follows until it is on again. */
  cutOff(): void {
    this.currentA = 0;
    this.isBurning = false;
  }

  #take(): void {
    const column = this.#column;
    this.isBurning = column.isBurning;
    this.ohm = column.ohm;
    this.sourceV = column.sourceV + (column.isBurning ? this.#hissV : 0);
  }

  #beginHalfCycle(): void {
    this.#column.beginHalfCycle();
    if (this.#isOpen) {
      if (this.#random.between(0, 1) >= this.#arcToArc) this.#touch();
    } else {
      this.#opensAt = this.#random.between(0, 1) < this.#touchToArc ? this.#random.between(0, 1) : NaN;
    }
  }

  #part(): void {
    this.#isOpen = true;
    this.#opensAt = NaN;
    this.#column.open(this.currentA);
  }

  #touch(): void {
    this.#isOpen = false;
    this.#opensAt = NaN;
    this.isBurning = false;
    this.sourceV = 0;
    this.ohm = this.#restOhm;
  }
}

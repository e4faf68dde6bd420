import type { RandomStream } from '../random/random-stream.ts';
import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/** Scatter of the firing instant, s (field: 15 µs). */
const JITTER_S = 15e-6;

/**
 * Resistance behind a triac that fires once per half-cycle and conducts until the current's zero.
 * The step in which it fires conducts for part of its length only, so the firing instant is finer than the step.
 */
export class Dimmer extends ElementCore {
  /** Of the lamp, S; set by the owner. */
  fullConductance: number;
  /** Delay of the firing after the voltage's zero, degrees; set by the owner. */
  firingAngleDeg: number;
  readonly #jitterTurns: number;
  readonly #random: RandomStream;
  #nextTurns: number;
  #lastTurns = 1;
  #direction = 0;
  #isOpening = false;

  constructor(fullConductance: number, firingAngleDeg: number, mainsHz: number, random: RandomStream) {
    super(true);
    this.fullConductance = fullConductance;
    this.firingAngleDeg = firingAngleDeg;
    this.#jitterTurns = JITTER_S * 2 * mainsHz;
    this.#random = random;
    this.#nextTurns = firingAngleDeg / 180;
  }

  /** Closes the contact; the triac waits for the next half-cycle. */
  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.#lastTurns = 1;
    this.#direction = 0;
  }

  open(): void {
    this.#isOpening = true;
  }

  prepare({ phaseTurns, voltageV: lastV }: ElementNode): void {
    const half = phaseTurns >= 0.5 ? phaseTurns * 2 - 1 : phaseTurns * 2;
    if (half < this.#lastTurns) {
      this.#nextTurns = this.firingAngleDeg / 180 + this.#jitterTurns * this.#random.normal();
    }
    const direction = phaseTurns < 0.5 ? 1 : -1;
    // The gate stays on after its angle: near 0° the voltage may not have turned yet when it begins.
    if (this.#direction === 0 && half >= this.#nextTurns && direction * lastV > 0 && !this.#isOpening) {
      const advance = half - this.#lastTurns + (half < this.#lastTurns ? 1 : 0);
      this.#direction = direction;
      this.port.conductance = this.fullConductance * Math.min(1, (half - this.#nextTurns) / advance);
    } else {
      this.port.conductance = this.#direction === 0 ? 0 : this.fullConductance;
    }
    this.#lastTurns = half;
  }

  commit({ voltageV: loadV }: ElementNode): void {
    // Fired a moment before the voltage's own zero: it holds until the voltage turns against the fired direction.
    if (this.#direction * loadV < 0) {
      this.#direction = 0;
      this.port.conductance = 0;
    }
    if (this.#isOpening && this.#direction === 0) this.port.isActive = false;
    this.port.currentA = this.port.conductance * loadV;
  }
}

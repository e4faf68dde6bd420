import type { RandomStream } from '../random/random-stream.ts';
import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';
import { nearNormal } from './near-normal.ts';

/** Scatter of the cut, s. */
const JITTER_S = 8e-6;

/**
 * Resistance behind a transistor dimmer: conducts from the voltage's zero until the cut. The step in which it cuts conducts
 * for part of its length only.
 */
export class TrailingDimmer extends ElementCore {
  /** Of the lamp, S; set by the owner. */
  fullConductance = 0;
  /** Part of each half-wave that is cut at its end, degrees; set by the owner. */
  cutDeg = 0;
  readonly #jitterTurns: number;
  readonly #random: RandomStream;
  #cutTurns = 1;
  #lastTurns = 1;
  #lastV = 0;
  #isOpening = false;

  constructor(mainsHz: number, random: RandomStream) {
    super(true);
    this.#jitterTurns = JITTER_S * 2 * mainsHz;
    this.#random = random;
  }

  prepare({ phaseTurns, voltageV: lastV }: ElementNode): void {
    const half = phaseTurns >= 0.5 ? phaseTurns * 2 - 1 : phaseTurns * 2;
    const last = this.#lastTurns;
    if (half < last) this.#cutTurns = 1 - this.cutDeg / 180 + this.#jitterTurns * nearNormal(this.#random);
    const advance = half - last + (half < last ? 1 : 0);
    const share = advance > 0 ? (this.#cutTurns - half + advance) / advance : 1;
    this.port.conductance = this.fullConductance * Math.min(1, Math.max(0, share));
    this.#lastTurns = half;
    this.#lastV = lastV;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    if (this.#isOpening && (port.conductance === 0 || v * this.#lastV <= 0)) {
      port.isActive = false;
      port.currentA = 0;
    } else {
      port.currentA = port.conductance * v;
    }
  }

  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.#lastTurns = 1;
    this.#cutTurns = 1 - this.cutDeg / 180;
  }

  open(): void {
    this.#isOpening = true;
  }
}

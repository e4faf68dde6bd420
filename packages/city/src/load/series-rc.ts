import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/** Resistance and capacitance in series (interference filters, run capacitors), by implicit Euler. */
export class SeriesRc extends ElementCore {
  #capacitorV = 0;
  #isOpening = false;
  readonly #voltPerAmpere: number;

  /** Throws nothing; `ohm` ≥ 0, `farad` > 0 are the caller's to check. */
  constructor(stepS: number, ohm: number, farad: number) {
    super(true);
    this.#voltPerAmpere = stepS / farad;
    this.port.conductance = 1 / (ohm + this.#voltPerAmpere);
  }

  prepare(): void {
    this.port.sourceA = -this.port.conductance * this.#capacitorV;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const currentA = port.conductance * (v - this.#capacitorV);
    this.#capacitorV += this.#voltPerAmpere * currentA;
    if (this.#isOpening && currentA * port.currentA <= 0) port.isActive = false;
    port.currentA = currentA;
  }

  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    // Bleeder resistors empty a filter capacitor within a second of unplugging.
    this.#capacitorV = 0;
    this.port.currentA = 0;
  }

  open(): void {
    this.#isOpening = true;
  }
}

import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/** Forward voltage of the two diodes of a bridge that conduct at a time, V. */
export const BRIDGE_DROP_V = 1.8;

/**
 * Diode bridge with R and L in front and a capacitor with a constant-power converter behind, by implicit Euler:
 *
 *   L di/dt = v − R i − s (u + drop)        s = ±1 while conducting, i = 0 otherwise
 *   C du/dt = |i| − P / u
 *
 * `conductance` and `sourceA` are its companion i⁺ = conductance·v⁺ + sourceA for the conduction state of the moment.
 */
export class Rectifier extends ElementCore {
  capacitorV = 0;
  /** +1, −1: conducting in that half-wave; 0: blocked. */
  direction = 0;
  powerW = 0;
  readonly #farad: number;
  readonly #henry: number;
  readonly #stepS: number;
  #isOpening = false;
  #ohm = 1;
  #gain = 0;
  #backV = 0;

  constructor(stepS: number, farad: number, henry: number) {
    super(false);
    this.#stepS = stepS;
    this.#farad = farad;
    this.#henry = henry;
    this.setSeriesOhm(1);
  }

  setSeriesOhm(ohm: number): void {
    this.#ohm = ohm;
    this.#gain = 1 / (this.#ohm + this.#henry / this.#stepS + this.#stepS / this.#farad);
  }

  close(capacitorV = 0): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.capacitorV = capacitorV;
    this.port.currentA = 0;
    this.direction = 0;
  }

  open(): void {
    this.#isOpening = true;
  }

  /** Companion for this step, with the conduction state of the last one. */
  prepare(): void {
    // Below a few volts the converter is off: the clamp keeps P/u finite.
    const drawnA = this.capacitorV > 20 ? this.powerW / this.capacitorV : 0;
    this.#backV = Math.max(0, this.capacitorV - (drawnA * this.#stepS) / this.#farad) + BRIDGE_DROP_V;
    this.#updateCompanion();
  }

  /** Compares the conduction state with the solved voltage; returns false and corrects it when they disagree. */
  override settle({ voltageV: loadV }: ElementNode): boolean {
    if (this.direction === 0) {
      if (Math.abs(loadV) <= this.#backV || this.#isOpening) return true;
      this.direction = loadV > 0 ? 1 : -1;
    } else {
      if (this.direction * (this.port.conductance * loadV + this.port.sourceA) >= 0) return true;
      this.direction = 0;
    }
    this.#updateCompanion();
    return false;
  }

  commit({ voltageV: loadV }: ElementNode): void {
    const { port } = this;
    const solved = port.conductance * loadV + port.sourceA;
    const currentA = this.direction * solved > 0 ? solved : 0;
    port.currentA = currentA;
    this.capacitorV = this.#backV - BRIDGE_DROP_V + (Math.abs(currentA) * this.#stepS) / this.#farad;
    if (this.#isOpening && currentA === 0) port.isActive = false;
  }

  #updateCompanion(): void {
    if (this.direction === 0) {
      this.port.conductance = 0;
      this.port.sourceA = 0;
    } else {
      this.port.conductance = this.#gain;
      this.port.sourceA =
        this.#gain * ((this.#henry / this.#stepS) * this.port.currentA - this.direction * this.#backV);
    }
  }
}

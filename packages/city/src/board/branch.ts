import type { Dimmer } from '../load/dimmer.ts';
import type { Element, Resistor } from '../load/load.ts';
import type { Rectifier } from '../load/rectifier.ts';
import type { SeriesRl } from '../load/series-rl.ts';

/**
 * The electrical network of one circuit: contact and cable in series, all loads in parallel behind them.
 *
 * Every element is, for one step, i = g·v + j (a Norton companion), so the branch as seen from the busbar is one too:
 * with the series resistance r, g' = g / (1 + r g), j' = j / (1 + r g).
 */
export class Branch {
  /** Companion seen from the busbar, valid after `combine`. */
  conductance = 0;
  sourceA = 0;
  currentA = 0;
  /** Contact and cable, ohm. */
  seriesOhm = 0;
  /** Extra conductance: overload and insulation faults, S. */
  faultConductance = 0;
  /** Sum of i² over the steps since `clearSums`: heats the terminal. */
  sumCurrentSquared = 0;
  /** Sums at the loads without what faults draw: i², v·i, v². */
  sumRestSquared = 0;
  sumRestPower = 0;
  sumVoltageSquared = 0;
  stepCount = 0;

  readonly #resistors: Resistor[] = [];
  readonly #seriesRls: SeriesRl[] = [];
  readonly #rectifiers: Rectifier[] = [];
  readonly #dimmers: Dimmer[] = [];
  #resistorConductance = 0;
  #hasOpening = false;
  #loadV = 0;
  #linearG = 0;
  #linearJ = 0;
  #isIdle = true;

  constructor(elements: readonly Element[]) {
    for (const { kind, element } of elements) {
      if (kind === 'resistor') this.#resistors.push(element);
      else if (kind === 'seriesRl') this.#seriesRls.push(element);
      else if (kind === 'rectifier') this.#rectifiers.push(element);
      else this.#dimmers.push(element);
    }
  }

  /** True when nothing draws current: the step then costs nothing. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** To be called after a load was switched or its parameters moved. */
  refresh(): void {
    this.#resistorConductance = 0;
    this.#hasOpening = false;
    for (const resistor of this.#resistors) {
      if (!resistor.isActive) continue;
      this.#resistorConductance += resistor.conductance;
      this.#hasOpening ||= resistor.isOpening;
    }
    this.#isIdle =
      this.#resistorConductance + this.faultConductance === 0 &&
      !this.#seriesRls.some((rl) => rl.isActive) &&
      !this.#rectifiers.some((rectifier) => rectifier.isActive) &&
      !this.#dimmers.some((dimmer) => dimmer.isActive);
    if (this.#isIdle) {
      this.conductance = 0;
      this.sourceA = 0;
      this.currentA = 0;
    }
  }

  /** First part of a step: what does not depend on the diodes. */
  prepare(phaseTurns: number): void {
    let g = this.#resistorConductance + this.faultConductance;
    let j = 0;
    for (const rl of this.#seriesRls) {
      if (!rl.isActive) continue;
      g += rl.gainAfter;
      j += rl.decay * rl.currentA + rl.gainBefore * this.#loadV;
    }
    for (const dimmer of this.#dimmers) {
      if (!dimmer.isActive) continue;
      dimmer.prepare(phaseTurns);
      g += dimmer.conductance;
    }
    this.#linearG = g;
    this.#linearJ = j;
    for (const rectifier of this.#rectifiers) if (rectifier.isActive) rectifier.prepare();
    this.combine();
  }

  /** Companion at the busbar with the present state of the diodes. */
  combine(): void {
    let g = this.#linearG;
    let j = this.#linearJ;
    for (const rectifier of this.#rectifiers) {
      if (!rectifier.isActive) continue;
      g += rectifier.conductance;
      j += rectifier.sourceA;
    }
    const divisor = 1 / (1 + this.seriesOhm * g);
    this.conductance = g * divisor;
    this.sourceA = j * divisor;
  }

  /** Whether every diode agrees with the busbar voltage; those that do not are corrected. */
  settle(busV: number): boolean {
    if (this.#rectifiers.length === 0) return true;
    const loadV = busV - this.seriesOhm * (this.conductance * busV + this.sourceA);
    let agrees = true;
    for (const rectifier of this.#rectifiers) {
      if (rectifier.isActive && !rectifier.settle(loadV)) agrees = false;
    }
    if (!agrees) this.combine();
    return agrees;
  }

  /** Last part of a step: moves every state on. */
  commit(busV: number): void {
    const solvedA = this.conductance * busV + this.sourceA;
    const loadV = busV - this.seriesOhm * solvedA;
    let currentA = this.#resistorConductance * loadV;
    for (const rl of this.#seriesRls) {
      if (!rl.isActive) continue;
      const after = rl.decay * rl.currentA + rl.gainBefore * this.#loadV + rl.gainAfter * loadV;
      if (rl.isOpening && after * rl.currentA <= 0) {
        rl.isActive = false;
        rl.currentA = 0;
      } else {
        rl.currentA = after;
        currentA += after;
      }
    }
    for (const rectifier of this.#rectifiers) if (rectifier.isActive) currentA += rectifier.commit(loadV);
    for (const dimmer of this.#dimmers) if (dimmer.isActive) currentA += dimmer.commit(loadV);
    if (this.#hasOpening && loadV * this.#loadV <= 0) this.#openResistors();
    this.#loadV = loadV;
    this.sumRestSquared += currentA * currentA;
    this.sumRestPower += loadV * currentA;
    this.sumVoltageSquared += loadV * loadV;
    currentA += this.faultConductance * loadV;
    this.currentA = currentA;
    this.sumCurrentSquared += currentA * currentA;
    this.stepCount++;
  }

  /** Carries the busbar voltage through an idle step, so that a load closing next finds the voltage before it. */
  idle(busV: number): void {
    this.#loadV = busV;
    this.sumVoltageSquared += busV * busV;
    this.stepCount++;
  }

  clearSums(): void {
    this.sumCurrentSquared = 0;
    this.sumRestSquared = 0;
    this.sumRestPower = 0;
    this.sumVoltageSquared = 0;
    this.stepCount = 0;
  }

  #openResistors(): void {
    for (const resistor of this.#resistors) {
      if (resistor.isOpening) resistor.isActive = false;
    }
    this.refresh();
  }
}

import type { CircuitElement } from '../load/circuit-element.ts';
import { Resistor } from '../load/resistor.ts';

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

  /** Resistances directly at the node: one sum. */
  readonly #resistors: readonly Resistor[];
  readonly #elements: readonly CircuitElement[];
  /** Of `#elements`, those active at the last refresh, and of these the ones that `settle`. */
  #active: readonly CircuitElement[] = [];
  #settling: readonly CircuitElement[] = [];
  #resistorConductance = 0;
  #hasOpening = false;
  #loadV = 0;
  #linearG = 0;
  #linearJ = 0;
  #isIdle = true;

  constructor(elements: readonly CircuitElement[]) {
    this.#resistors = elements.filter((element) => element instanceof Resistor);
    this.#elements = elements.filter((element) => !(element instanceof Resistor));
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
    this.#active = this.#elements.filter((element) => element.isActive);
    this.#settling = this.#active.filter((element) => !element.isLinear);
    this.#isIdle = this.#resistorConductance + this.faultConductance === 0 && this.#active.length === 0;
    if (this.#isIdle) {
      this.conductance = 0;
      this.sourceA = 0;
      this.currentA = 0;
    }
  }

  /** First part of a step: what does not depend on the solution. */
  prepare(phaseTurns: number): void {
    let g = this.#resistorConductance + this.faultConductance;
    let j = 0;
    for (const element of this.#active) {
      if (!element.isActive) continue;
      element.prepare(phaseTurns, this.#loadV);
      if (!element.isLinear) continue;
      g += element.conductance;
      j += element.sourceA;
    }
    this.#linearG = g;
    this.#linearJ = j;
    this.combine();
  }

  /** Companion at the busbar with the present state of the elements. */
  combine(): void {
    let g = this.#linearG;
    let j = this.#linearJ;
    for (const element of this.#settling) {
      if (!element.isActive) continue;
      g += element.conductance;
      j += element.sourceA;
    }
    const divisor = 1 / (1 + this.seriesOhm * g);
    this.conductance = g * divisor;
    this.sourceA = j * divisor;
  }

  /** Whether every element agrees with the busbar voltage; those that do not are corrected. */
  settle(busV: number): boolean {
    if (this.#settling.length === 0) return true;
    const loadV = busV - this.seriesOhm * (this.conductance * busV + this.sourceA);
    let agrees = true;
    for (const element of this.#settling) {
      if (element.isActive && !element.settle(loadV)) agrees = false;
    }
    if (!agrees) this.combine();
    return agrees;
  }

  /** Last part of a step: moves every state on. */
  commit(busV: number): void {
    const solvedA = this.conductance * busV + this.sourceA;
    const loadV = busV - this.seriesOhm * solvedA;
    let currentA = this.#resistorConductance * loadV;
    for (const element of this.#active) if (element.isActive) currentA += element.commit(loadV);
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

import type { ArcGap } from '../arc/arc-gap.ts';
import type { GappedElement } from '../arc/gapped-element.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { ElementNode } from '../load/element-node.ts';
import { ElementPort } from '../load/element-port.ts';
import { flattenElements } from '../load/flatten-elements.ts';
import { Resistor } from '../load/resistor.ts';

/** Solutions of the arc that differ by less need no further pass, V. */
const ARC_AGREED_V = 0.05;

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

  /** Current of this step that returns by the earth, A. */
  earthA = 0;

  /** Resistances directly at the node: one sum. */
  #resistors: readonly Resistor[] = [];
  #elements: readonly CircuitElement[] = [];
  /** All of them, as wired. */
  readonly #wired: CircuitElement[];
  /** A gap in the line of the whole branch. */
  #gap: ArcGap | undefined;
  /** Gaps that may arc, wherever they are in this branch. */
  #gaps: readonly ArcGap[] = [];
  /** Of the elements, those whose current returns by the earth. */
  #earthElements: readonly CircuitElement[] = [];
  /** Of `#elements`, those active at the last refresh, and of these the ones that `settle`. */
  #active: readonly CircuitElement[] = [];
  #settling: readonly CircuitElement[] = [];
  #resistorConductance = 0;
  #hasOpening = false;
  /** Where the loads hang. */
  readonly #node = new ElementNode();
  #loadV = 0;
  #loadBeforeV = 0;
  #linearG = 0;
  #linearJ = 0;
  /** Companion at the loads. */
  #loadG = 0;
  #loadJ = 0;
  #isIdle = true;
  #isBreaking = false;

  constructor(elements: readonly CircuitElement[]) {
    this.#wired = [...elements];
    this.#sort();
  }

  /** True when nothing draws current: the step then costs nothing. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** True while a gap of this branch is struck: `isArcing` and `earthA` then mean something. */
  get hasGaps(): boolean {
    return this.#gaps.length > 0;
  }

  /** Whether an arc burned in this step. */
  get isArcing(): boolean {
    for (const gap of this.#gaps) if (gap.isBurning) return true;
    return false;
  }

  /** Puts a gap in the line of the whole branch, in place of the one before; undefined = none. */
  setGap(gap: ArcGap | undefined): void {
    this.#dropGap(this.#gap);
    this.#gap = gap;
    this.#addGap(gap);
  }

  /** Puts `gapped`, which wraps `element`, in its place. */
  wrap(element: CircuitElement, gapped: GappedElement): void {
    this.#wired[this.#wired.indexOf(element)] = gapped;
    gapped.take(this.#loadV);
    this.#addGap(gapped.gap);
    this.#sort();
  }

  /** Undoes `wrap`. */
  unwrap(element: CircuitElement, gapped: GappedElement): void {
    this.#wired[this.#wired.indexOf(gapped)] = element;
    this.#dropGap(gapped.gap);
    this.#sort();
  }

  /** A path beside the loads: an arc to neutral, or to earth. */
  add(gapped: GappedElement, returnsByEarth: boolean): void {
    this.#wired.push(gapped);
    if (returnsByEarth) this.#earthElements = [...this.#earthElements, gapped];
    this.#addGap(gapped.gap);
    this.#sort();
  }

  /** Undoes `add`. */
  remove(gapped: GappedElement): void {
    this.#wired.splice(this.#wired.indexOf(gapped), 1);
    this.#earthElements = this.#earthElements.filter((element) => element !== gapped);
    this.#dropGap(gapped.gap);
    this.#sort();
  }

  #addGap(gap: ArcGap | undefined): void {
    if (gap !== undefined) this.#gaps = [...this.#gaps, gap];
  }

  #dropGap(gap: ArcGap | undefined): void {
    this.#gaps = this.#gaps.filter((other) => other !== gap);
  }

  #sort(): void {
    const elements = flattenElements(this.#wired);
    this.#resistors = elements.flatMap((element) => resistorOf(element) ?? []);
    this.#elements = elements.filter((element) => resistorOf(element) === undefined);
    this.refresh();
  }

  /** Opens for good what faults draw: at the next zero of the voltage, as the contacts of a breaker do. */
  breakFaults(): void {
    this.#isBreaking = true;
  }

  /** To be called after a load was switched or its parameters moved. */
  refresh(): void {
    this.#resistorConductance = 0;
    this.#hasOpening = false;
    for (const resistor of this.#resistors) {
      if (!resistor.port.isActive) continue;
      this.#resistorConductance += resistor.port.conductance;
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
  prepare({ phaseTurns }: ElementNode): void {
    let g = this.#resistorConductance + this.faultConductance;
    let j = 0;
    this.#gap?.prepare(phaseTurns);
    // As behind the gap of one element: the mean of two steps where the gap has cut the current off.
    const node = this.#node;
    node.phaseTurns = phaseTurns;
    node.voltageV = this.#gap?.isOut === true ? 0.5 * (this.#loadV + this.#loadBeforeV) : this.#loadV;
    for (const element of this.#active) {
      if (!element.isActive) continue;
      element.prepare(node);
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
    this.#loadG = g;
    this.#loadJ = j;
    const gap = this.#gap;
    if (gap === undefined) {
      const divisor = 1 / (1 + this.seriesOhm * g);
      this.conductance = g * divisor;
      this.sourceA = j * divisor;
    } else {
      const divisor = 1 / (1 + (this.seriesOhm + gap.ohm) * g);
      this.conductance = g * divisor;
      this.sourceA = (j - g * gap.sourceV) * divisor;
    }
  }

  /** Whether every element agrees with the busbar voltage; those that do not are corrected. */
  settle({ voltageV: busV }: ElementNode): boolean {
    if (this.#settling.length === 0 && this.#gap === undefined) return true;
    const node = this.#node;
    node.voltageV = this.#loadVoltage(busV);
    let agrees = this.#settleGap(busV);
    for (const element of this.#settling) {
      if (element.isActive && !element.settle(node)) agrees = false;
    }
    if (!agrees) this.combine();
    return agrees;
  }

  #loadVoltage(busV: number): number {
    const currentA = this.conductance * busV + this.sourceA;
    const loadV = busV - this.seriesOhm * currentA;
    return this.#gap === undefined ? loadV : loadV - this.#gap.sourceV - this.#gap.ohm * currentA;
  }

  #settleGap(busV: number): boolean {
    const gap = this.#gap;
    if (gap === undefined || this.#loadG <= 0) return true;
    const { sourceV, ohm } = gap;
    gap.solve(busV + this.#loadJ / this.#loadG, this.seriesOhm + 1 / this.#loadG);
    const currentA = this.conductance * busV + this.sourceA;
    return Math.abs(gap.sourceV - sourceV + (gap.ohm - ohm) * currentA) < ARC_AGREED_V;
  }

  /** Last part of a step: moves every state on. */
  commit({ voltageV: busV }: ElementNode): void {
    const loadV = this.#loadVoltage(busV);
    const openV = this.#loadG > 0 ? busV + this.#loadJ / this.#loadG : 0;
    const behindOhm = this.#loadG > 0 ? this.seriesOhm + 1 / this.#loadG : 1e9;
    let currentA = this.#resistorConductance * loadV;
    const node = this.#node;
    node.voltageV = loadV;
    for (const element of this.#active) {
      if (!element.isActive) continue;
      element.commit(node);
      currentA += element.currentA;
    }
    this.earthA = this.#earthElements.length > 0 ? this.#earthSum(loadV) : 0;
    if (this.#isBreaking && loadV * this.#loadV <= 0) {
      this.#isBreaking = false;
      this.faultConductance = 0;
      this.refresh();
    }
    if (this.#hasOpening && loadV * this.#loadV <= 0) this.#openResistors();
    this.#loadBeforeV = this.#loadV;
    this.#loadV = loadV;
    this.sumRestSquared += currentA * currentA;
    this.sumRestPower += loadV * currentA;
    this.sumVoltageSquared += loadV * loadV;
    currentA += this.faultConductance * loadV;
    this.currentA = currentA;
    this.#gap?.commit(openV, behindOhm, currentA);
    this.sumCurrentSquared += currentA * currentA;
    this.stepCount++;
  }

  #earthSum(loadV: number): number {
    let earthA = 0;
    // After its commit an element still has the companion of this step.
    for (const { isActive, conductance, sourceA } of this.#earthElements) {
      if (isActive) earthA += conductance * loadV + sourceA;
    }
    return earthA;
  }

  /** Carries the busbar voltage through an idle step, so that a load closing next finds the voltage before it. */
  idle({ voltageV: busV }: ElementNode): void {
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
      if (resistor.isOpening) resistor.port.isActive = false;
    }
    this.refresh();
  }
}

function resistorOf(element: CircuitElement): Resistor | undefined {
  return element instanceof ElementPort && element.core instanceof Resistor ? element.core : undefined;
}

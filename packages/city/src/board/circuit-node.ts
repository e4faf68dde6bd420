import { GappedElement } from '../arc/gapped-element.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { ElementPort } from '../load/element-port.ts';
import { flattenElements } from '../load/flatten-elements.ts';
import { Resistor } from '../load/resistor.ts';

/** A gapped element whose contact is closed, with those of its parts that draw current. */
type ClosedGap = { readonly element: GappedElement; readonly parts: readonly ElementPort[] };

/**
 * Elements that hang at one node, as one companion i = conductance·v + sourceA. Solves no more of them than it must:
 * resistances that stay closed are one sum, what is linear is added up once per step, and the parts behind a closed
 * contact are taken for elements of this node.
 */
export class CircuitNode {
  /** Companion of this step. */
  conductance = 0;
  sourceA = 0;
  /** Voltage of the last step. */
  voltageV = 0;
  #beforeV = 0;
  readonly #elements: readonly CircuitElement[];
  /** Those that draw current, sorted at the last refresh. */
  #resistors: ElementPort[] = [];
  #linear: CircuitElement[] = [];
  #settling: CircuitElement[] = [];
  #closedGaps: ClosedGap[] = [];
  #resistorS = 0;
  #linearS = 0;
  #linearA = 0;

  constructor(elements: readonly CircuitElement[]) {
    this.#elements = flattenElements(elements);
    this.refresh();
  }

  /** True: nothing will ever hang here. */
  get isEmpty(): boolean {
    return this.#elements.length === 0;
  }

  /** Whether the solution of a step may have to be corrected. */
  get settles(): boolean {
    return this.#settling.length > 0;
  }

  /** To be called after a contact was moved or a load's parameters changed. */
  refresh(): void {
    this.#resistors = [];
    this.#linear = [];
    this.#settling = [];
    this.#closedGaps = [];
    this.#resistorS = 0;
    for (const element of this.#elements) {
      if (!element.isActive) continue;
      // One that has just been switched on keeps the voltage it was left at for a step.
      const parts = element instanceof GappedElement ? element.partsAt(this.voltageV, this.#beforeV) : undefined;
      if (element instanceof GappedElement && parts !== undefined) {
        this.#closedGaps.push({ element, parts });
        for (const part of parts) this.#sort(part);
      } else {
        this.#sort(element);
      }
    }
  }

  #sort(element: CircuitElement): void {
    if (element instanceof ElementPort && element.core instanceof Resistor && !element.core.isOpening) {
      this.#resistors.push(element);
      this.#resistorS += element.conductance;
    } else if (element.isLinear) {
      this.#linear.push(element);
    } else {
      this.#settling.push(element);
    }
  }

  /** First part of a step: what does not depend on the solution. */
  prepare(phaseTurns: number): void {
    const linear = this.#linear;
    const settling = this.#settling;
    const lastV = this.voltageV;
    let g = this.#resistorS;
    let j = 0;
    for (let n = 0; n < linear.length; n++) {
      const element = linear[n] as CircuitElement;
      element.prepare(phaseTurns, lastV);
      g += element.conductance;
      j += element.sourceA;
    }
    this.#linearS = g;
    this.#linearA = j;
    for (let n = 0; n < settling.length; n++) (settling[n] as CircuitElement).prepare(phaseTurns, lastV);
    this.#combine();
  }

  /** Whether every element agrees with the voltage; those that do not are corrected, and the companion with them. */
  settle(v: number): boolean {
    const settling = this.#settling;
    let agrees = true;
    for (let n = 0; n < settling.length; n++) if (!(settling[n] as CircuitElement).settle(v)) agrees = false;
    if (!agrees) this.#combine();
    return agrees;
  }

  /** Last part of a step: moves every state on; returns the current drawn. */
  commit(v: number): number {
    const linear = this.#linear;
    const settling = this.#settling;
    let currentA = this.#resistorS * v;
    let isStale = false;
    for (let n = 0; n < linear.length; n++) {
      const element = linear[n] as CircuitElement;
      currentA += element.commit(v);
      if (!element.isActive) isStale = true;
    }
    for (let n = 0; n < settling.length; n++) {
      const element = settling[n] as CircuitElement;
      currentA += element.commit(v);
      if (!element.isActive) isStale = true;
    }
    this.#beforeV = this.voltageV;
    this.voltageV = v;
    if (isStale) {
      this.tellGaps();
      this.refresh();
    }
    return currentA;
  }

  /** Tells the closed gaps what they would know had they been solved. To be called before a gap may be struck. */
  tellGaps(): void {
    if (this.#closedGaps.length === 0) return;
    for (const resistor of this.#resistors) resistor.currentA = resistor.conductance * this.voltageV;
    for (const { element, parts } of this.#closedGaps) {
      let currentA = 0;
      for (const part of parts) currentA += part.currentA;
      element.follow(this.voltageV, this.#beforeV, currentA);
    }
  }

  #combine(): void {
    const settling = this.#settling;
    let g = this.#linearS;
    let j = this.#linearA;
    for (let n = 0; n < settling.length; n++) {
      const element = settling[n] as CircuitElement;
      g += element.conductance;
      j += element.sourceA;
    }
    this.conductance = g;
    this.sourceA = j;
  }
}

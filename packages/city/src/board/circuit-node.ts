import { GappedElement } from '../arc/gapped-element.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { ElementNode } from '../load/element-node.ts';
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
  /** Drawn in the last step. */
  currentA = 0;
  /** Phase and voltage, written by the network before each part of a step. */
  readonly node = new ElementNode();
  /** Voltage of the last step and of the one before. */
  #lastV = 0;
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
      const parts = element instanceof GappedElement ? element.partsAt(this.#lastV, this.#beforeV) : undefined;
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
  prepare(): void {
    const { node } = this;
    const linear = this.#linear;
    let g = this.#resistorS;
    let j = 0;
    for (let n = 0; n < linear.length; n++) {
      const element = linear[n] as CircuitElement;
      element.prepare(node);
      g += element.conductance;
      j += element.sourceA;
    }
    this.conductance = g;
    this.sourceA = j;
    if (this.#settling.length > 0) this.#prepareSettling(g, j);
  }

  #prepareSettling(linearS: number, linearA: number): void {
    const { node } = this;
    const settling = this.#settling;
    this.#linearS = linearS;
    this.#linearA = linearA;
    for (let n = 0; n < settling.length; n++) (settling[n] as CircuitElement).prepare(node);
    this.#combine();
  }

  /** Whether every element agrees with the voltage; those that do not are corrected, and the companion with them. */
  settle(): boolean {
    const { node } = this;
    const settling = this.#settling;
    let agrees = true;
    for (let n = 0; n < settling.length; n++) if (!(settling[n] as CircuitElement).settle(node)) agrees = false;
    if (!agrees) this.#combine();
    return agrees;
  }

  /** Last part of a step: moves every state on and sets `currentA`. */
  commit(): void {
    const { node } = this;
    const v = node.voltageV;
    const linear = this.#linear;
    const settling = this.#settling;
    let currentA = this.#resistorS * v;
    let isStale = false;
    for (let n = 0; n < linear.length; n++) {
      const element = linear[n] as CircuitElement;
      element.commit(node);
      currentA += element.currentA;
      if (!element.isActive) isStale = true;
    }
    for (let n = 0; n < settling.length; n++) {
      const element = settling[n] as CircuitElement;
      element.commit(node);
      currentA += element.currentA;
      if (!element.isActive) isStale = true;
    }
    this.currentA = currentA;
    this.#beforeV = this.#lastV;
    this.#lastV = v;
    if (isStale) {
      this.tellGaps();
      this.refresh();
    }
  }

  /** Tells the closed gaps what they would know had they been solved. To be called before a gap may be struck. */
  tellGaps(): void {
    if (this.#closedGaps.length === 0) return;
    for (const resistor of this.#resistors) resistor.currentA = resistor.conductance * this.#lastV;
    for (const { element, parts } of this.#closedGaps) {
      let currentA = 0;
      for (const part of parts) currentA += part.currentA;
      element.follow(this.#lastV, this.#beforeV, currentA);
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

import type { CircuitElement } from '../load/circuit-element.ts';
import type { ElementNode } from '../load/element-node.ts';
import type { ElementPort } from '../load/element-port.ts';
import type { ArcGap } from './arc-gap.ts';
import { ElementGroup } from './element-group.ts';

/** Solutions of the arc that differ by less need no further pass, V. */
const AGREED_V = 0.05;

/**
 * A gap in series with an element: an arc in the line of one load, of a whole branch (the element being the branch), or
 * of a fault loop (the element being its resistance).
 *
 * With the element i = g·v' + j and the gap u = U + r·i, the pair is i = (g·(v − U) + j) / (1 + r·g). The gap sees the
 * Thevenin source v + j/g behind 1/g.
 */
export class GappedElement implements CircuitElement {
  conductance = 0;
  sourceA = 0;
  currentA = 0;
  readonly gap: ArcGap;
  readonly #inner: ElementGroup;
  /** Voltage at the element in the last step and in the one before. */
  #innerV = 0;
  #innerBeforeV = 0;

  constructor(inner: CircuitElement, gap: ArcGap) {
    this.#inner = new ElementGroup(inner);
    this.gap = gap;
  }

  /** Takes over an element that has been running at this voltage. */
  take(innerV: number): void {
    this.#innerV = innerV;
    this.#innerBeforeV = innerV;
  }

  /**
   * What hangs at the node while the contact is closed: the parts that draw current. A network that solves them itself
   * tells by `follow` how that went. Absent while the gap is struck or when it has not yet gone along with the node,
   * whose voltages of the last step and of the one before are given.
   */
  partsAt(lastV: number, beforeV: number): readonly ElementPort[] | undefined {
    const isInStep = this.#innerV === lastV && this.#innerBeforeV === beforeV;
    return isInStep && !this.gap.isStruck ? this.#inner.activePorts() : undefined;
  }

  /** Voltages of the last step and of the one before, and the current that flowed, while others solved the parts. */
  follow(innerV: number, innerBeforeV: number, currentA: number): void {
    this.#innerV = innerV;
    this.#innerBeforeV = innerBeforeV;
    this.gap.currentA = currentA;
  }

  get isActive(): boolean {
    return this.#inner.isActive;
  }

  /** A closed contact adds nothing to solve. */
  get isLinear(): boolean {
    return this.#inner.isLinear && !this.gap.isStruck;
  }

  prepare({ phaseTurns }: ElementNode): void {
    if (!this.gap.isStruck) {
      this.#inner.prepare(phaseTurns, this.#innerV);
      this.conductance = this.#inner.conductance;
      this.sourceA = this.#inner.sourceA;
      return;
    }
    this.gap.prepare(phaseTurns);
    // A current that the gap cuts off leaves an integrator of second order (series R and L) ringing from step to step
    // about the voltage of a load without current; the mean of two steps takes that out and keeps what is smooth.
    this.#inner.prepare(phaseTurns, this.gap.isOut ? 0.5 * (this.#innerV + this.#innerBeforeV) : this.#innerV);
    this.#combine();
  }

  settle({ voltageV: v }: ElementNode): boolean {
    const { gap } = this;
    const inner = this.#inner;
    if (!gap.isStruck) {
      if (inner.settle(v)) return true;
      this.conductance = inner.conductance;
      this.sourceA = inner.sourceA;
      return false;
    }
    const beforeV = gap.sourceV;
    const beforeOhm = gap.ohm;
    const currentA = this.conductance * v + this.sourceA;
    const isSettled = inner.isLinear || inner.settle(v - gap.sourceV - gap.ohm * currentA);
    if (inner.conductance > 0) gap.solve(v + inner.sourceA / inner.conductance, 1 / inner.conductance);
    if (isSettled && Math.abs(gap.sourceV - beforeV + (gap.ohm - beforeOhm) * currentA) < AGREED_V) return true;
    this.#combine();
    return false;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { gap } = this;
    const inner = this.#inner;
    this.#innerBeforeV = this.#innerV;
    if (!gap.isStruck) {
      this.#innerV = v;
      inner.commit(v);
      this.currentA = inner.currentA;
      gap.currentA = inner.currentA;
      return;
    }
    const solvedA = this.conductance * v + this.sourceA;
    const innerV = v - gap.sourceV - gap.ohm * solvedA;
    const openV = inner.conductance > 0 ? v + inner.sourceA / inner.conductance : 0;
    const behindOhm = inner.conductance > 0 ? 1 / inner.conductance : 1e9;
    inner.commit(innerV);
    this.currentA = inner.currentA;
    gap.commit(openV, behindOhm, inner.currentA);
    if (!inner.isActive) gap.cutOff();
    this.#innerV = innerV;
  }

  close(): void {
    this.#inner.close();
  }

  open(): void {
    this.#inner.open();
  }

  #combine(): void {
    const { conductance: g, sourceA: j } = this.#inner;
    const divisor = 1 / (1 + this.gap.ohm * g);
    this.conductance = g * divisor;
    this.sourceA = (j - g * this.gap.sourceV) * divisor;
  }
}

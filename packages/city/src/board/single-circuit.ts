import type { ArcGap } from '../arc/arc-gap.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { flattenElements } from '../load/flatten-elements.ts';

/** As in the network of a board: what has not settled by then settles in the next step. */
const MAX_PASSES = 6;

/** What a run of steps is given, and where it says in which of them an arc burned. */
export type CircuitSteps = {
  /** Open-circuit voltage of the feeder. */
  readonly voltageV: Float64Array;
  /** Phase of its fundamental, turns. */
  readonly phaseTurns: Float64Array;
  /** 1 where an arc burned in the gap that is watched. */
  readonly isBurning: Uint8Array;
};

/**
 * One measured circuit and what else hangs on its busbar, at the terminals of one feeder: the board's equations
 * (`Network`, `Branch`) for a single measured branch, without schedules, heat and leakage. For runs by the thousand.
 */
export class SingleCircuit {
  readonly #henryPerStep: number;
  readonly #measured: readonly CircuitElement[];
  readonly #others: readonly CircuitElement[];
  /** Cable of the measured circuit, ohm. */
  readonly #cableOhm: number;
  /** Of source resistance and inductance by implicit Euler, ohm. */
  readonly #impedance: number;
  /** Active at the last refresh, and of these the ones that `settle`. */
  #active: readonly CircuitElement[] = [];
  #activeOthers: readonly CircuitElement[] = [];
  #settling: readonly CircuitElement[] = [];
  #settlingOthers: readonly CircuitElement[] = [];
  readonly #gaps: readonly ArcGap[];
  #busV = 0;
  #sourceA = 0;
  #loadV = 0;

  constructor(parts: {
    readonly sourceOhm: number;
    readonly sourceH: number;
    readonly stepS: number;
    readonly cableOhm: number;
    /** Elements of the measured circuit, behind its cable. */
    readonly measured: readonly CircuitElement[];
    /** Elements of other circuits, right at the busbar. */
    readonly others?: readonly CircuitElement[];
    /** Gaps whose arcs are told. */
    readonly gaps?: readonly ArcGap[];
  }) {
    this.#henryPerStep = parts.sourceH / parts.stepS;
    this.#impedance = parts.sourceOhm + this.#henryPerStep;
    this.#cableOhm = parts.cableOhm;
    this.#measured = flattenElements(parts.measured);
    this.#others = flattenElements(parts.others ?? []);
    this.#gaps = parts.gaps ?? [];
    this.refresh();
  }

  /** To be called after a contact was moved or a load's parameters changed. */
  refresh(): void {
    this.#active = this.#measured.filter((element) => element.isActive);
    this.#activeOthers = this.#others.filter((element) => element.isActive);
    this.#settling = this.#active.filter((element) => !element.isLinear);
    this.#settlingOthers = this.#activeOthers.filter((element) => !element.isLinear);
  }

  /**
   * Simulates steps whose open-circuit voltage and phase are given; writes busbar voltage and current from `to` on.
   */
  run(steps: CircuitSteps, from: number, until: number, busV: Float64Array, currentA: Float64Array, to: number): void {
    const { voltageV, phaseTurns, isBurning } = steps;
    const hasGaps = this.#gaps.length > 0;
    for (let n = from; n < until; n++) {
      const turns = phaseTurns[n] as number;
      const sourceV = (voltageV[n] as number) + this.#henryPerStep * this.#sourceA;
      const active = this.#active;
      for (let k = 0; k < active.length; k++) (active[k] as CircuitElement).prepare(turns, this.#loadV);
      const others = this.#activeOthers;
      for (let k = 0; k < others.length; k++) (others[k] as CircuitElement).prepare(turns, this.#busV);
      this.#solve(sourceV);
      if (this.#settling.length + this.#settlingOthers.length > 0) {
        for (let pass = 1; pass < MAX_PASSES && !this.#settle(); pass++) this.#solve(sourceV);
      }
      currentA[to + n] = this.#commit();
      busV[to + n] = this.#busV;
      if (hasGaps) isBurning[n] = this.#isArcing() ? 1 : 0;
    }
  }

  #isArcing(): boolean {
    for (let n = 0; n < this.#gaps.length; n++) if ((this.#gaps[n] as ArcGap).isBurning) return true;
    return false;
  }

  /** Current of the measured circuit. */
  #commit(): number {
    const active = this.#active;
    const others = this.#activeOthers;
    let currentA = 0;
    let isStale = false;
    for (let n = 0; n < active.length; n++) {
      const element = active[n] as CircuitElement;
      currentA += element.commit(this.#loadV);
      if (!element.isActive) isStale = true;
    }
    let totalA = currentA;
    for (let n = 0; n < others.length; n++) {
      const element = others[n] as CircuitElement;
      totalA += element.commit(this.#busV);
      if (!element.isActive) isStale = true;
    }
    this.#sourceA = totalA;
    if (isStale) this.refresh();
    return currentA;
  }

  /** Busbar and load voltage with the companions as they are. */
  #solve(sourceV: number): void {
    const active = this.#active;
    const others = this.#activeOthers;
    let g = 0;
    let j = 0;
    for (let n = 0; n < active.length; n++) {
      const element = active[n] as CircuitElement;
      g += element.conductance;
      j += element.sourceA;
    }
    const divisor = 1 / (1 + this.#cableOhm * g);
    const branchS = g * divisor;
    const branchA = j * divisor;
    let busS = branchS;
    let busA = branchA;
    for (let n = 0; n < others.length; n++) {
      const element = others[n] as CircuitElement;
      busS += element.conductance;
      busA += element.sourceA;
    }
    const busV = (sourceV - this.#impedance * busA) / (1 + this.#impedance * busS);
    this.#busV = busV;
    this.#loadV = busV - this.#cableOhm * (branchS * busV + branchA);
  }

  #settle(): boolean {
    const settling = this.#settling;
    const others = this.#settlingOthers;
    let agrees = true;
    for (let n = 0; n < settling.length; n++) {
      if (!(settling[n] as CircuitElement).settle(this.#loadV)) agrees = false;
    }
    for (let n = 0; n < others.length; n++) {
      if (!(others[n] as CircuitElement).settle(this.#busV)) agrees = false;
    }
    return agrees;
  }
}

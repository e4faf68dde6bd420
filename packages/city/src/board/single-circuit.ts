import type { ArcGap } from '../arc/arc-gap.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { CircuitNode } from './circuit-node.ts';

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
  /** The measured circuit behind its cable, and what hangs right at the busbar. */
  readonly #load: CircuitNode;
  readonly #bus: CircuitNode;
  /** Cable of the measured circuit, ohm. */
  readonly #cableOhm: number;
  /** Of source resistance and inductance by implicit Euler, ohm. */
  readonly #impedance: number;
  readonly #gaps: readonly ArcGap[];
  /** Of all that hangs at the feeder, in the last step. */
  #sourceA = 0;

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
    this.#load = new CircuitNode(parts.measured);
    this.#bus = new CircuitNode(parts.others ?? []);
    this.#gaps = parts.gaps ?? [];
  }

  /** To be called after a contact was moved or a load's parameters changed. */
  refresh(): void {
    this.#load.refresh();
    this.#bus.refresh();
  }

  /**
   * Simulates steps whose open-circuit voltage and phase are given; writes busbar voltage and current from `to` on.
   *
   * A step is solved with the companions as they are, and again until every element agrees. With source Z, cable r,
   * load i = g·v + j, and i' = g'·v' + j' at the busbar:  (1 + Z g')·(v + r i) + Z i = e − Z j'.
   */
  run(steps: CircuitSteps, from: number, until: number, busV: Float64Array, currentA: Float64Array, to: number): void {
    const { voltageV, phaseTurns, isBurning } = steps;
    const load = this.#load;
    const bus = this.#bus;
    const hasOthers = !bus.isEmpty;
    const hasGaps = this.#gaps.length > 0;
    // Locals: what an object holds is read from memory again after every call.
    const henryPerStep = this.#henryPerStep;
    const impedance = this.#impedance;
    const cableOhm = this.#cableOhm;
    const loadNode = load.node;
    const busNode = bus.node;
    let sourceA = this.#sourceA;
    for (let n = from; n < until; n++) {
      const turns = phaseTurns[n] as number;
      const sourceV = (voltageV[n] as number) + henryPerStep * sourceA;
      loadNode.phaseTurns = turns;
      load.prepare();
      if (hasOthers) {
        busNode.phaseTurns = turns;
        bus.prepare();
      }
      for (let pass = 1; ; pass++) {
        const g = load.conductance;
        const j = load.sourceA;
        const openV = sourceV - impedance * bus.sourceA;
        const divider = 1 + impedance * bus.conductance;
        const transferOhm = cableOhm * divider + impedance;
        const loadV = (openV - transferOhm * j) / (divider + transferOhm * g);
        loadNode.voltageV = loadV;
        busNode.voltageV = loadV + cableOhm * (g * loadV + j);
        if (pass === MAX_PASSES || !(load.settles || bus.settles) || this.#settle()) break;
      }
      load.commit();
      sourceA = load.currentA;
      currentA[to + n] = sourceA;
      busV[to + n] = busNode.voltageV;
      if (hasOthers) {
        bus.commit();
        sourceA += bus.currentA;
      }
      if (hasGaps) isBurning[n] = this.#isArcing() ? 1 : 0;
    }
    this.#sourceA = sourceA;
    load.tellGaps();
    bus.tellGaps();
  }

  #isArcing(): boolean {
    for (let n = 0; n < this.#gaps.length; n++) if ((this.#gaps[n] as ArcGap).isBurning) return true;
    return false;
  }

  #settle(): boolean {
    const loadAgrees = this.#load.settle();
    return this.#bus.settle() && loadAgrees;
  }
}

import { ElementNode } from '../load/element-node.ts';
import type { Supply } from '../supply/supply.ts';
import type { Branch } from './branch.ts';

/** A circuit with more diodes changing state in one step than this is settled in the next one, 39 µs later. */
const MAX_PASSES = 6;

export type NetworkParts = {
  readonly supply: Supply;
  readonly sourceOhm: number;
  readonly sourceH: number;
  readonly stepS: number;
  readonly branches: readonly Branch[];
  readonly historySteps: number;
  readonly tickSteps: number;
};

/**
 * Supply impedance and all branches, solved together: one unknown, the busbar voltage.
 *
 * With Z = R + L/Δt (implicit Euler) and every branch i = g v + j:
 *   v (1 + Z Σg) = v_source + (L/Δt) i_before − Z Σj
 * Diodes are checked against the solution and the step is solved again until they agree.
 */
export class Network {
  /** Busbar voltage: `historySteps` old steps, then the tick. */
  readonly busV: Float64Array;
  /** Branch currents, laid out alike. */
  readonly branchA: Float64Array[];
  /** Currents that return by the earth, laid out alike; only of branches that ever had a gap. */
  readonly earthA: (Float64Array | undefined)[];
  /** 1 in each step of the tick in which an arc burned; only of branches that ever had a gap. */
  readonly isArcing: (Uint8Array | undefined)[];
  readonly #parts: NetworkParts;
  /** Ticks since a branch last carried current: after two, its history holds zeros only. */
  readonly #quietTicks: number[];
  /** Those measured, then those that only hang on the busbar. */
  readonly #branches: Branch[];
  /** The busbar, as the branches see it. */
  readonly #bus = new ElementNode();
  #sourceA = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    const size = parts.historySteps + parts.tickSteps;
    this.busV = new Float64Array(size);
    this.branchA = [];
    this.#quietTicks = [];
    this.#branches = [];
    this.earthA = [];
    this.isArcing = [];
    for (const branch of parts.branches) this.add(branch);
  }

  /** Hangs one more branch on the busbar; it stays for good, idle when it draws nothing. */
  add(branch: Branch): void {
    const { historySteps, tickSteps } = this.#parts;
    this.#branches.push(branch);
    this.branchA.push(new Float64Array(historySteps + tickSteps));
    this.#quietTicks.push(0);
    this.earthA.push(undefined);
    this.isArcing.push(undefined);
  }

  /** True when the whole buffer of a branch holds zeros. */
  isQuiet(branch: number): boolean {
    return (
      (this.#quietTicks[branch] as number) * this.#parts.tickSteps > this.#parts.historySteps + this.#parts.tickSteps
    );
  }

  /** Moves the last steps to the front and lets the supply wander. */
  beginTick(tickMs: number): void {
    const { supply, tickSteps } = this.#parts;
    const branches = this.#branches;
    supply.wander(tickMs);
    this.busV.copyWithin(0, tickSteps);
    for (const [index, buffer] of this.branchA.entries()) {
      if (!this.isQuiet(index)) buffer.copyWithin(0, tickSteps);
      const isIdle = branches[index]?.isIdle === true;
      this.#quietTicks[index] = isIdle ? (this.#quietTicks[index] as number) + 1 : 0;
      this.#beginArcs(index);
    }
  }

  #beginArcs(index: number): void {
    const { historySteps, tickSteps } = this.#parts;
    const earthA = this.earthA[index];
    if (earthA !== undefined) {
      earthA.copyWithin(0, tickSteps);
      earthA.fill(0, historySteps);
      this.isArcing[index]?.fill(0);
    } else if (this.#branches[index]?.hasGaps === true) {
      this.earthA[index] = new Float64Array(historySteps + tickSteps);
      this.isArcing[index] = new Uint8Array(tickSteps);
    }
  }

  #noteArc(index: number, branch: Branch, step: number): void {
    const earthA = this.earthA[index];
    const isArcing = this.isArcing[index];
    if (earthA === undefined || isArcing === undefined) return;
    earthA[step] = branch.earthA;
    if (branch.isArcing) isArcing[step - this.#parts.historySteps] = 1;
  }

  /** Simulates the steps `from` … `to − 1` of the tick. */
  run(from: number, to: number): void {
    const { supply, sourceOhm, sourceH, stepS, historySteps } = this.#parts;
    const branches = this.#branches;
    const bus = this.#bus;
    const henryPerStep = sourceH / stepS;
    const impedance = sourceOhm + henryPerStep;
    for (let c = 0; c < branches.length; c++) if (!(branches[c] as Branch).isIdle) this.#quietTicks[c] = 0;

    for (let step = historySteps + from; step < historySteps + to; step++) {
      bus.phaseTurns = supply.phaseTurns;
      const sourceV = supply.nextV() + henryPerStep * this.#sourceA;
      for (let c = 0; c < branches.length; c++) {
        const branch = branches[c] as Branch;
        if (!branch.isIdle) branch.prepare(bus);
      }
      let busV = 0;
      for (let pass = 0; pass < MAX_PASSES; pass++) {
        let g = 0;
        let j = 0;
        for (let c = 0; c < branches.length; c++) {
          const branch = branches[c] as Branch;
          g += branch.conductance;
          j += branch.sourceA;
        }
        busV = (sourceV - impedance * j) / (1 + impedance * g);
        bus.voltageV = busV;
        let agrees = true;
        for (let c = 0; c < branches.length; c++) {
          const branch = branches[c] as Branch;
          if (!branch.isIdle && !branch.settle(bus)) agrees = false;
        }
        if (agrees) break;
      }
      let totalA = 0;
      for (let c = 0; c < branches.length; c++) {
        const branch = branches[c] as Branch;
        if (branch.isIdle) {
          branch.idle(bus);
          (this.branchA[c] as Float64Array)[step] = 0;
          continue;
        }
        branch.commit(bus);
        totalA += branch.currentA;
        (this.branchA[c] as Float64Array)[step] = branch.currentA;
        if (branch.hasGaps) this.#noteArc(c, branch, step);
      }
      this.busV[step] = busV;
      this.#sourceA = totalA;
    }
  }
}

import { ArcGap } from '../arc/arc-gap.ts';
import { GappedElement } from '../arc/gapped-element.ts';
import type { CheckedArcFault, CheckedCircuitFault } from '../fault/circuit-fault.ts';
import { isArcFault } from '../fault/circuit-fault.ts';
import type { ListedFault } from '../fault/fault-list.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { Resistor } from '../load/resistor.ts';
import { RandomStream } from '../random/random-stream.ts';
import { Branch } from './branch.ts';

export type ArcSite = {
  readonly seed: number;
  readonly stepS: number;
  readonly nominalV: number;
  readonly addBranch: (branch: Branch) => void;
};

/** Puts the gaps of the arc faults under way into a branch, and takes them out when these end. */
export class ArcFaults {
  readonly #branch: Branch;
  readonly #elements: ReadonlyMap<string, CircuitElement>;
  readonly #site: ArcSite;
  /** How to undo each fault under way. */
  readonly #undo = new Map<string, () => void>();
  /** Where gaps are: a second one in the same line waits until the first is gone. */
  readonly #taken = new Set<string>();

  /** Paths beside the loads, to be opened with the breaker. */
  readonly #paths = new Set<GappedElement>();
  #isOpen = false;

  /** `elements`: the loads of the branch by id. */
  constructor(branch: Branch, elements: ReadonlyMap<string, CircuitElement>, site: ArcSite) {
    this.#branch = branch;
    this.#elements = elements;
    this.#site = site;
  }

  /** The breaker opens: arcs beside the loads go out at their next zero and no fault begins any more. */
  break(): void {
    this.#isOpen = true;
    for (const path of this.#paths) path.open();
  }

  update(circuit: string, faults: readonly ListedFault<CheckedCircuitFault>[]): void {
    if (faults.length === 0 && this.#undo.size === 0) return;
    for (const [id, undo] of this.#undo) {
      if (faults.some((listed) => listed.id === id)) continue;
      undo();
      this.#undo.delete(id);
    }
    for (const { id, fault } of faults) {
      if (!isArcFault(fault) || this.#undo.has(id)) continue;
      // A neighbour's arc lies in front of this breaker.
      if (this.#isOpen && fault.kind !== 'neighbourArc') continue;
      const place = fault.kind === 'seriesArc' ? fault.load : id;
      if (this.#taken.has(place)) continue;
      this.#taken.add(place);
      const undo = this.#begin(`${circuit}/${id}`, fault);
      this.#undo.set(id, () => {
        undo();
        this.#taken.delete(place);
      });
    }
  }

  #begin(name: string, fault: CheckedArcFault): () => void {
    const { seed, stepS } = this.#site;
    const { model, arcToArc, touchToArc } = fault;
    const rest = fault.kind === 'parallelArc' ? 'apart' : 'touching';
    const random = new RandomStream(seed + fault.seed, `${name}/arc`);
    const gap = new ArcGap({ model, arcToArc, touchToArc, rest }, stepS, random);
    gap.strike();
    switch (fault.kind) {
      case 'seriesArc':
        return fault.load === 'all' ? this.#upstream(gap) : this.#inLineOf(fault.load, gap);
      case 'parallelArc':
        return this.#beside(gap, fault.currentA, fault.path === 'lineEarth');
      case 'neighbourArc':
        return this.#nextDoor(gap, fault.currentA);
    }
  }

  #upstream(gap: ArcGap): () => void {
    this.#branch.setGap(gap);
    return () => this.#branch.setGap(undefined);
  }

  #inLineOf(load: string, gap: ArcGap): () => void {
    const element = this.#elements.get(load);
    if (element === undefined) throw new RangeError(`fault seriesArc: load "${load}" vanished from the circuit`);
    const gapped = new GappedElement(element, gap);
    this.#branch.wrap(element, gapped);
    return () => this.#branch.unwrap(element, gapped);
  }

  #beside(gap: ArcGap, currentA: number, returnsByEarth: boolean): () => void {
    const gapped = new GappedElement(closedResistor(currentA / this.#site.nominalV), gap);
    this.#branch.add(gapped, returnsByEarth);
    this.#paths.add(gapped);
    return () => {
      this.#branch.remove(gapped);
      this.#paths.delete(gapped);
    };
  }

  #nextDoor(gap: ArcGap, currentA: number): () => void {
    const resistor = closedResistor(currentA / this.#site.nominalV);
    const neighbour = new Branch([new GappedElement(resistor, gap)]);
    neighbour.refresh();
    this.#site.addBranch(neighbour);
    return () => {
      resistor.isActive = false;
      neighbour.refresh();
    };
  }
}

function closedResistor(conductance: number): Resistor {
  const resistor = new Resistor(conductance);
  resistor.close();
  return resistor;
}

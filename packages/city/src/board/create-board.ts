import { checkCircuitFault, type CheckedCircuitFault, type CircuitFault } from '../fault/circuit-fault.ts';
import { FaultList } from '../fault/fault-list.ts';
import type { Tick } from '../load/load.ts';
import { hashName, RandomStream } from '../random/random-stream.ts';
import { smoothNoiseAt } from '../random/noise-at.ts';
import { planDecimator, type DecimatorPlan } from '../sampling/decimator.ts';
import { requireWithin } from '../require-within.ts';
import { checkSupply } from '../supply/supply-spec.ts';
import { Supply } from '../supply/supply.ts';
import { checkCircuit, type BoardSpec } from './board-spec.ts';
import { BoardSampler } from './board-sampler.ts';
import { ArcWitness } from '../arc/arc-witness.ts';
import type { Branch } from './branch.ts';
import { Circuit } from './circuit.ts';
import { Network } from './network.ts';

/** Slow processes move, and faults begin and end, on this grid. */
const TICK_MS = 5;
/** Simulated before the first frame, so that loads already on are in their steady state. */
const SETTLING_MS = 400;
const HOUR_MS = 3_600_000;

/** A block of consecutive frames. The arrays are new with every call and belong to the caller. */
export type BoardBlock = {
  /** Instant of the first frame, epoch ms. */
  readonly atMs: number;
  readonly voltageV: Float64Array;
  /** In the order of `Board.circuits`. */
  readonly circuits: readonly { readonly currentA: Float64Array; readonly residualCurrentMa: Float64Array }[];
  /** Terminal temperature of each circuit at the last frame. */
  readonly temperaturesC: readonly number[];
};

/** A simulated distribution board that yields waveforms. Same spec, seed and calls: same bytes, in any block size. */
export type Board = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly nominalV: number;
  /** Circuit ids in order. */
  readonly circuits: readonly string[];
  /** Instant of the next frame, epoch ms. */
  readonly nowMs: number;
  /** The next `frameCount` (≥ 1) frames. */
  next(frameCount: number): BoardBlock;
  /**
   * Starts a fault, now or at its `atMs` (ms after the start), to within 10 ms; returns an id for `clear`.
   * Throws RangeError when the circuit is unknown or a parameter is out of range.
   */
  inject(fault: CircuitFault): string;
  /** Ends faults now: by id, by kind, or all; returns how many ended. */
  clear(idOrKind?: string): number;
  /**
   * Opens the breaker of a circuit at the next tick (within 5 ms): every current behind it ends at its next zero, arcs go out,
   * residual current ends; the busbar keeps its voltage. Nothing here closes it again. Throws RangeError on an unknown circuit.
   */
  openBreaker(circuit: string): void;
  breaker(circuit: string): 'closed' | 'open';
  /**
   * The truth about arcs of one circuit in the frames served so far: half-cycles in which one burned for more than 0.42 ms.
   * Half-cycle k covers k/(2·mainsHz) to (k + 1)/(2·mainsHz) after the first frame.
   */
  arcHalfCycles(circuit: string): readonly number[];
};

/**
 * Creates a board. `seed`: any finite number; `startAtMs`: epoch ms of the first frame (default 0), which also sets the
 * time of day for schedules. Throws RangeError naming field, value and range on a spec that makes no sense.
 *
 * @example
 * const board = createBoard({ circuits: [{ id: 'c1', ratedA: 16, loads: [{ id: 'kettle', kind: 'resistive', powerW: 1500 }] }] }, 1);
 * const { voltageV, circuits } = board.next(128); // one cycle at 6.4 kHz
 */
export function createBoard(spec: BoardSpec, seed: number, startAtMs = 0): Board {
  return new SimulatedBoard(spec, seed, startAtMs);
}

class SimulatedBoard implements Board {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly nominalV: number;
  readonly circuits: readonly string[];

  readonly #spec: BoardSpec;
  readonly #startAtMs: number;
  readonly #courseSpeed: number;
  readonly #ambientKey: number;
  readonly #circuits: readonly Circuit[];
  readonly #faults: readonly FaultList<CheckedCircuitFault>[];
  readonly #network: Network;
  readonly #plan: DecimatorPlan;
  readonly #stepMs: number;
  readonly #tickFrames: number;
  /** Holds the tick being served. */
  readonly #sampler: BoardSampler;
  readonly #witnesses: readonly ArcWitness[];
  #tickTemperatures: readonly number[] = [];
  #tickPosition: number;
  #framesServed = 0;
  /** Index of the next step; step 0 lies under the first frame. */
  #step: number;

  constructor(spec: BoardSpec, seed: number, startAtMs: number) {
    const supplySpec = checkSupply(spec.supply ?? {});
    this.sampleRateHz = spec.sampleRateHz ?? 6400;
    requireWithin('sampleRateHz', this.sampleRateHz, 3200, 51200);
    requireWithin('startAtMs', startAtMs, 0, 1e14);
    requireWithin('seed', seed, -Number.MAX_VALUE, Number.MAX_VALUE);
    requireWithin('circuits: count', spec.circuits.length, 1, 8);
    this.#courseSpeed = spec.courseSpeed ?? 1;
    requireWithin('courseSpeed', this.#courseSpeed, 0.01, 10_000);
    this.mainsHz = supplySpec.mainsHz;
    this.nominalV = supplySpec.nominalV;
    this.#spec = spec;
    this.#startAtMs = startAtMs;
    this.#ambientKey = hashName('ambient', seed);

    const factor = Math.max(2, Math.ceil((spec.stepRateHz ?? 25_600) / this.sampleRateHz));
    requireWithin('stepRateHz', factor * this.sampleRateHz, 6400, 1e6);
    const stepRateHz = factor * this.sampleRateHz;
    this.#stepMs = 1000 / stepRateHz;
    this.#plan = planDecimator(factor, stepRateHz);
    this.#tickFrames = Math.max(1, Math.round((this.sampleRateHz * TICK_MS) / 1000));

    const site = {
      ...supplySpec,
      seed,
      startAtMs,
      courseSpeed: this.#courseSpeed,
      stepS: 1 / stepRateHz,
      addBranch: (branch: Branch) => this.#network.add(branch),
    };
    this.#circuits = spec.circuits.map((circuit) => new Circuit(checkCircuit(circuit), site));
    this.circuits = this.#circuits.map((circuit) => circuit.spec.id);
    if (new Set(this.circuits).size < this.circuits.length) {
      throw new RangeError(`circuits are ${this.circuits.join(', ')}, expected distinct ids`);
    }
    this.#faults = this.#circuits.map(() => new FaultList());
    this.#witnesses = this.#circuits.map(() => new ArcWitness(this.mainsHz));
    const supply = new Supply(supplySpec, stepRateHz, new RandomStream(seed, 'supply'));
    this.#network = new Network({
      supply,
      sourceOhm: supplySpec.sourceOhm,
      sourceH: supplySpec.sourceH,
      stepS: 1 / stepRateHz,
      branches: this.#circuits.map((circuit) => circuit.branch),
      historySteps: 2 * this.#plan.halfTaps,
      tickSteps: this.#tickFrames * factor,
    });

    this.#sampler = new BoardSampler({
      plan: this.#plan,
      converter: spec.converter ?? { kind: 'quantised' },
      circuits: this.#circuits,
      nominalV: this.nominalV,
      seed,
      tickFrames: this.#tickFrames,
    });
    this.#tickPosition = this.#tickFrames;

    const tickSteps = this.#tickFrames * factor;
    const settlingTicks = Math.ceil(SETTLING_MS / TICK_MS);
    // The steps under frame n reach halfTaps to both sides; the simulation runs ahead by that much.
    this.#step = this.#plan.halfTaps - factor + 1 - settlingTicks * tickSteps;
    supply.rewind(-this.#step);
    for (const circuit of this.#circuits) circuit.begin(this.#at(this.#step));
    for (let tick = 0; tick < settlingTicks; tick++) this.#simulateTick();
    for (const circuit of this.#circuits) circuit.settleHeat();
    for (const fault of spec.faults ?? []) this.inject({ atMs: 0, ...fault });
  }

  get nowMs(): number {
    return this.#startAtMs + (this.#framesServed * 1000) / this.sampleRateHz;
  }

  next(frameCount: number): BoardBlock {
    if (!Number.isInteger(frameCount) || frameCount < 1) {
      throw new RangeError(`next: frameCount is ${frameCount}, expected an integer of at least 1`);
    }
    const atMs = this.nowMs;
    const voltageV = new Float64Array(frameCount);
    const circuits = this.#circuits.map(() => ({
      currentA: new Float64Array(frameCount),
      residualCurrentMa: new Float64Array(frameCount),
    }));
    for (let done = 0; done < frameCount;) {
      if (this.#tickPosition === this.#tickFrames) this.#nextTick();
      const from = this.#tickPosition;
      const to = Math.min(this.#tickFrames, from + frameCount - done);
      voltageV.set(this.#sampler.voltageV.subarray(from, to), done);
      for (const [c, out] of circuits.entries()) {
        out.currentA.set((this.#sampler.currentA[c] as Float64Array).subarray(from, to), done);
        out.residualCurrentMa.set((this.#sampler.residualCurrentMa[c] as Float64Array).subarray(from, to), done);
      }
      done += to - from;
      this.#tickPosition = to;
    }
    this.#framesServed += frameCount;
    return { atMs, voltageV, circuits, temperaturesC: this.#tickTemperatures };
  }

  inject(fault: CircuitFault): string {
    const index = this.circuits.indexOf(fault.circuit);
    const list = this.#faults[index];
    if (list === undefined) {
      throw new RangeError(
        `fault ${fault.kind}: circuit is "${fault.circuit}", expected one of ${this.circuits.join(', ')}`,
      );
    }
    if (fault.kind === 'seriesArc') this.#requireLoad(index, fault.load ?? 'all');
    const id = list.add(checkCircuitFault(fault, this.nowMs - this.#startAtMs));
    return `${fault.circuit}/${id}`;
  }

  openBreaker(circuit: string): void {
    this.#of(this.#circuits, circuit).openBreaker();
  }

  breaker(circuit: string): 'closed' | 'open' {
    return this.#of(this.#circuits, circuit).isBreakerOpen ? 'open' : 'closed';
  }

  /** The entry of a circuit in a list laid out like the circuits. */
  #of<T>(entries: readonly T[], circuit: string): T {
    const entry = entries[this.circuits.indexOf(circuit)];
    if (entry === undefined) {
      throw new RangeError(`circuit is "${circuit}", expected one of ${this.circuits.join(', ')}`);
    }
    return entry;
  }

  arcHalfCycles(circuit: string): readonly number[] {
    const witness = this.#of(this.#witnesses, circuit);
    return witness.arcHalfCycles(Math.floor((this.#framesServed * 2 * this.mainsHz) / this.sampleRateHz + 1e-9));
  }

  #requireLoad(index: number, load: string): void {
    const known = ['all', ...(this.#circuits[index]?.spec.loads.map(({ id }) => id) ?? [])];
    if (known.includes(load)) return;
    throw new RangeError(`fault seriesArc: load is "${load}", expected one of ${known.join(', ')}`);
  }

  clear(idOrKind?: string): number {
    const nowMs = this.nowMs - this.#startAtMs;
    let count = 0;
    for (const [index, list] of this.#faults.entries()) {
      const prefix = `${this.circuits[index] ?? ''}/`;
      if (idOrKind?.includes('/') !== true) count += list.clear(idOrKind, nowMs);
      else if (idOrKind.startsWith(prefix)) count += list.clear(idOrKind.slice(prefix.length), nowMs);
    }
    return count;
  }

  #at(step: number): Tick {
    const waveMs = step * this.#stepMs;
    return { waveMs, courseMs: waveMs * this.#courseSpeed };
  }

  #nextTick(): void {
    this.#simulateTick();
    this.#sampler.sample(this.#network);
    this.#tickTemperatures = this.#circuits.map((circuit) => this.#ambientC() + circuit.heat.riseK);
    this.#tickPosition = 0;
  }

  #ambientC(): number {
    const courseMs = this.#startAtMs + this.#at(this.#step).courseMs;
    return (this.#spec.ambientC ?? 25) + 1.5 * smoothNoiseAt(this.#ambientKey, courseMs, 3 * HOUR_MS);
  }

  #simulateTick(): void {
    const network = this.#network;
    const tickSteps = this.#tickFrames * this.#plan.factor;
    const at = this.#at(this.#step);
    const tickMs = tickSteps * this.#stepMs;
    network.beginTick(tickMs);
    for (const [index, circuit] of this.#circuits.entries()) {
      circuit.beginTick(at, tickMs * this.#courseSpeed, this.#faults[index]?.activeAt(at.waveMs) ?? []);
    }
    for (let done = 0; done < tickSteps;) {
      const now = this.#at(this.#step + done);
      let nextMs = Infinity;
      for (const circuit of this.#circuits) {
        if (circuit.nextSwitchingMs() <= now.waveMs) circuit.switchDue(now);
        nextMs = Math.min(nextMs, circuit.nextSwitchingMs());
      }
      const until = Math.min(tickSteps, Math.max(done + 1, Math.ceil(nextMs / this.#stepMs) - this.#step));
      network.run(done, until);
      done = until;
    }
    this.#tellArcs(tickSteps);
    this.#step += tickSteps;
  }

  #tellArcs(tickSteps: number): void {
    const stepS = this.#stepMs / 1000;
    for (const [c, witness] of this.#witnesses.entries()) {
      const isArcing = this.#network.isArcing[c];
      if (isArcing === undefined) continue;
      for (let n = 0; n < tickSteps; n++) if (isArcing[n] === 1) witness.tell((this.#step + n) * stepS, stepS);
    }
  }
}

import type { ArcGap } from '../arc/arc-gap.ts';
import { ArcWitness } from '../arc/arc-witness.ts';
import type { Load } from '../load/load.ts';
import type { Converter } from '../sampling/converter.ts';
import { decimate, type DecimatorPlan } from '../sampling/decimator.ts';
import type { FeederVoltage } from './feeder-voltage.ts';
import type { CircuitSteps, SingleCircuit } from './single-circuit.ts';

/** Something that happens at an instant of a run, ms after the first frame; negative = while the run settles. */
export type WaveAct = { readonly atMs: number; act(nowMs: number): void };

export type WaveRunParts = {
  readonly circuit: SingleCircuit;
  readonly feeder: FeederVoltage;
  readonly loads: readonly Load[];
  /** Gaps whose arcs count for the measured circuit. */
  readonly gaps: readonly ArcGap[];
  /** Ascending in time. */
  readonly acts: readonly WaveAct[];
  /** Called at the start of every tick, for what moves slowly; ms after the first frame. */
  readonly onTick?: (nowMs: number) => void;
  readonly plan: DecimatorPlan;
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  /** Simulated before the first frame. */
  readonly settlingMs: number;
  readonly voltageConverter?: Converter;
  readonly currentConverter?: Converter;
};

export const WAVE_TICK_MS = 5;

/** Buffers of one plan, used again by the runs that follow. */
export class WaveBuffers {
  readonly plan: DecimatorPlan;
  readonly tickFrames: number;
  readonly historySteps: number;
  readonly busV: Float64Array;
  readonly currentA: Float64Array;
  readonly steps: CircuitSteps;

  constructor(plan: DecimatorPlan, sampleRateHz: number) {
    this.plan = plan;
    this.tickFrames = Math.max(1, Math.round((sampleRateHz * WAVE_TICK_MS) / 1000));
    this.historySteps = 2 * plan.halfTaps;
    const tickSteps = this.tickFrames * plan.factor;
    const size = this.historySteps + tickSteps;
    this.steps = {
      voltageV: new Float64Array(tickSteps),
      phaseTurns: new Float64Array(tickSteps),
      isBurning: new Uint8Array(tickSteps),
    };
    this.busV = new Float64Array(size);
    this.currentA = new Float64Array(size);
  }
}

/**
 * Runs one circuit and yields frames: steps, acts on time, anti-alias filter, converter. Same parts and seed: same
 * frames, in any block size. Keeps the truth about arcs.
 */
export class WaveRun {
  readonly witness: ArcWitness;
  readonly #parts: WaveRunParts;
  readonly #buffers: WaveBuffers;
  readonly #stepMs: number;
  readonly #tickSteps: number;
  #step: number;
  #nextAct = 0;
  /** Frames of the present tick already served. */
  #served: number;

  constructor(parts: WaveRunParts, buffers = new WaveBuffers(parts.plan, parts.sampleRateHz)) {
    this.#parts = parts;
    this.#buffers = buffers;
    this.witness = new ArcWitness(parts.mainsHz);
    const { plan } = parts;
    this.#stepMs = 1000 / (plan.factor * parts.sampleRateHz);
    this.#tickSteps = buffers.tickFrames * plan.factor;
    this.#served = buffers.tickFrames;
    const settlingTicks = Math.ceil(parts.settlingMs / WAVE_TICK_MS);
    // The filter reaches halfTaps steps to both sides of a frame: the simulation runs ahead by that much.
    this.#step = plan.halfTaps - plan.factor + 1 - settlingTicks * this.#tickSteps;
    for (let tick = 0; tick < settlingTicks; tick++) this.#simulateTick();
  }

  /** Fills both arrays, which must be of equal length, with the next frames. */
  read(voltageV: Float64Array, currentA: Float64Array): void {
    const { tickFrames } = this.#buffers;
    for (let done = 0; done < voltageV.length;) {
      if (this.#served === tickFrames) {
        this.#simulateTick();
        this.#served = 0;
      }
      const count = Math.min(tickFrames - this.#served, voltageV.length - done);
      this.#sample(voltageV, currentA, done, count);
      this.#served += count;
      done += count;
    }
  }

  #sample(voltageV: Float64Array, currentA: Float64Array, to: number, count: number): void {
    const { plan, busV, currentA: stepsA } = this.#buffers;
    const { voltageConverter, currentConverter } = this.#parts;
    const from = (this.#served + 1) * plan.factor - 1;
    decimate(plan, busV, from, voltageV, to, count);
    decimate(plan, stepsA, from, currentA, to, count);
    voltageConverter?.convertAll(voltageV, to, to + count);
    currentConverter?.convertAll(currentA, to, to + count);
  }

  #simulateTick(): void {
    const { circuit, loads, feeder, onTick } = this.#parts;
    const { busV, currentA, historySteps, steps } = this.#buffers;
    const tickSteps = this.#tickSteps;
    busV.copyWithin(0, tickSteps);
    currentA.copyWithin(0, tickSteps);
    const startMs = this.#step * this.#stepMs;
    const at = { waveMs: startMs, courseMs: startMs };
    for (const load of loads) load.update(at);
    onTick?.(startMs);
    feeder.fill(steps.voltageV, steps.phaseTurns, tickSteps);
    circuit.refresh();
    for (let done = 0; done < tickSteps;) {
      const nextActMs = this.#actUntil((this.#step + done) * this.#stepMs);
      const until = Math.min(tickSteps, Math.max(done + 1, Math.ceil(nextActMs / this.#stepMs) - this.#step));
      circuit.run(steps, done, until, busV, currentA, historySteps);
      done = until;
    }
    this.#tell();
    this.#step += tickSteps;
  }

  #tell(): void {
    if (this.#parts.gaps.length === 0) return;
    const { isBurning } = this.#buffers.steps;
    for (let n = 0; n < this.#tickSteps; n++) {
      if (isBurning[n] === 1) this.witness.tell(((this.#step + n) * this.#stepMs) / 1000, this.#stepMs / 1000);
    }
  }

  /** Carries out what is due; returns the instant of the next act. */
  #actUntil(nowMs: number): number {
    const { acts, circuit } = this.#parts;
    if ((acts[this.#nextAct]?.atMs ?? Infinity) > nowMs) return acts[this.#nextAct]?.atMs ?? Infinity;
    for (let act = acts[this.#nextAct]; act !== undefined && act.atMs <= nowMs; act = acts[++this.#nextAct])
      act.act(nowMs);
    circuit.refresh();
    return acts[this.#nextAct]?.atMs ?? Infinity;
  }
}

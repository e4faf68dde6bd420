import type { ArcGap } from '../arc/arc-gap.ts';
import { FeederVoltage, type FeederSpec } from '../board/feeder-voltage.ts';
import { SingleCircuit } from '../board/single-circuit.ts';
import { WaveBuffers, WaveRun, type WaveAct } from '../board/wave-run.ts';
import type { CircuitElement } from '../load/circuit-element.ts';
import { createLoad, type LoadSite } from '../load/create-load.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import type { Load } from '../load/load.ts';
import { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import { Converter } from '../sampling/converter.ts';
import { planDecimator } from '../sampling/decimator.ts';

export const STAGE_NOMINAL_V = 220;
export const STAGE_MAINS_HZ = 50;

export type StageOptions = {
  readonly sampleRateHz: number;
  /** The circuit is solved at least this often and twice the sample rate. */
  readonly stepRateHz: number;
};

/** What is the same for every run at one pair of rates: the filter and the buffers. Not for two runs at a time. */
export class StageRig {
  readonly sampleRateHz: number;
  readonly site: LoadSite;
  readonly buffers: WaveBuffers;

  constructor({ sampleRateHz, stepRateHz }: StageOptions) {
    requireWithin('sampleRateHz', sampleRateHz, 3200, 102_400);
    requireWithin('stepRateHz', stepRateHz, 6400, 1e6);
    this.sampleRateHz = sampleRateHz;
    const factor = Math.max(2, Math.ceil(stepRateHz / sampleRateHz));
    this.site = { nominalV: STAGE_NOMINAL_V, mainsHz: STAGE_MAINS_HZ, stepS: 1 / (factor * sampleRateHz) };
    this.buffers = new WaveBuffers(planDecimator(factor, factor * sampleRateHz), sampleRateHz);
  }
}

/** Source and cable of a run; what is absent is drawn by `drawFeeder`. */
export type StageFeeder = FeederSpec & {
  readonly sourceOhm: number;
  readonly sourceH: number;
  readonly cableOhm: number;
};

/**
 * Builds one run of a single circuit: loads, gaps, what else hangs on the busbar, and what happens when. Everything random
 * comes from streams named after the run, so that adding a part does not shift another's draws.
 */
export class Stage {
  readonly random: RandomStream;
  readonly rig: StageRig;
  /** The voltage source, there once the run has begun; acts may set its `level`. */
  readonly feeder: FeederVoltage;
  readonly #feederSpec: StageFeeder;
  readonly #seed: number;
  readonly #name: string;
  readonly #loads: Load[] = [];
  readonly #measured: CircuitElement[] = [];
  readonly #others: CircuitElement[] = [];
  readonly #acts: WaveAct[] = [];
  #onTick: ((nowMs: number) => void) | undefined;
  readonly #gaps: ArcGap[] = [];

  constructor(rig: StageRig, name: string, seed: number, feeder?: Partial<StageFeeder>) {
    this.rig = rig;
    this.#seed = seed;
    this.#name = name;
    this.random = this.stream('stage');
    this.#feederSpec = { ...drawFeeder(this.stream('feeder')), ...feeder };
    this.feeder = new FeederVoltage(this.#feederSpec, rig.site.stepS);
  }

  stream(part: string): RandomStream {
    return new RandomStream(this.#seed, `${this.#name}/${part}`);
  }

  get feederSpec(): StageFeeder {
    return this.#feederSpec;
  }

  /** A load that is not yet wired: put its element, or one that wraps it, on the circuit by `wire` or `wireBeside`. */
  load(spec: LoadSpec): Load {
    const load = createLoad(spec, this.rig.site, this.stream(`load/${spec.id}`));
    this.#loads.push(load);
    return load;
  }

  /** On the measured circuit. */
  wire(element: CircuitElement): void {
    this.#measured.push(element);
  }

  /** On the busbar, outside the measured circuit. */
  wireBeside(element: CircuitElement): void {
    this.#others.push(element);
  }

  /** On since long ago. */
  startOn(load: Load): void {
    load.switchOn({ waveMs: -1e7, courseMs: 0 }, true);
  }

  /** `act` at an instant, ms after the first frame. */
  at(atMs: number, act: (nowMs: number) => void): void {
    this.#acts.push({ atMs, act });
  }

  switchOnAt(load: Load, atMs: number): void {
    this.at(atMs, (nowMs) => load.switchOn({ waveMs: nowMs, courseMs: nowMs }, false));
  }

  switchOffAt(load: Load, atMs: number): void {
    this.at(atMs, () => load.switchOff());
  }

  /** Called at the start of every tick of 5 ms. */
  everyTick(onTick: (nowMs: number) => void): void {
    this.#onTick = onTick;
  }

  /** A gap whose arcs are part of the truth of this run. */
  watch(gap: ArcGap): void {
    this.#gaps.push(gap);
  }

  /** Rated current of the circuit sets the converter's range, 12 times that, as a board's does. */
  begin(ratedA: number, settlingMs: number): WaveRun {
    const { rig } = this;
    const { sourceOhm, sourceH, cableOhm } = this.#feederSpec;
    const circuit = new SingleCircuit({
      sourceOhm,
      sourceH,
      stepS: rig.site.stepS,
      cableOhm,
      measured: this.#measured,
      others: this.#others,
      gaps: this.#gaps,
    });
    const converter = (name: string, fullScale: number): Converter =>
      new Converter({ kind: 'quantised' }, fullScale, this.stream(`converter/${name}`));
    const parts = {
      circuit,
      feeder: this.feeder,
      loads: this.#loads,
      acts: this.#acts.sort((a, b) => a.atMs - b.atMs),
      plan: rig.buffers.plan,
      sampleRateHz: rig.sampleRateHz,
      mainsHz: STAGE_MAINS_HZ,
      settlingMs,
      voltageConverter: converter('voltage', 2.5 * STAGE_NOMINAL_V),
      currentConverter: converter('current', 12 * ratedA),
      ...(this.#onTick === undefined ? {} : { onTick: this.#onTick }),
      gaps: this.#gaps,
    };
    return new WaveRun(parts, rig.buffers);
  }
}

/** A feeder as they are: 220 V ± 3 %, 50 Hz ± 0.04, 0.3 … 0.8 ohm, 50 … 300 µH, 1 … 3 % of distortion. */
function drawFeeder(random: RandomStream): StageFeeder {
  return {
    voltageV: STAGE_NOMINAL_V * random.between(0.97, 1.03),
    frequencyHz: STAGE_MAINS_HZ + random.between(-0.04, 0.04),
    startPhaseRad: random.between(0, 2 * Math.PI),
    harmonics: [
      { order: 3, ratio: random.between(0.002, 0.01), phaseRad: random.between(0, 6.28) },
      { order: 5, ratio: random.between(0.008, 0.025), phaseRad: Math.PI + random.between(-0.5, 0.5) },
      { order: 7, ratio: random.between(0.002, 0.012), phaseRad: random.between(0, 6.28) },
      { order: 11, ratio: random.between(0, 0.005), phaseRad: random.between(0, 6.28) },
    ],
    sourceOhm: random.between(0.3, 0.8),
    sourceH: random.between(50e-6, 300e-6),
    cableOhm: random.between(0.1, 0.4),
  };
}

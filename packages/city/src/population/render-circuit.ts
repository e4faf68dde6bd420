import { FeederVoltage } from '../board/feeder-voltage.ts';
import { SingleCircuit } from '../board/single-circuit.ts';
import { WaveRun, type WaveAct } from '../board/wave-run.ts';
import { createLoad } from '../load/create-load.ts';
import { flattenElements } from '../load/flatten-elements.ts';
import type { LoadSpec } from '../load/load-spec.ts';
import type { Load, Tick } from '../load/load.ts';
import { smoothNoiseAt } from '../random/noise-at.ts';
import { hashName, RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import { Converter, type ConverterSpec } from '../sampling/converter.ts';
import { planDecimator, type DecimatorPlan } from '../sampling/decimator.ts';
import { checkSupply, type SupplySpec } from '../supply/supply-spec.ts';

/** Before the first frame, so that loads already on are in their steady state. */
const SETTLING_MS = 200;
const FULL_SCALE_A = 192;
/** The level of a feeder wanders within tens of seconds, and a little from one cycle to the next. */
const SLOW_MS = 20_000;
const FAST_MS = 250;

/** A load with its switchings, ms after the first frame; neither given: on since long before. */
export type RenderedLoad = { readonly spec: LoadSpec; readonly onAtMs?: number; readonly offAtMs?: number };

export type CircuitRequest = {
  readonly loads: readonly RenderedLoad[];
  /** 3200 … 51200; default 6400. */
  readonly sampleRateHz?: number;
  /** The circuit is solved at least this often, and twice per frame; default 25600, 12800 … 409600. */
  readonly stepRateHz?: number;
  readonly seed: number;
  /** As it is: its `nominalV` is the voltage present. */
  readonly supply?: SupplySpec;
  /** Slow processes (charging, thermostats) run this much faster than the waveform; default 1, 0.01 … 10000. */
  readonly courseSpeed?: number;
  /** Voltage the loads are rated at; default 220. */
  readonly ratedV?: number;
  /** Cable and contacts from the meter to the loads; default 0.15 ohm. */
  readonly cableOhm?: number;
  /** Default 16 bits with 0.7 LSB of noise; full scale 2.5 times `ratedV` and 192 A. */
  readonly converter?: ConverterSpec | { readonly kind: 'ideal' };
};

/** Frames of one circuit, as many as are asked for. */
export type CircuitWave = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  /** Fills both arrays, of equal length, with the next frames. */
  read(voltageV: Float64Array, currentA: Float64Array): void;
};

export type RenderedCircuit = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
};

/**
 * Voltage and current of one circuit: a board without schedules, leakage, heat and faults, for events by the ten thousand.
 * Same request: same samples, in any block size. Throws RangeError naming field, value and range.
 */
export function beginCircuit(request: CircuitRequest): CircuitWave {
  const { seed, ratedV = 220, cableOhm = 0.15, sampleRateHz = 6400, courseSpeed = 1 } = request;
  const { stepRateHz = 25_600 } = request;
  requireWithin('circuit: sampleRateHz', sampleRateHz, 3200, 51_200);
  requireWithin('circuit: stepRateHz', stepRateHz, 12_800, 409_600);
  requireWithin('circuit: ratedV', ratedV, 50, 500);
  requireWithin('circuit: cableOhm', cableOhm, 0, 20);
  requireWithin('circuit: courseSpeed', courseSpeed, 0.01, 10_000);
  requireWithin('circuit: seed', seed, -Number.MAX_VALUE, Number.MAX_VALUE);
  const supply = checkSupply(request.supply ?? {});
  const factor = Math.max(2, Math.ceil(stepRateHz / sampleRateHz));
  const stepS = 1 / (factor * sampleRateHz);
  const plan = planFor(factor, factor * sampleRateHz);
  const random = new RandomStream(seed, 'supply');
  const drawnRad = random.between(0, 2 * Math.PI);
  const frequencyHz = supply.mainsHz + supply.frequencyWanderHz * random.normal();
  // `WaveRun` begins this much before the first frame, whose phase the request gives.
  const leadS = SETTLING_MS / 1000 - (plan.halfTaps - factor + 1) * stepS;
  const startPhaseRad = (supply.startPhaseRad ?? drawnRad) - 2 * Math.PI * frequencyHz * leadS;
  const { harmonics, nominalV } = supply;
  const feeder = new FeederVoltage({ voltageV: nominalV, frequencyHz, startPhaseRad, harmonics }, stepS);
  const site = { nominalV: ratedV, mainsHz: supply.mainsHz, stepS };
  const loads = request.loads.map(({ spec }, index) =>
    paced(createLoad(spec, site, new RandomStream(seed, `${index}/${spec.id}/load`)), courseSpeed),
  );
  const acts = request.loads.flatMap((entry, index) => actsOf(entry, loads[index] as Load));
  const { sourceOhm, sourceH } = supply;
  const measured = flattenElements(loads.map(({ element }) => element));
  const circuit = new SingleCircuit({ sourceOhm, sourceH, stepS, cableOhm, measured });
  const spec = request.converter ?? { kind: 'quantised' };
  const run = new WaveRun({
    circuit,
    feeder,
    loads,
    gaps: [],
    acts: acts.sort((a, b) => a.atMs - b.atMs),
    onTick: levelWander(feeder, supply.voltageWanderRatio, seed),
    plan,
    sampleRateHz,
    mainsHz: supply.mainsHz,
    settlingMs: SETTLING_MS,
    ...(spec.kind === 'ideal' ? {} : convertersOf(spec, ratedV, seed)),
  });
  return { sampleRateHz, mainsHz: supply.mainsHz, read: (voltageV, currentA) => run.read(voltageV, currentA) };
}

/** The first `durationMs` (20 … 3.6e6) of `beginCircuit` in arrays of their own. */
export function renderCircuit(request: CircuitRequest & { readonly durationMs: number }): RenderedCircuit {
  requireWithin('circuit: durationMs', request.durationMs, 20, 3.6e6);
  const wave = beginCircuit(request);
  const frameCount = Math.round((request.durationMs * wave.sampleRateHz) / 1000);
  const voltageV = new Float64Array(frameCount);
  const currentA = new Float64Array(frameCount);
  wave.read(voltageV, currentA);
  return { sampleRateHz: wave.sampleRateHz, mainsHz: wave.mainsHz, voltageV, currentA };
}

function convertersOf(
  spec: ConverterSpec,
  ratedV: number,
  seed: number,
): { readonly voltageConverter: Converter; readonly currentConverter: Converter } {
  return {
    voltageConverter: new Converter(spec, 2.5 * ratedV, new RandomStream(seed, 'converter/voltage')),
    currentConverter: new Converter(spec, FULL_SCALE_A, new RandomStream(seed, 'converter/current')),
  };
}

/** The load with its course running at `courseSpeed`; it is told instants on the waveform's clock alone. */
function paced(load: Load, courseSpeed: number): Load {
  // While the circuit settles the course stands still: it begins at the first frame.
  const pace = ({ waveMs }: Tick): Tick => ({ waveMs, courseMs: Math.max(0, waveMs) * courseSpeed });
  return {
    id: load.id,
    element: load.element,
    earthF: load.earthF,
    get isOn() {
      return load.isOn;
    },
    switchOn: (at, isSettled) => load.switchOn(pace(at), isSettled),
    switchOff: () => load.switchOff(),
    update: (at) => load.update(pace(at)),
  };
}

/** Switches on at once what has no instant for it, and lists the rest. */
function actsOf({ spec, onAtMs, offAtMs }: RenderedLoad, load: Load): WaveAct[] {
  if (!((offAtMs ?? Infinity) > (onAtMs ?? 0) && (onAtMs ?? 0) >= 0)) {
    throw new RangeError(`circuit: load ${spec.id} is on from ${onAtMs} to ${offAtMs} ms, expected 0 ≤ on < off`);
  }
  const acts: WaveAct[] = [];
  if (onAtMs === undefined) load.switchOn({ waveMs: -SETTLING_MS, courseMs: -SETTLING_MS }, true);
  else acts.push({ atMs: onAtMs, act: (nowMs) => load.switchOn({ waveMs: nowMs, courseMs: nowMs }, false) });
  if (offAtMs !== undefined) acts.push({ atMs: offAtMs, act: () => load.switchOff() });
  return acts;
}

function levelWander(feeder: FeederVoltage, ratio: number, seed: number): (nowMs: number) => void {
  const key = hashName('level', seed);
  return (nowMs) => {
    feeder.level =
      1 + ratio * (1.5 * smoothNoiseAt(key, nowMs, SLOW_MS) + 0.15 * smoothNoiseAt(key + 1, nowMs, FAST_MS));
  };
}

/** The taps cost as much as a short event: the plan of each rate is kept. */
const plans = new Map<string, DecimatorPlan>();

function planFor(factor: number, stepRateHz: number): DecimatorPlan {
  const key = `${factor}/${stepRateHz}`;
  const known = plans.get(key);
  if (known !== undefined) return known;
  const plan = planDecimator(factor, stepRateHz);
  if (plans.size < 16) plans.set(key, plan);
  return plan;
}

import { levels, type Level } from '@fengsui/alarm';
import type { RecognitionModel } from '@fengsui/fingerprint';
import {
  createArcDetector,
  defaultProhibitedPolicy,
  type ArcDetector,
  type HazardEvent,
  type OverloadBand,
  type ResidualPhasor,
} from '@fengsui/hazard';
import { unitOf, type SampledChannel } from '@fengsui/protocol';
import { createReadingSum, type MeanReading, type ReadingSum, type SampleBlock } from '@fengsui/signal';
import { capturePoints, createCaptureValues } from '../capture/capture-channels.ts';
import { createCaptureRecorder, type CaptureCut, type CaptureWindow } from '../capture/capture-recorder.ts';
import { createCaptureBudget } from '../loads/capture-budget.ts';
import { createCircuitLoads, type CircuitLoads, type LoadSwitch } from '../loads/circuit-loads.ts';
import { nothingTaught, type TaughtLoads } from '../loads/taught-loads.ts';
import { knownSite, ratedCircuits } from '../site/known-site.ts';
import { createMinuteOfDay } from '../site/minute-of-day.ts';
import { defaultTimeZone, type Site } from '../site/site.ts';
import type { SampleSource, SourceBlock, SourceCircuit } from '../source/sample-source.ts';
import type { TerminalState } from '../state/terminal-state.ts';
import { createBoardHazards, waveformSources } from './board-hazards.ts';
import { createBoardMeter, SAMPLES_PER_CYCLE } from './board-meter.ts';
import type { MeterListener } from './circuit-meter.ts';
import { telemetryOfCircuit, telemetryOfTemperatures, type TelemetryValues } from './telemetry-values.ts';

/** What the monitor found. Times are signal time: ms from the first frame. */
export type Observation =
  | { readonly kind: 'telemetry'; readonly signalMs: number; readonly values: TelemetryValues }
  /** `capture`: number of the recording that follows; every rise of a level has one. */
  | { readonly kind: 'event'; readonly signalMs: number; readonly event: HazardEvent; readonly capture?: number }
  | {
      readonly kind: 'load';
      readonly signalMs: number;
      readonly prefix: string;
      readonly load: LoadSwitch;
      readonly capture?: number;
    }
  | {
      readonly kind: 'capture';
      readonly capture: number;
      readonly startFrame: number;
      readonly triggerFrame: number;
      readonly channels: readonly SampledChannel[];
    };

export type BoardMonitorSettings = {
  readonly source: Pick<SampleSource, 'sampleRateHz' | 'mainsHz' | 'circuits' | 'temperatures' | 'site'>;
  /** Instant of the first frame, epoch ms: engines that remember days go on over a restart. */
  readonly startAtMs: number;
  readonly site?: Site;
  /** Rated current per circuit; goes before the site's and the source's own. */
  readonly ratedA?: Readonly<Record<string, number>>;
  readonly overloadBands?: readonly OverloadBand[];
  /** Recognises the loads; without one they are not told apart. */
  readonly model?: RecognitionModel;
  /** What was taught on site, per circuit. */
  readonly taught?: (prefix: string) => TaughtLoads;
  /** Telemetry is told at the first reading after each interval of signal time, ms. */
  readonly intervalMs: number;
  readonly captureWindow: CaptureWindow;
  /** Of the run before. */
  readonly state?: TerminalState;
};

/** Blocks of samples in, observations out. Pure: it knows no clock but the frames. */
export type BoardMonitor = {
  push(block: SourceBlock, observe: (observation: Observation) => void): void;
  /** Ends the stream: what whole cycles and open captures are left. */
  flush(observe: (observation: Observation) => void): void;
  /** From now on recognises with what was taught meanwhile. */
  teach(prefix: string, taught: TaughtLoads): void;
  /** From now on recognises with another model; what is tracked stays. @throws RangeError when it does not fit. */
  useModel(model: RecognitionModel): void;
  /** What each engine holds active now, by its own cause. */
  causes(): readonly HazardEvent[];
  /** Names of the loads that are on; one without is not recognised. Undefined for a circuit without recognition. */
  loadsOn(prefix: string): readonly { readonly name?: string }[] | undefined;
  /** Asks for a capture around now; returns its number. */
  captureNow(): number | undefined;
  /** What must outlive a restart. */
  state(): TerminalState;
  readonly frames: number;
};

type Observe = (observation: Observation) => void;

/** One circuit with everything that looks at it. */
type Watched = SourceCircuit & {
  readonly arcs: ArcDetector;
  readonly arcSource: string;
  readonly loads?: CircuitLoads;
  /** The piece that is being taken; written anew for each. */
  readonly samples: { -readonly [Channel in keyof SampleBlock]: SampleBlock[Channel] };
  /** Since telemetry was told. */
  readonly readings: ReadingSum;
  energyKwh: number;
};

/** Samples are taken in pieces of this length: an arc is told within it, and a long block costs no more memory. */
const PIECE_MS = 10;
/**
 * A limit is told the time with this delay: readings come up to 2.5 cycles and one 200 ms block after their samples, and
 * a delay must not run out before the reading that would end it.
 */
const READING_LAG_MS = 500;
/** Temperatures are looked at as often as the other readings: no probe follows faster. */
const TEMPERATURE_INTERVAL_MS = 200;
/** A circuit of unknown rating counts as a final circuit of a home: arcs below 5 % of it are not looked at. */
const UNRATED_A = 16;

/** @throws RangeError for a bad rating, sampling rate, interval or site. */
export function createBoardMonitor(settings: BoardMonitorSettings): BoardMonitor {
  const { source, intervalMs, startAtMs, state: before } = settings;
  const { sampleRateHz, mainsHz } = source;
  if (!(intervalMs >= 200 && intervalMs <= 3_600_000)) {
    throw new RangeError(`interval is ${intervalMs} ms, expected 200 to 3600000`);
  }
  const site = knownSite(source.site, settings.site);
  const rated = ratedCircuits(source, site, settings.ratedA);
  const prefixes = source.circuits.map(({ prefix }) => prefix);
  const hazards = createBoardHazards(
    {
      prefixes,
      ratedCircuits: rated,
      site,
      ...(settings.overloadBands === undefined ? {} : { overloadBands: settings.overloadBands }),
    },
    before?.hazards,
  );
  const minuteOfDay = createMinuteOfDay(site.timeZone ?? defaultTimeZone);
  const circuits = source.circuits.map((circuit) => watch(circuit));
  const meter = createBoardMeter(source, (_, index) => listenerOf(circuits[index] as Watched));
  const pieces = circuits.map(({ samples }) => samples);
  const points = capturePoints(source);
  const valuesOf = createCaptureValues(source);
  const recorder = createCaptureRecorder({ sampleRateHz, mainsHz, channels: points }, settings.captureWindow);
  const loadCaptures = createCaptureBudget();
  const temperatures = new Map<string, number>();
  const toldLevel = new Map<string, Level>();
  for (const event of hazards.active()) toldLevel.set(hazardKeyOf(event), event.level);
  const pieceFrames = Math.max(1, Math.round((sampleRateHz * PIECE_MS) / 1000));
  let frames = 0;
  let readingsEndMs = 0;
  let toldAtMs = 0;
  let temperaturesAtMs = -Infinity;
  /** When the limits must be asked next; they know it anew after every reading. */
  let dueAt = Infinity;
  let observer: Observe = () => undefined;
  let started = false;

  const signalMsOf = (frame: number): number => (frame * 1000) / sampleRateHz;
  const epochMsOf = (frame: number): number => startAtMs + signalMsOf(frame);

  function watch(circuit: SourceCircuit): Watched {
    const { prefix, hasResidual } = circuit;
    const ratedA = rated.find((candidate) => candidate.prefix === prefix)?.ratedA ?? UNRATED_A;
    const arcs = createArcDetector({ circuit: prefix, sampleRateHz, mainsHz, ratedA }, before?.arcs[prefix]);
    const { model } = settings;
    const nothing = new Float64Array(0);
    const { arc: arcSource } = waveformSources(prefix);
    const loads = model === undefined ? undefined : watchLoads(prefix, model);
    return {
      ...circuit,
      arcs,
      arcSource,
      readings: createReadingSum(),
      energyKwh: before?.energyKwh[prefix] ?? 0,
      samples: { voltageV: nothing, currentA: nothing, ...(hasResidual && { residualCurrentMa: nothing }) },
      ...(loads !== undefined && { loads }),
    };
  }

  function listenerOf(circuit: Watched): MeterListener {
    const { prefix, loads, arcs } = circuit;
    return {
      onCycle(reading, samples) {
        if (loads === undefined) return;
        const switches = loads.cycle(reading, samples, epochMsOf, arcs.active().length > 0);
        if (switches.length > 0) tellLoads(prefix, switches, observer);
      },
      onReading: (reading, residual) => take(circuit, reading, residual, observer),
    };
  }

  function watchLoads(prefix: string, model: RecognitionModel): CircuitLoads {
    const areaUse = site.circuits?.[prefix]?.areaUse;
    return createCircuitLoads(
      {
        prefix,
        samplesPerCycle: SAMPLES_PER_CYCLE,
        model,
        taught: settings.taught?.(prefix) ?? nothingTaught(),
        policy: site.policy ?? defaultProhibitedPolicy,
        venueClass: site.venueClass ?? 'unknown',
        minuteOfDay,
        runId: startAtMs.toString(36),
        ...(areaUse !== undefined && { areaUse }),
      },
      before?.loads[prefix],
    );
  }

  function triggered(signalMs: number): { readonly capture?: number } {
    const capture = recorder.trigger(Math.round((signalMs * sampleRateHz) / 1000));
    return capture === undefined ? {} : { capture };
  }

  function tell(events: readonly HazardEvent[], observe: Observe): void {
    for (const event of events) {
      const level = event.active ? event.level : undefined;
      const lower = toldLevel.get(hazardKeyOf(event));
      if (level === undefined) toldLevel.delete(hazardKeyOf(event));
      else toldLevel.set(hazardKeyOf(event), level);
      const isRise = level !== undefined && rankOf(level) > rankOf(lower);
      const signalMs = event.at - startAtMs;
      const capture = isRise ? triggered(signalMs) : {};
      observe({ kind: 'event', signalMs, event, ...capture });
    }
  }

  function tellLoads(prefix: string, switches: readonly LoadSwitch[], observe: Observe): void {
    for (const load of switches) {
      const signalMs = load.at - startAtMs;
      const wanted = loadCaptures.wants(prefix, load);
      const capture = wanted ? triggered(signalMs) : {};
      observe({ kind: 'load', signalMs, prefix, load, ...capture });
    }
  }

  function take(circuit: Watched, reading: MeanReading, residual: ResidualPhasor | undefined, observe: Observe): void {
    const { prefix, loads } = circuit;
    const endFrame = reading.startFrame + reading.frameCount;
    const at = epochMsOf(endFrame);
    circuit.readings.add(reading);
    readingsEndMs = Math.max(readingsEndMs, signalMsOf(endFrame));
    const energyWs = (reading.activePowerW * reading.frameCount) / sampleRateHz;
    // Like a meter with a backstop: it counts what is drawn, never backwards, and not what it does not know.
    if (energyWs > 0) circuit.energyKwh += energyWs / 3.6e6;
    tell(hazards.reading(prefix, reading, at, residual), observe);
    dueAt = hazards.dueAt() ?? Infinity;
    if (loads !== undefined) tell(hazards.tell(`prohibited/${prefix}`, loads.read(reading, at)), observe);
  }

  function takePiece(block: SourceBlock, from: number, to: number, observe: Observe): void {
    recorder.append(valuesOf(block), from, to);
    const pieceAt = epochMsOf(frames);
    frames += to - from;
    if (block.circuits.length !== circuits.length) {
      throw new RangeError(`a block of ${block.circuits.length} circuits, ${circuits.length} expected`);
    }
    for (let index = 0; index < circuits.length; index++) {
      const circuit = circuits[index] as Watched;
      const { samples } = circuit;
      const whole = block.circuits[index] as SourceBlock['circuits'][number];
      const ownVoltageV = circuit.hasOwnVoltage === true ? whole.voltageV : undefined;
      samples.voltageV = cut(ownVoltageV ?? block.voltageV, from, to);
      samples.currentA = cut(whole.currentA, from, to);
      const { residualCurrentMa } = whole;
      if (residualCurrentMa === undefined) {
        if (circuit.hasResidual) delete samples.residualCurrentMa;
      } else if (circuit.hasResidual) samples.residualCurrentMa = cut(residualCurrentMa, from, to);
      const arcs = circuit.arcs.push(samples, pieceAt);
      if (arcs.length > 0) tell(hazards.tell(circuit.arcSource, arcs), observe);
    }
    meter.push(pieces);
    if (to === block.voltageV.length) takeTemperatures(block, observe);
    const nowMs = epochMsOf(frames);
    if (dueAt <= nowMs - READING_LAG_MS) {
      tell(hazards.due(nowMs - READING_LAG_MS), observe);
      dueAt = hazards.dueAt() ?? Infinity;
    }
    if (readingsEndMs - toldAtMs >= intervalMs) tellTelemetry(observe);
    recorder.collect((cut) => tellCapture(cut, observe));
  }

  function takeTemperatures(block: SourceBlock, observe: Observe): void {
    const nowMs = signalMsOf(frames);
    if (nowMs - temperaturesAtMs < TEMPERATURE_INTERVAL_MS) return;
    temperaturesAtMs = nowMs;
    const at = epochMsOf(frames);
    source.temperatures.forEach((prefix, index) => {
      const value = block.temperaturesC?.[index] ?? NaN;
      // A sensor that falls silent has no last value to go on telling.
      if (Number.isFinite(value)) temperatures.set(prefix, value);
      else temperatures.delete(prefix);
      tell(hazards.temperature(prefix, value, at), observe);
    });
    dueAt = hazards.dueAt() ?? Infinity;
  }

  function tellTelemetry(observe: Observe): void {
    let values = telemetryOfTemperatures(temperatures);
    for (const circuit of circuits) {
      if (circuit.readings.count() === 0) continue;
      values = { ...values, ...telemetryOfCircuit(circuit.prefix, circuit.readings.take(), circuit.energyKwh) };
    }
    // On the grid of the interval, so that a reading's jitter never adds up.
    toldAtMs = Math.floor(readingsEndMs / intervalMs) * intervalMs;
    if (Object.keys(values).length > 0) observe({ kind: 'telemetry', signalMs: readingsEndMs, values });
  }

  function tellCapture(cut: CaptureCut, observe: Observe): void {
    const { number, startFrame, triggerFrame, values } = cut;
    const channels = points.map((point, index) => {
      return { point, unit: unitOf(point), values: values[index] ?? new Float64Array(0) };
    });
    observe({ kind: 'capture', capture: number, startFrame, triggerFrame, channels });
  }

  /** Asked first: it tells what ended while the terminal was off or its configuration changed. */
  function begin(observe: Observe): void {
    if (started) return;
    started = true;
    tell(hazards.due(startAtMs), observe);
    dueAt = hazards.dueAt() ?? Infinity;
    if (before === undefined) return;
    for (const { prefix, arcs, loads } of circuits) {
      const { arc, prohibited } = waveformSources(prefix);
      tell(hazards.align(arc, arcs.active(), startAtMs), observe);
      tell(hazards.align(prohibited, loads?.active() ?? [], startAtMs), observe);
    }
  }

  return {
    get frames() {
      return frames;
    },
    push(block, observe) {
      observer = observe;
      begin(observe);
      const { length } = block.voltageV;
      for (let from = 0; from < length; from += pieceFrames) {
        takePiece(block, from, Math.min(length, from + pieceFrames), observe);
      }
    },
    flush(observe) {
      observer = observe;
      meter.flush();
      for (const circuit of circuits) {
        if (circuit.loads !== undefined) tellLoads(circuit.prefix, circuit.loads.flush(epochMsOf), observe);
      }
      if (readingsEndMs > toldAtMs) tellTelemetry(observe);
      recorder.finish((cut) => tellCapture(cut, observe));
    },
    teach(prefix, taught) {
      circuits.find((circuit) => circuit.prefix === prefix)?.loads?.teach(taught);
    },
    useModel(model) {
      for (const { loads } of circuits) loads?.useModel(model);
    },
    captureNow: () => recorder.trigger(frames),
    causes: () => [...hazards.held(), ...circuits.flatMap(({ arcs }) => arcs.active())],
    loadsOn: (prefix) => circuits.find((circuit) => circuit.prefix === prefix)?.loads?.loadsOn(),
    state: () => ({
      energyKwh: Object.fromEntries(circuits.map(({ prefix, energyKwh }) => [prefix, energyKwh])),
      hazards: hazards.state(),
      arcs: Object.fromEntries(circuits.map(({ prefix, arcs }) => [prefix, arcs.state()])),
      loads: Object.fromEntries(
        circuits.flatMap(({ prefix, loads }) => (loads === undefined ? [] : [[prefix, loads.state()]])),
      ),
    }),
  };
}

/** Frames from … to − 1; the array itself where that is all of it, as with the blocks of our own sources. */
function cut(samples: Float64Array, from: number, to: number): Float64Array {
  return from === 0 && to === samples.length ? samples : samples.subarray(from, to);
}

function hazardKeyOf({ point, kind }: HazardEvent): string {
  return `${point}/${kind}`;
}

function rankOf(level: Level | undefined): number {
  return level === undefined ? -1 : levels.indexOf(level);
}

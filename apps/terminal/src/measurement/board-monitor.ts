import { levels, type Level } from '@fengsui/alarm';
import { createLimitHazards, type HazardEvent, type OverloadBand, type RatedCircuit } from '@fengsui/hazard';
import { unitOf, type SampledChannel } from '@fengsui/protocol';
import { meanReading, type MeanReading } from '@fengsui/signal';
import { capturePoints, captureValues } from '../capture/capture-channels.ts';
import { createCaptureRecorder } from '../capture/capture-recorder.ts';
import type { CaptureCut, CaptureWindow } from '../capture/capture-recorder.ts';
import type { SampleSource, SourceBlock } from '../source/sample-source.ts';
import type { TerminalState } from '../state/terminal-state.ts';
import { createCircuitMeter } from './circuit-meter.ts';
import { telemetryOfCircuit, telemetryOfTemperatures, type TelemetryValues } from './telemetry-values.ts';

/** What the monitor found. Times are signal time: ms from the first frame. */
export type Observation =
  | { readonly kind: 'telemetry'; readonly signalMs: number; readonly values: TelemetryValues }
  /** `capture`: number of the recording that follows; every rise of a level has one. */
  | { readonly kind: 'event'; readonly signalMs: number; readonly event: HazardEvent; readonly capture?: number }
  | {
      readonly kind: 'capture';
      readonly capture: number;
      readonly startFrame: number;
      readonly triggerFrame: number;
      readonly channels: readonly SampledChannel[];
    };

export type BoardMonitorSettings = {
  readonly source: Pick<SampleSource, 'sampleRateHz' | 'mainsHz' | 'circuits' | 'temperatures'>;
  /** Rated current per circuit; goes before the source's own. */
  readonly ratedA?: Readonly<Record<string, number>>;
  readonly overloadBands?: readonly OverloadBand[];
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
  /** What must outlive a restart. */
  state(): TerminalState;
  readonly frames: number;
};

/** Samples are taken in pieces of this length, so that a long block costs no more memory than short ones. */
const PIECE_MS = 100;
/**
 * A limit is told the time with this delay: readings come up to 2.5 cycles and one 200 ms block after their samples, and
 * a delay must not run out before the reading that would end it.
 */
const READING_LAG_MS = 500;

/** @throws RangeError for a bad rating, sampling rate or interval. */
export function createBoardMonitor(settings: BoardMonitorSettings): BoardMonitor {
  const { source, intervalMs, state: before } = settings;
  const { sampleRateHz, mainsHz } = source;
  if (!(intervalMs >= 200 && intervalMs <= 3_600_000)) {
    throw new RangeError(`interval is ${intervalMs} ms, expected 200 to 3600000`);
  }
  const hazards = createLimitHazards(
    {
      circuits: ratedCircuitsOf(settings),
      ...(settings.overloadBands === undefined ? {} : { overloadBands: settings.overloadBands }),
    },
    before?.hazards,
  );
  const circuits = source.circuits.map((circuit) => ({
    ...circuit,
    meter: createCircuitMeter({ sampleRateHz, mainsHz, hasResidual: circuit.hasResidual }),
    readings: [] as MeanReading[],
    energyKwh: before?.energyKwh[circuit.prefix] ?? 0,
  }));
  const points = capturePoints(source);
  const recorder = createCaptureRecorder({ sampleRateHz, mainsHz, channels: points }, settings.captureWindow);
  const temperatures = new Map<string, number>();
  const toldLevel = new Map<string, Level>();
  for (const event of hazards.active()) toldLevel.set(hazardKeyOf(event), event.level);
  const pieceFrames = Math.max(1, Math.round((sampleRateHz * PIECE_MS) / 1000));
  let frames = 0;
  let readingsEndMs = 0;
  let toldAtMs = 0;
  let started = false;

  const signalMsOf = (frame: number): number => (frame * 1000) / sampleRateHz;

  function tell(events: readonly HazardEvent[], observe: (observation: Observation) => void): void {
    for (const event of events) {
      const level = event.active ? event.level : undefined;
      const lower = toldLevel.get(hazardKeyOf(event));
      if (level === undefined) toldLevel.delete(hazardKeyOf(event));
      else toldLevel.set(hazardKeyOf(event), level);
      const isRise = level !== undefined && rankOf(level) > rankOf(lower);
      const triggerFrame = Math.round((event.at * sampleRateHz) / 1000);
      const capture = isRise ? { capture: recorder.trigger(triggerFrame) } : {};
      observe({ kind: 'event', signalMs: event.at, event, ...capture });
    }
  }

  function take(circuit: (typeof circuits)[number], reading: MeanReading, observe: (o: Observation) => void): void {
    const { prefix } = circuit;
    const at = signalMsOf(reading.startFrame + reading.frameCount);
    circuit.readings.push(reading);
    readingsEndMs = Math.max(readingsEndMs, at);
    const energyWs = (reading.activePowerW * reading.frameCount) / sampleRateHz;
    // Like a meter with a backstop: it counts what is drawn, never backwards, and not what it does not know.
    if (energyWs > 0) circuit.energyKwh += energyWs / 3.6e6;
    tell(hazards.read({ at, pointId: `${prefix}.currentA`, value: reading.currentA }), observe);
    const { residualCurrentMa } = reading;
    if (residualCurrentMa === undefined) return;
    tell(hazards.read({ at, pointId: `${prefix}.residualCurrentMa`, value: residualCurrentMa }), observe);
  }

  function takePiece(block: SourceBlock, from: number, to: number, observe: (o: Observation) => void): void {
    recorder.append(captureValues(source, block), from, to);
    frames += to - from;
    source.circuits.forEach(({ hasResidual }, index) => {
      const samples = block.circuits[index];
      const circuit = circuits[index];
      if (samples === undefined || circuit === undefined) {
        throw new RangeError(`a block of ${block.circuits.length} circuits, ${circuits.length} expected`);
      }
      const residual = hasResidual ? samples.residualCurrentMa?.subarray(from, to) : undefined;
      circuit.meter.push(
        {
          voltageV: (samples.voltageV ?? block.voltageV).subarray(from, to),
          currentA: samples.currentA.subarray(from, to),
          ...(residual === undefined ? {} : { residualCurrentMa: residual }),
        },
        (reading) => take(circuit, reading, observe),
      );
    });
    if (to === block.voltageV.length) takeTemperatures(block, observe);
    const nowMs = signalMsOf(frames);
    if ((hazards.dueAt() ?? Infinity) <= nowMs - READING_LAG_MS) tell(hazards.due(nowMs - READING_LAG_MS), observe);
    if (readingsEndMs - toldAtMs >= intervalMs) tellTelemetry(observe);
    recorder.collect((cut) => tellCapture(cut, observe));
  }

  function takeTemperatures(block: SourceBlock, observe: (o: Observation) => void): void {
    const at = signalMsOf(frames);
    source.temperatures.forEach((prefix, index) => {
      const value = block.temperaturesC?.[index] ?? NaN;
      // A sensor that falls silent has no last value to go on telling.
      if (Number.isFinite(value)) temperatures.set(prefix, value);
      else temperatures.delete(prefix);
      tell(hazards.read({ at, pointId: `${prefix}.temperatureC`, value }), observe);
    });
  }

  function tellTelemetry(observe: (o: Observation) => void): void {
    let values = telemetryOfTemperatures(temperatures);
    for (const circuit of circuits) {
      if (circuit.readings.length === 0) continue;
      const mean = meanReading(circuit.readings);
      circuit.readings = [];
      values = { ...values, ...telemetryOfCircuit(circuit.prefix, mean, circuit.energyKwh) };
    }
    // On the grid of the interval, so that a reading's jitter never adds up.
    toldAtMs = Math.floor(readingsEndMs / intervalMs) * intervalMs;
    if (Object.keys(values).length > 0) observe({ kind: 'telemetry', signalMs: readingsEndMs, values });
  }

  function tellCapture(cut: CaptureCut, observe: (o: Observation) => void): void {
    const { number, startFrame, triggerFrame, values } = cut;
    const channels = points.map((point, index) => {
      return { point, unit: unitOf(point), values: values[index] ?? new Float64Array(0) };
    });
    observe({ kind: 'capture', capture: number, startFrame, triggerFrame, channels });
  }

  return {
    get frames() {
      return frames;
    },
    push(block, observe) {
      // Asked first: it tells what a configuration changed since the last run has ended.
      if (!started) tell(hazards.due(0), observe);
      started = true;
      const length = block.voltageV.length;
      for (let from = 0; from < length; from += pieceFrames) {
        takePiece(block, from, Math.min(length, from + pieceFrames), observe);
      }
    },
    flush(observe) {
      for (const circuit of circuits) circuit.meter.flush((reading) => take(circuit, reading, observe));
      if (readingsEndMs > toldAtMs) tellTelemetry(observe);
      recorder.finish((cut) => tellCapture(cut, observe));
    },
    state: () => ({
      energyKwh: Object.fromEntries(circuits.map(({ prefix, energyKwh }) => [prefix, energyKwh])),
      hazards: hazards.state(),
    }),
  };
}

function ratedCircuitsOf({ source, ratedA }: BoardMonitorSettings): readonly RatedCircuit[] {
  const prefixes = source.circuits.map(({ prefix }) => prefix);
  const stranger = Object.keys(ratedA ?? {}).find((prefix) => !prefixes.includes(prefix));
  if (stranger !== undefined) {
    throw new RangeError(`rated current of ${stranger}: the source has ${prefixes.join(', ')}`);
  }
  return source.circuits.flatMap((circuit) => {
    const rated = ratedA?.[circuit.prefix] ?? circuit.ratedA;
    return rated === undefined ? [] : [{ prefix: circuit.prefix, ratedA: rated }];
  });
}

function hazardKeyOf({ point, kind }: HazardEvent): string {
  return `${point}/${kind}`;
}

function rankOf(level: Level | undefined): number {
  return level === undefined ? -1 : levels.indexOf(level);
}

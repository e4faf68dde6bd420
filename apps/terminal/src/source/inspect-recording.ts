import type { Recording } from '@fengsui/protocol';
import { createCycleAnalyser, crestFactor, meanReading, peak, rms, type CycleReading } from '@fengsui/signal';
import { diagnoseRecording, type CircuitFinding } from './diagnose-recording.ts';
import { mainsHzOf } from './mains-hz.ts';
import { recordedBoardOf, type RecordedCircuit } from './recording-circuits.ts';

/** One channel over the whole recording; null = not known. */
export type ChannelInspection = {
  readonly name: string;
  readonly unit: string;
  readonly rms: number | null;
  readonly peak: number | null;
  readonly crestFactor: number | null;
};

/** One circuit over the whole mains cycles of the recording; null = not known. */
export type CircuitInspection = {
  readonly prefix: string;
  readonly cycles: number;
  readonly lockedCycles: number;
  readonly frequencyHz: number | null;
  readonly voltageV: number | null;
  readonly currentA: number | null;
  readonly residualCurrentMa: number | null;
  readonly activePowerW: number | null;
  readonly reactivePowerVar: number | null;
  readonly apparentPowerVa: number | null;
  readonly powerFactor: number | null;
  readonly voltageThdPct: number | null;
  readonly currentThdPct: number | null;
};

export type RecordingInspection = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly frames: number;
  readonly durationMs: number;
  readonly startedAt: number | null;
  /** What the samples were made into quantities with; `none`: not calibrated; null: the file does not say. */
  readonly calibration: string | null;
  readonly channels: readonly ChannelInspection[];
  readonly circuits: readonly CircuitInspection[];
  readonly findings: readonly CircuitFinding[];
  /** Channels that no point of a terminal stands for. */
  readonly unused: readonly string[];
};

/**
 * Measures a recording as a terminal would, over all of it.
 *
 * @throws RangeError without voltage, current or a mains frequency of 50 or 60 Hz.
 */
export function inspectRecording(recording: Recording): RecordingInspection {
  const { sampleRateHz, channels, startedAt } = recording;
  const board = recordedBoardOf(recording);
  const { findings } = diagnoseRecording(recording);
  const frames = board.voltageV.length;
  return {
    sampleRateHz,
    mainsHz: recording.mainsHz,
    frames,
    durationMs: (frames * 1000) / sampleRateHz,
    startedAt: startedAt ?? null,
    calibration: recording.calibration ?? null,
    channels: channels.map(({ name, unit, values }) => ({
      name,
      unit,
      rms: known(rms(values)),
      peak: known(peak(values)),
      crestFactor: known(crestFactor(values)),
    })),
    // Too few samples per cycle is a finding; there are no cycles to measure then.
    circuits: findings.some(({ kind }) => kind === 'lowSampleRate')
      ? []
      : board.circuits.map((circuit) => inspectCircuit(circuit, recording)),
    findings,
    unused: board.unused,
  };
}

function inspectCircuit(circuit: RecordedCircuit, { sampleRateHz, mainsHz }: Recording): CircuitInspection {
  const { prefix, voltageV, currentA, residualCurrentMa } = circuit;
  const residual = residualCurrentMa === undefined ? {} : { residualCurrentMa };
  const analyser = createCycleAnalyser({
    sampleRateHz,
    mainsHz: mainsHzOf(mainsHz, 'the recording'),
    residual: residualCurrentMa !== undefined,
  });
  const cycles: CycleReading[] = [];
  analyser.push({ voltageV, currentA, ...residual }, (cycle) => cycles.push(cycle));
  analyser.flush((cycle) => cycles.push(cycle));
  const mean = cycles.length === 0 ? undefined : meanReading(cycles);
  return {
    prefix,
    cycles: cycles.length,
    lockedCycles: mean?.lockedCycleCount ?? 0,
    frequencyHz: known(mean?.frequencyHz),
    voltageV: known(mean?.voltageV),
    currentA: known(mean?.currentA),
    residualCurrentMa: known(mean?.residualCurrentMa),
    activePowerW: known(mean?.activePowerW),
    reactivePowerVar: known(mean?.reactivePowerVar),
    apparentPowerVa: known(mean?.apparentPowerVa),
    powerFactor: known(mean?.powerFactor),
    voltageThdPct: known(mean?.voltageThdPct),
    currentThdPct: known(mean?.currentThdPct),
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

import { createRecogniser, fingerprintOf, type Recognition, type RecognitionModel } from '@fengsui/fingerprint';
import type { LoadEvidence, Recording } from '@fengsui/protocol';
import { createCycleAnalyser, type FindingKind } from '@fengsui/signal';
import { defaultCaptureWindow } from '../capture/capture-recorder.ts';
import { createBoardMonitor, type Observation } from '../measurement/board-monitor.ts';
import type { CircuitFinding } from './diagnose-recording.ts';
import { mainsHzOf } from './mains-hz.ts';
import { recordedBoardOf, type RecordedCircuit } from './recording-circuits.ts';
import { createRecordingSource } from './recording-source.ts';
import type { SourceBlock } from './sample-source.ts';

/** What a terminal would have told of a recording; times in ms from its first frame. */
export type LoadInspection = {
  readonly switchings: readonly { readonly prefix: string; readonly atMs: number; readonly evidence: LoadEvidence }[];
  readonly hazards: readonly {
    readonly atMs: number;
    readonly kind: string;
    readonly point: string;
    readonly active: boolean;
    readonly level: string;
    readonly confidence?: number;
    readonly evidence?: unknown;
  }[];
  /** The whole current of each circuit taken as one load: what a recording without a switching can still be asked. */
  readonly wholes: readonly WholeCurrent[];
};

export type WholeCurrent =
  | { readonly prefix: string; readonly recognition: Recognition }
  | { readonly prefix: string; readonly unusable: string };

/** Findings after which a current shape is not what flowed: nothing is recognised then. */
const SPOILING: readonly FindingKind[] = [
  'clipped',
  'gap',
  'lowSampleRate',
  'notANumber',
  'noVoltage',
  'swapped',
  'tooShort',
  'wrongMains',
  'wrongScale',
];
/** Of these a suspicion is enough: what would be recognised is the fault of the recording as likely as a load. */
const SPOILING_MAYBE: readonly FindingKind[] = ['clipped', 'swapped', 'wrongScale'];
/** Hazards that are judged by the shape of the current. */
const JUDGED_BY_SHAPE: readonly string[] = ['arc', 'prohibitedLoad'];
const SKIPPED_CYCLES = 2;

/** Plays a recording through a terminal's own engines. What is badly recorded is named, not guessed. */
export function inspectLoads(
  recording: Recording,
  findings: readonly CircuitFinding[],
  model: RecognitionModel,
): LoadInspection {
  const { circuits } = recordedBoardOf(recording);
  const spoiled = (prefix: string): string | undefined =>
    findings.find((finding) => {
      const kinds = finding.certainty === 'certain' ? SPOILING : SPOILING_MAYBE;
      return finding.prefix === prefix && kinds.includes(finding.kind);
    })?.kind;
  const wholes = circuits.map((circuit): WholeCurrent => {
    const { prefix } = circuit;
    const unusable = spoiled(prefix);
    return unusable === undefined ? wholeCurrent(circuit, recording, model) : { prefix, unusable };
  });
  if (findings.some(({ kind }) => kind === 'lowSampleRate')) return { switchings: [], hazards: [], wholes };
  const observations = observe(recording, model);
  return {
    wholes,
    switchings: observations.flatMap((seen) => {
      if (seen.kind !== 'load' || spoiled(seen.prefix) !== undefined) return [];
      return [{ prefix: seen.prefix, atMs: seen.signalMs, evidence: seen.load.evidence }];
    }),
    hazards: observations.flatMap((seen) => {
      if (seen.kind !== 'event') return [];
      if (JUDGED_BY_SHAPE.includes(seen.event.kind) && spoiled(seen.event.point) !== undefined) return [];
      const { kind, point, active, level, confidence, evidence } = seen.event;
      const why = { ...(confidence !== undefined && { confidence }), ...(evidence !== undefined && { evidence }) };
      return [{ atMs: seen.signalMs, kind, point, active, level, ...why }];
    }),
  };
}

function observe(recording: Recording, model: RecognitionModel): readonly Observation[] {
  const source = createRecordingSource(recording);
  const monitor = createBoardMonitor({
    source,
    model,
    startAtMs: 0,
    intervalMs: 3_600_000,
    captureWindow: defaultCaptureWindow,
  });
  const seen: Observation[] = [];
  const keep = (observation: Observation): void => {
    if (observation.kind === 'event' || observation.kind === 'load') seen.push(observation);
  };
  for (const block of source.blocks() as Iterable<SourceBlock>) monitor.push(block, keep);
  monitor.flush(keep);
  return seen;
}

function wholeCurrent(circuit: RecordedCircuit, recording: Recording, model: RecognitionModel): WholeCurrent {
  const { prefix, voltageV, currentA } = circuit;
  const { sampleRateHz } = recording;
  const analyser = createCycleAnalyser({ sampleRateHz, mainsHz: mainsHzOf(recording.mainsHz, 'the recording') });
  const points = analyser.samplesPerCycle;
  const sum = { voltageV: new Float64Array(points), currentA: new Float64Array(points), count: 0, seen: 0 };
  const add = (
    reading: { readonly locked: boolean },
    samples: { voltageV: Float64Array; currentA: Float64Array },
  ): void => {
    sum.seen += 1;
    if (!reading.locked || sum.seen <= SKIPPED_CYCLES) return;
    sum.count += 1;
    for (let point = 0; point < points; point++) {
      sum.voltageV[point] = (sum.voltageV[point] as number) + (samples.voltageV[point] as number);
      sum.currentA[point] = (sum.currentA[point] as number) + (samples.currentA[point] as number);
    }
  };
  analyser.push({ voltageV, currentA }, add);
  analyser.flush(add);
  if (sum.count === 0) return { prefix, unusable: 'no cycle of the mains was found' };
  const meanV = sum.voltageV.map((value) => value / sum.count);
  const meanA = sum.currentA.map((value) => value / sum.count);
  const nothing = { voltageV: meanV, currentA: new Float64Array(points), cycleCount: sum.count };
  const after = { voltageV: meanV, currentA: meanA, cycleCount: sum.count };
  const fingerprint = fingerprintOf({ kind: 'on', before: nothing, after });
  if (fingerprint.kind === 'unusable') return { prefix, unusable: fingerprint.reason };
  return { prefix, recognition: createRecogniser(model).recognise(fingerprint) };
}

import { join } from 'node:path';
import type { CycleWaves } from '@fengsui/fingerprint';
import { createCycleAnalyser } from '@fengsui/signal';
import { isFields, listIn, numberIn, readIndex, textIn } from '../folder/read-index.ts';
import { readInt16 } from '../folder/read-samples.ts';
import { EvaluationError, type Skipped } from '../suite.ts';

/** One recording of one running appliance, as mains cycles of 128 points from the voltage's rising zero on. */
export type ApplianceRecording = {
  readonly id: string;
  readonly label: string;
  /** Number within the label; label and rec together are the group key. */
  readonly rec: number;
  readonly cycles: readonly CycleWaves[];
};

export type ApplianceFolder = {
  readonly recordings: readonly ApplianceRecording[];
  readonly skipped: readonly Skipped[];
};

/** Group key of a recording: never on both sides of a split. */
export function recordingKey({ label, rec }: { readonly label: string; readonly rec: number }): string {
  return `${label}#${rec}`;
}

const leastCycles = 20;

/**
 * Reads an hfhad-c folder: index.json and waves.i16le.bin. The mean of each recording is taken off, then the signal
 * package cuts it into cycles. Recordings with fewer than 20 whole cycles are skipped with the reason.
 */
export async function readApplianceFolder(folder: string): Promise<ApplianceFolder> {
  const place = join(folder, 'index.json');
  const index = await readIndex(folder);
  const sampleRateHz = numberIn(index, 'sample_rate_hz', place);
  const mainsHz = numberIn(index, 'mains_hz', place);
  if (mainsHz !== 50 && mainsHz !== 60)
    throw new EvaluationError(`${place}: mains_hz is ${mainsHz}, expected 50 or 60`);
  const currentScale = numberIn(index, 'scale_current', place);
  const voltageScale = numberIn(index, 'scale_voltage', place);
  const entries = listIn(index, 'recordings', place).map((entry) => ({
    id: textIn(entry, 'id', place),
    label: textIn(entry, 'label', place),
    rec: numberIn(entry, 'rec', place),
    offset: numberIn(entry, 'offset_frames', place),
    frames: numberIn(entry, 'frames', place),
  }));
  const end = entries.reduce((last, { offset, frames }) => Math.max(last, offset + frames), 0);
  const codes = await readInt16(folder, 'waves.i16le.bin', 2 * end);
  const recordings: ApplianceRecording[] = [];
  const skipped: Skipped[] = [];
  for (const { id, label, rec, offset, frames } of entries) {
    const currentA = withoutMean(codes, 2 * offset, frames, currentScale);
    const voltageV = withoutMean(codes, 2 * offset + 1, frames, voltageScale);
    const cycles = lockedCycles(voltageV, currentA, sampleRateHz, mainsHz);
    if (cycles.length >= leastCycles) recordings.push({ id, label, rec, cycles });
    else skipped.push({ id, reason: `${cycles.length} whole cycles, expected at least ${leastCycles}` });
  }
  if (recordings.length === 0) throw new EvaluationError(`${place}: no recording that can be used`);
  return { recordings, skipped };
}

function withoutMean(codes: Int16Array, first: number, frames: number, scale: number): Float64Array {
  const values = Float64Array.from({ length: frames }, (_, n) => (codes[first + 2 * n] as number) / scale);
  const mean = values.reduce((sum, value) => sum + value, 0) / frames;
  return values.map((value) => value - mean);
}

function lockedCycles(
  voltageV: Float64Array,
  currentA: Float64Array,
  sampleRateHz: number,
  mainsHz: 50 | 60,
): CycleWaves[] {
  const cycles: CycleWaves[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz, mainsHz });
  const keep: Parameters<typeof analyser.push>[1] = (reading, samples) => {
    if (reading.locked) cycles.push({ voltageV: samples.voltageV.slice(), currentA: samples.currentA.slice() });
  };
  analyser.push({ voltageV, currentA }, keep);
  analyser.flush(keep);
  return cycles;
}

/** A `[label, rec]` pair of an index. */
export function labelAndRec(value: unknown, place: string): { label: string; rec: number } {
  if (Array.isArray(value)) {
    const [label, rec] = value as readonly unknown[];
    if (typeof label === 'string' && typeof rec === 'number') return { label, rec };
  }
  const shown = isFields(value) ? 'an object' : JSON.stringify(value);
  throw new EvaluationError(`${place}: ${shown}, expected [label, rec]`);
}

import { join } from 'node:path';
import type { CycleWaves } from '@fengsui/fingerprint';
import { listIn, numberIn, readIndex, textIn } from '../folder/read-index.ts';
import { readInt16 } from '../folder/read-samples.ts';
import { EvaluationError } from '../suite.ts';
import { labelAndRec } from './appliance-recordings.ts';

/** One load switched among others; semi-synthetic: recorded currents, added. */
export type SwitchingClip = {
  readonly id: string;
  readonly target: string;
  readonly targetRec: number;
  readonly direction: 'on' | 'off';
  /** First cycle of the new state. */
  readonly eventCycle: number;
  readonly background: readonly { readonly label: string; readonly rec: number }[];
  readonly mainsHz: 50 | 60;
  readonly cycles: readonly CycleWaves[];
};

/** A and V of one code, fixed by the format. */
const currentStepA = 0.002;
const voltageStepV = 0.01;

/** Reads an hfhad-c-aggregate folder: index.json and clips.i16le.bin. */
export async function readSwitchingClips(folder: string): Promise<SwitchingClip[]> {
  const place = join(folder, 'index.json');
  const index = await readIndex(folder);
  const mainsHz = numberIn(index, 'mains_hz', place);
  if (mainsHz !== 50 && mainsHz !== 60)
    throw new EvaluationError(`${place}: mains_hz is ${mainsHz}, expected 50 or 60`);
  const points = numberIn(index, 'samples_per_cycle', place);
  const cycleCount = numberIn(index, 'cycles', place);
  const entries = listIn(index, 'clips', place);
  const ids = entries.map((entry) => numberIn(entry, 'id', place));
  const codes = await readInt16(folder, 'clips.i16le.bin', (Math.max(-1, ...ids) + 1) * cycleCount * points * 2);
  if (entries.length === 0) throw new EvaluationError(`${place}: no clips`);
  return entries.map((entry, i) => {
    const id = ids[i] ?? NaN;
    const clip = `${place} clip ${id}`;
    const direction = textIn(entry, 'direction', clip);
    if (direction !== 'on' && direction !== 'off') throw new EvaluationError(`${clip}: direction ${direction}`);
    const background = entry['background'];
    if (!Array.isArray(background)) throw new EvaluationError(`${clip}: background is no list`);
    return {
      id: String(id),
      target: textIn(entry, 'target', clip),
      targetRec: numberIn(entry, 'target_rec', clip),
      direction,
      eventCycle: numberIn(entry, 'event_cycle', clip),
      background: background.map((pair: unknown) => labelAndRec(pair, clip)),
      mainsHz,
      cycles: Array.from({ length: cycleCount }, (_, cycle) =>
        cycleOf(codes, (id * cycleCount + cycle) * points, points),
      ),
    };
  });
}

function cycleOf(codes: Int16Array, firstFrame: number, points: number): CycleWaves {
  const code = (frame: number, channel: number): number => codes[2 * (firstFrame + frame) + channel] as number;
  return {
    currentA: Float64Array.from({ length: points }, (_, n) => code(n, 0) * currentStepA),
    voltageV: Float64Array.from({ length: points }, (_, n) => code(n, 1) * voltageStepV),
  };
}

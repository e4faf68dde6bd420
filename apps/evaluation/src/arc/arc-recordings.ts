import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { parseComtrade, parseWaveformCsv } from '@fengsui/protocol';
import { listIn, numberIn, readIndex, textIn, type Fields } from '../folder/read-index.ts';
import { EvaluationError, type Skipped } from '../suite.ts';

/** A recording of DIR/index.json, its samples still in the file. */
export type ArcRecording = {
  readonly id: string;
  readonly path: string;
  readonly sampleRateHz: number;
  readonly mainsHz: 50 | 60;
  readonly load: string;
  readonly currentA: number;
  readonly kind: 'normal' | 'series' | 'parallel';
  readonly startS: number;
  readonly arcHalfCycles: readonly number[];
};

/** Reads the index of arc recordings made by others. A recording whose fields are wrong is left out with the reason. */
export async function readArcIndex(
  folder: string,
): Promise<{ readonly recordings: readonly ArcRecording[]; readonly skipped: readonly Skipped[] }> {
  const index = await readIndex(folder);
  const place = join(folder, 'index.json');
  const mainsHz = index['mainsHz'] === undefined ? 50 : numberIn(index, 'mainsHz', place);
  if (mainsHz !== 50 && mainsHz !== 60) throw new EvaluationError(`${place}: mainsHz is ${mainsHz}, expected 50 or 60`);
  const recordings: ArcRecording[] = [];
  const skipped: Skipped[] = [];
  for (const [position, fields] of listIn(index, 'recordings', place).entries()) {
    try {
      recordings.push(recordingOf(fields, folder, mainsHz, place));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      const id = fields['id'];
      skipped.push({ id: typeof id === 'string' ? id : `recordings[${position}]`, reason: error.message });
    }
  }
  return { recordings, skipped };
}

function recordingOf(fields: Fields, folder: string, mainsHz: 50 | 60, place: string): ArcRecording {
  const id = textIn(fields, 'id', place);
  const here = `${place}: ${id}`;
  const kind = textIn(fields, 'kind', here);
  if (kind !== 'normal' && kind !== 'series' && kind !== 'parallel') {
    throw new EvaluationError(`${here}: kind is "${kind}", expected normal, series or parallel`);
  }
  const list = fields['arcHalfCycles'] ?? [];
  if (!Array.isArray(list) || !list.every((entry): entry is number => Number.isInteger(entry))) {
    throw new EvaluationError(`${here}: arcHalfCycles is not a list of whole numbers`);
  }
  if (kind === 'normal' && list.length > 0) {
    throw new EvaluationError(`${here}: kind is normal but ${list.length} arcHalfCycles are listed, expected none`);
  }
  return {
    id,
    path: join(folder, textIn(fields, 'file', here)),
    sampleRateHz: numberIn(fields, 'sampleRateHz', here),
    mainsHz,
    load: typeof fields['load'] === 'string' ? fields['load'] : '',
    currentA: typeof fields['currentA'] === 'number' ? fields['currentA'] : NaN,
    kind,
    startS: typeof fields['startS'] === 'number' ? fields['startS'] : 0,
    arcHalfCycles: [...list].sort((a, b) => a - b),
  };
}

/** Voltage, current and the sampling rate of the file. Throws EvaluationError naming the file and what is wrong. */
export async function readArcWave(recording: ArcRecording): Promise<{
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly sampleRateHz: number;
}> {
  const { path } = recording;
  const read = await readWaveFile(path);
  const channel = (unit: string, name: string): Float64Array => {
    const found = read.channels.find((one) => one.name === name) ?? read.channels.find((one) => one.unit === unit);
    if (found === undefined) {
      const names = read.channels.map((one) => one.name).join(', ');
      throw new EvaluationError(`${path}: no ${name} among ${names}`);
    }
    return found.values;
  };
  // The file's own rate counts: it is what the samples were written with.
  const sampleRateHz = read.sampleRateHz;
  if (Math.abs(sampleRateHz - recording.sampleRateHz) > 1e-3 * sampleRateHz) {
    throw new EvaluationError(`${path}: ${sampleRateHz} samples/s, the index says ${recording.sampleRateHz}`);
  }
  return { voltageV: channel('V', 'voltageV'), currentA: channel('A', 'currentA'), sampleRateHz };
}

async function readWaveFile(path: string) {
  if (!existsSync(path)) throw new EvaluationError(`${path}: there is no such file`);
  const extension = extname(path).toLowerCase();
  if (extension !== '.cfg' && extension !== '.dat') {
    const parsed = parseWaveformCsv(await readFile(path, 'utf8'));
    if (parsed.kind === 'unreadable') throw new EvaluationError(`${path}: ${parsed.place}: ${parsed.detail}`);
    return parsed.recording;
  }
  const stem = join(dirname(path), basename(path, extname(path)));
  const [cfg, dat] = [pairPath(stem, 'cfg'), pairPath(stem, 'dat')];
  if (cfg === undefined || dat === undefined) throw new EvaluationError(`${stem}: expected a pair of .cfg and .dat`);
  const parsed = parseComtrade(await readFile(cfg), await readFile(dat));
  if (parsed.kind === 'unreadable') throw new EvaluationError(`${path}: ${parsed.place}: ${parsed.detail}`);
  return parsed.recordings[0];
}

function pairPath(stem: string, extension: string): string | undefined {
  return [`${stem}.${extension}`, `${stem}.${extension.toUpperCase()}`].find((path) => existsSync(path));
}

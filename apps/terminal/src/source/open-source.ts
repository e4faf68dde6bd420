import process from 'node:process';
import { isCitySource, parseCitySource } from '@fengsui/city';
import { createScenarioSource } from './board-source.ts';
import { diagnoseRecording } from './diagnose-recording.ts';
import { readRecordingFile } from './read-recording.ts';
import { createRecordingSource } from './recording-source.ts';
import type { SampleSource } from './sample-source.ts';
import { isStreamSource, openStreamSource } from './stream/stream-source.ts';

export type OpenedSource = {
  readonly source: SampleSource;
  /** Everything odd about it, each in a sentence. */
  readonly remarks: readonly string[];
  /** The pace the source itself asks for, where it does. */
  readonly speed?: number;
};

export type OpenSourceOptions = {
  /** Files only: start over at the end. */
  readonly repeat?: boolean;
  /** `city:` only: the simulated time of day, epoch ms. */
  readonly startAtMs: number;
};

/**
 * Opens what `--source` names: a waveform file (`readRecordingFile`), `city:<scenario>?…` or a stream on standard input.
 *
 * @throws Error when it cannot be read or nothing can be computed of it; RangeError for a wrong `city:` source.
 */
export async function openSource(name: string, options: OpenSourceOptions): Promise<OpenedSource> {
  if (isCitySource(name)) {
    const scenario = parseCitySource(name);
    const speed = scenario.speed === 0 ? Infinity : scenario.speed;
    return { source: createScenarioSource(scenario, options.startAtMs), remarks: [], speed };
  }
  if (isStreamSource(name)) return { source: await openStreamSource(name, process.stdin), remarks: [] };
  const { recording, warnings } = await readRecordingFile(name);
  const { findings, blocking } = diagnoseRecording(recording);
  if (blocking.length > 0) throw new Error([`${name}: nothing can be computed`, ...blocking].join('\n  '));
  const source = createRecordingSource(recording, { repeat: options.repeat ?? false });
  const remarks = [
    ...warnings,
    ...findings.map(({ prefix, kind, channel, certainty, detail }) => {
      return `${prefix} ${channel}: ${kind}${certainty === 'maybe' ? ' (maybe)' : ''}: ${detail}`;
    }),
  ];
  return { source, remarks };
}

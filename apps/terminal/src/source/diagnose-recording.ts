import type { Recording } from '@fengsui/protocol';
import { diagnose, type Finding } from '@fengsui/signal';
import { mainsHzOf } from './mains-hz.ts';
import { recordedBoardOf, type RecordedCircuit } from './recording-circuits.ts';

/** What is wrong with one circuit of a recording. */
export type CircuitFinding = Finding & { readonly prefix: string };

export type RecordingDiagnosis = {
  readonly findings: readonly CircuitFinding[];
  /** Why nothing can be computed at all, each in a sentence; empty when something can. */
  readonly blocking: readonly string[];
};

/**
 * Names what is wrong with each circuit of a recording. A finding blocks only when no circuit is left that anything can
 * be computed of: too short, too few samples per cycle, no voltage, nothing but NaN.
 *
 * @throws RangeError without voltage, current or a mains frequency of 50 or 60 Hz.
 */
export function diagnoseRecording(recording: Recording): RecordingDiagnosis {
  const mainsHz = mainsHzOf(recording.mainsHz, 'the recording');
  const { sampleRateHz } = recording;
  const findings: CircuitFinding[] = [];
  const blocking: string[] = [];
  let usable = 0;
  for (const circuit of recordedBoardOf(recording).circuits) {
    const { prefix, voltageV, currentA, residualCurrentMa } = circuit;
    const residual = residualCurrentMa === undefined ? {} : { residualCurrentMa };
    const found = diagnose({ sampleRateHz, mainsHz, voltageV, currentA, ...residual });
    findings.push(...found.map((finding) => ({ ...finding, prefix })));
    const blocked = found.filter((finding) => isBlocking(finding, circuit));
    if (blocked.length === 0) usable += 1;
    blocking.push(...blocked.map(({ kind, detail }) => `${prefix}: ${kind}: ${detail}`));
  }
  return { findings, blocking: usable > 0 ? [] : blocking };
}

function isBlocking({ kind, channel }: Finding, circuit: RecordedCircuit): boolean {
  if (kind === 'tooShort' || kind === 'lowSampleRate' || kind === 'noVoltage') return true;
  if (kind !== 'notANumber' || (channel !== 'voltageV' && channel !== 'currentA')) return false;
  return !circuit[channel].some(Number.isFinite);
}

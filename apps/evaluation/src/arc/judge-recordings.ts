import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { ArcDecision } from '@fengsui/hazard';
import { EvaluationError, type Progress, type Skipped } from '../suite.ts';
import { isInTime, parallelDeadline, seriesDeadline, type ArcDeadline } from './arc-deadline.ts';
import { readArcWave, type ArcRecording } from './arc-recordings.ts';
import { runDetector } from './run-detector.ts';

/** What the detector did on one recording. */
export type JudgedRecording = {
  readonly id: string;
  readonly kind: ArcRecording['kind'];
  readonly load: string;
  readonly currentA: number;
  readonly seconds: number;
  readonly halfCycles: number;
  readonly arcing: number;
  readonly reactedAtS?: number;
  /** Beginning of the half-cycle that counts, and the time allowed after it. */
  readonly fromS?: number;
  readonly limitS?: number;
  readonly inTime: boolean;
  /** Of normal recordings: whether an arc was confirmed, wrongly. */
  readonly confirmed?: boolean;
};

/** Judges recordings one after the other; decisions per half-cycle go to `decisionsPath` as NDJSON. */
export async function judgeRecordings(
  recordings: readonly ArcRecording[],
  decisionsPath: string | undefined,
  progress: Progress,
): Promise<{ readonly judged: readonly JudgedRecording[]; readonly skipped: readonly Skipped[] }> {
  const judged: JudgedRecording[] = [];
  const skipped: Skipped[] = [];
  const lines = decisionsPath === undefined ? undefined : createWriteStream(decisionsPath);
  let told = Date.now();
  try {
    for (const recording of recordings) {
      try {
        judged.push(await judge(recording, lines));
      } catch (error) {
        // A recording that the detector or a reader refuses says so; the others are judged all the same.
        if (!(error instanceof EvaluationError || error instanceof RangeError)) throw error;
        skipped.push({ id: recording.id, reason: error.message });
      }
      if (Date.now() - told > 5000) {
        told = Date.now();
        progress(`${judged.length + skipped.length} of ${recordings.length} recordings`);
      }
    }
  } finally {
    if (lines !== undefined) {
      lines.end();
      await once(lines, 'close');
    }
  }
  return { judged, skipped };
}

async function judge(recording: ArcRecording, lines: WriteStream | undefined): Promise<JudgedRecording> {
  const { id, kind, load, currentA, mainsHz, arcHalfCycles } = recording;
  const { sampleRateHz, ...wave } = await readArcWave(recording);
  const texts: string[] = [];
  const note = (decision: ArcDecision): void => {
    texts.push(JSON.stringify(decisionLine(id, decision)));
  };
  const run = runDetector([wave], sampleRateHz, mainsHz, lines === undefined ? undefined : note);
  if (lines !== undefined && texts.length > 0 && !lines.write(`${texts.join('\n')}\n`)) await once(lines, 'drain');
  const deadline = deadlineOf(kind, arcHalfCycles, currentA, mainsHz);
  return {
    id,
    kind,
    load,
    currentA,
    seconds: run.seconds,
    halfCycles: run.halfCycles,
    arcing: run.arcing,
    ...(run.reactedAtS === undefined ? {} : { reactedAtS: rounded(run.reactedAtS) }),
    ...(deadline === undefined ? {} : { fromS: rounded(deadline.fromS), limitS: rounded(deadline.limitS) }),
    inTime: isInTime(run.reactedAtS, deadline),
    ...(kind === 'normal' ? { confirmed: run.reactedAtS !== undefined } : {}),
  };
}

function deadlineOf(
  kind: ArcRecording['kind'],
  halfCycles: readonly number[],
  currentA: number,
  mainsHz: number,
): ArcDeadline | undefined {
  if (kind === 'normal') return undefined;
  if (kind === 'parallel') return parallelDeadline(halfCycles, mainsHz);
  if (!(currentA > 0)) throw new EvaluationError(`currentA is ${currentA}, expected a current above 0 A`);
  return seriesDeadline(halfCycles, currentA, mainsHz);
}

/** One line of the decisions file: when, what, and the features with the baseline they were held against. */
function decisionLine(id: string, decision: ArcDecision) {
  const { features: seen, baseline } = decision;
  const when = {
    id,
    startS: rounded(decision.startAt / 1000),
    endS: rounded(decision.endAt / 1000),
    decidedS: rounded(decision.decidedAt / 1000),
    isArcing: decision.isArcing,
    reason: decision.reason,
    halfCycleCount: decision.halfCycleCount,
    erraticCount: decision.erraticCount,
    isConfirmed: decision.isConfirmed,
  };
  if (baseline === undefined || decision.reason === 'unlocked' || decision.reason === 'learning') return when;
  return {
    ...when,
    features: {
      dropV: rounded(seen.dropV),
      dropDeviations: rounded(seen.dropDeviations),
      levelRatio: rounded(seen.levelRatio),
      distance: rounded(seen.distance),
      surprise: rounded(seen.surprise),
      explained: rounded(seen.explained),
      gainDrop: rounded(seen.gainDrop),
      shift: rounded(seen.shift),
      restPoints: seen.restPoints,
      startDelayPoints: seen.startDelayPoints,
      stepRatio: rounded(seen.stepRatio),
    },
    baseline: {
      peakA: rounded(baseline.peakA),
      distance: rounded(baseline.distance),
      surprise: rounded(baseline.surprise),
      dropSpreadV: rounded(baseline.dropSpreadV),
      restPoints: baseline.restPoints,
      stepRatio: rounded(baseline.stepRatio),
    },
  };
}

const rounded = (value: number): number => Number(value.toPrecision(6));

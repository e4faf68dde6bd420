import {
  arcMatrix,
  beginMatrixRun,
  beginSilentRun,
  createNuisanceRenderer,
  renderMatrixRow,
  type ReactingRow,
  type SilentRow,
} from '@fengsui/city';
import { isInTime, seriesDeadline } from './arc-deadline.ts';
import { runDetector, type WaveBlock } from './run-detector.ts';

export const arcModelKinds = ['carbonised', 'static', 'cassie', 'mayr', 'habedank', 'schavemaker'] as const;
export type ArcModelKind = (typeof arcModelKinds)[number];

/** One piece of work for a worker; plain data. */
export type ArcTask =
  | {
      readonly kind: 'arc';
      readonly row: string;
      readonly caseId: string;
      readonly seed: number;
      readonly sampleRateHz: number;
      readonly model: ArcModelKind;
      /** Contacts that stay apart (the standard's test), or bursts with touching in between. */
      readonly isSustained: boolean;
    }
  | {
      readonly kind: 'normal';
      readonly row: string;
      readonly caseId: string;
      readonly seed: number;
      readonly sampleRateHz: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'silent';
      readonly row: string;
      readonly caseId: string;
      readonly seed: number;
      readonly sampleRateHz: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'episodes';
      readonly classId: string;
      readonly seed: number;
      readonly count: number;
      readonly sampleRateHz: number;
    };

/** What a run of the matrix gave. */
export type MatrixOutcome = {
  readonly kind: 'arc' | 'normal' | 'silent';
  readonly row: string;
  readonly caseId: string;
  readonly model?: ArcModelKind;
  readonly isSustained?: boolean;
  readonly seed: number;
  /** Arc runs: false when the arc never reached 14 half-cycles in 1 s, so that nothing is asked. */
  readonly isAsked: boolean;
  readonly inTime: boolean;
  readonly limitMs?: number;
  readonly delayMs?: number;
  readonly confirmed: boolean;
  readonly seconds: number;
};

export type EpisodesOutcome = {
  readonly kind: 'episodes';
  readonly classId: string;
  readonly episodes: number;
  readonly confirmed: number;
  readonly warned: number;
  /** Seeds of the confirmed ones, to look at. */
  readonly seeds: readonly number[];
  readonly seconds: number;
};

export type ArcOutcome = MatrixOutcome | EpisodesOutcome;

const MAINS_HZ = 50;
/** Length of an arc run, ms: the arc strikes about 1 s after the start, the slowest row has 1 s to react. */
const ARC_MS = 3500;

/** Does one task. */
export function runArcTask(task: ArcTask): ArcOutcome {
  switch (task.kind) {
    case 'arc':
      return arcRun(task);
    case 'normal':
      return quietRun(task, () => beginMatrixRun(reactingRow(task.row), { variant: 'normal', ...quietOptions(task) }));
    case 'silent':
      return quietRun(task, () => {
        const { caseId: classId, seed, sampleRateHz, seconds } = task;
        return beginSilentRun(silentRow(task.row), { classId, seed, sampleRateHz, durationMs: seconds * 1000 });
      });
    case 'episodes':
      return episodes(task);
  }
}

function quietOptions(task: Extract<ArcTask, { kind: 'normal' }>) {
  return {
    caseId: task.caseId,
    seed: task.seed,
    sampleRateHz: task.sampleRateHz,
    durationMs: task.seconds * 1000,
  };
}

function arcRun(task: Extract<ArcTask, { kind: 'arc' }>): MatrixOutcome {
  const { row: id, caseId, seed, sampleRateHz, model, isSustained } = task;
  const row = reactingRow(id);
  const { voltageV, currentA, truth } = renderMatrixRow(row, {
    variant: 'arc',
    caseId,
    seed,
    sampleRateHz,
    durationMs: ARC_MS,
    // By its name: parameters drawn for the row's current, as no one set of them fits 2.5 A and 63 A.
    ...(model === 'carbonised' ? {} : { arcModel: model }),
    ...(isSustained ? { arcToArc: 1 } : {}),
  });
  const deadline = seriesDeadline(truth.arcHalfCycles, row.columnA, MAINS_HZ);
  const run = runDetector([{ voltageV, currentA }], sampleRateHz, MAINS_HZ);
  const common = { kind: 'arc', row: id, caseId, model, isSustained, seed, seconds: run.seconds } as const;
  const confirmed = run.reactedAtS !== undefined;
  if (deadline === undefined) return { ...common, isAsked: false, inTime: true, confirmed };
  // Contacts that stay apart are the standard's own test: there its time counts, not the 14 half-cycles.
  const limitS = isSustained ? row.limitMs / 1000 : deadline.limitS;
  const inTime = isInTime(run.reactedAtS, { fromS: deadline.fromS, limitS });
  const asked = { ...common, isAsked: true, inTime, confirmed, limitMs: limitS * 1000 };
  return run.reactedAtS === undefined ? asked : { ...asked, delayMs: (run.reactedAtS - deadline.fromS) * 1000 };
}

type Stream = { next(frameCount: number): WaveBlock | undefined };

function quietRun(task: Extract<ArcTask, { kind: 'normal' | 'silent' }>, begin: () => Stream): MatrixOutcome {
  const { kind, row, caseId, seed, sampleRateHz } = task;
  const run = runDetector(blocksOf(begin(), sampleRateHz), sampleRateHz, MAINS_HZ);
  const confirmed = run.reactedAtS !== undefined;
  return { kind, row, caseId, seed, isAsked: true, inTime: !confirmed, confirmed, seconds: run.seconds };
}

function* blocksOf(stream: Stream, frames: number): Generator<WaveBlock> {
  for (let block = stream.next(frames); block !== undefined; block = stream.next(frames)) yield block;
}

function episodes(task: Extract<ArcTask, { kind: 'episodes' }>): EpisodesOutcome {
  const { classId, sampleRateHz, seed, count } = task;
  const renderer = createNuisanceRenderer({ sampleRateHz });
  const seeds: number[] = [];
  let warned = 0;
  let seconds = 0;
  for (let index = 0; index < count; index++) {
    const episode = renderer.render(classId, seed + index);
    const run = runDetector([episode], sampleRateHz, MAINS_HZ);
    seconds += run.seconds;
    if (run.level === 'warning') warned++;
    if (run.level === 'alarm') seeds.push(seed + index);
  }
  return { kind: 'episodes', classId, episodes: count, confirmed: seeds.length, warned, seeds, seconds };
}

function reactingRow(id: string): ReactingRow {
  const row = arcMatrix.find((one) => one.id === id);
  if (row?.kind !== 'reacting') throw new RangeError(`row is "${id}", expected one of the matrix that reacts`);
  return row;
}

function silentRow(id: string): SilentRow {
  const row = arcMatrix.find((one) => one.id === id);
  if (row?.kind !== 'silent') throw new RangeError(`row is "${id}", expected one of the matrix that stays silent`);
  return row;
}

import { availableParallelism } from 'node:os';
import { arcMatrix, nuisanceClasses, type MatrixRow } from '@fengsui/city';
import {
  knownMetrics,
  SuiteUsageError,
  type Metric,
  type Progress,
  type Report,
  type Suite,
  type SuiteRequest,
} from '../suite.ts';
import { readArcIndex } from './arc-recordings.ts';
import { arcReport, rowsOfAllModels } from './arc-report.ts';
import { LONGEST_RUN_S, matrixTasks } from './matrix-tasks.ts';
import { runArcTasks } from './arc-task-pool.ts';
import { judgeRecordings, type JudgedRecording } from './judge-recordings.ts';

/** Arcs: the standards' matrix and nuisance episodes of the simulator, or recordings made by others. */
export const arcSuite: Suite = {
  name: 'arc',
  summary: 'arc matrix and nuisance episodes, simulated only; --test DIR reads recordings made by others instead',
  folders: { train: 'none', test: 'optional' },
  options: {
    'sample-rate': { type: 'string', description: 'samples per second of the own matrix', default: '6400' },
    episodes: { type: 'string', description: 'nuisance episodes per class', default: '200' },
    seeds: { type: 'string', description: 'arc runs per case of the matrix, bursts and sustained each', default: '2' },
    rows: { type: 'string', description: 'rows of the matrix to run, as R1,R2,M2; default: all' },
    classes: {
      type: 'string',
      description: 'nuisance classes of the episodes, as voltageEvent,hobPulsing; default: all',
    },
    'normal-seconds': { type: 'string', description: 'length of the normal run of a case', default: '60' },
    'silent-seconds': {
      type: 'string',
      description: 'seconds for each case of a row that must stay silent, in runs of an hour; default: as normal',
    },
    threads: { type: 'string', description: 'worker threads; default: one per core' },
    decisions: { type: 'string', description: 'file for the decision on every half-cycle (NDJSON), with --test' },
  },
  run: (request, progress) =>
    request.testDir === undefined
      ? evaluateMatrix(request, progress)
      : evaluateFolder(request, request.testDir, progress),
};

const MODEL = { id: 'arc-half-cycle-rules', schemaVersion: 1 };
async function evaluateMatrix(request: SuiteRequest, progress: Progress): Promise<Report> {
  const { seed, flags } = request;
  if (flags['decisions'] !== undefined) throw new SuiteUsageError('--decisions needs --test DIR');
  const sampleRateHz = numberFlag(flags['sample-rate'], 'sample-rate', 3200, 102_400);
  const seconds = numberFlag(flags['normal-seconds'], 'normal-seconds', 1, LONGEST_RUN_S);
  const silent = flags['silent-seconds'];
  const rows = rowsFlag(flags['rows']);
  const tasks = matrixTasks({
    seed,
    sampleRateHz,
    rows,
    seeds: numberFlag(flags['seeds'], 'seeds', 1, 1000),
    seconds,
    silentSeconds: silent === undefined ? seconds : numberFlag(silent, 'silent-seconds', 1, 360_000),
    episodes: numberFlag(flags['episodes'], 'episodes', 0, 10_000_000),
    classes: classesFlag(flags['classes']),
  });
  const threads =
    flags['threads'] === undefined ? availableParallelism() : numberFlag(flags['threads'], 'threads', 1, 256);
  progress(`${tasks.length} runs on ${threads} threads`);
  const report = arcReport(await runArcTasks(tasks, threads, progress));
  return {
    suite: 'arc',
    split:
      'simulated only; no parameters are trained, but thresholds were chosen by hand on other seeds of the same simulator: ' +
      'no load, arc model or nuisance class here is unseen',
    train: null,
    test: null,
    recordings: tasks.length,
    groups: rows.length,
    skipped: [],
    seed,
    model: MODEL,
    metrics: knownMetrics(report.metrics),
    baseline: {},
    bars: report.bars,
    perTest: report.rows,
    perLabel: report.classes,
    notes: [
      `simulated only, ${report.hours.toFixed(2)} h of waveform at ${sampleRateHz} Hz`,
      `${rowsOfAllModels.join(', ')}: every arc model with as many seeds, all of them count; other rows: the carbonised path`,
      'sustained: contacts stay apart, limit by IEC 62606 Table 1; bursts: limit by Table 1 or the 14th half-cycle',
      'episodes per device-day are assumed (apps/evaluation/src/arc/episode-rates.ts); bounds: Clopper-Pearson, 95 %',
    ],
    details: { simulatedOnly: true, sampleRateHz, hours: report.hours, loads: report.loads },
  };
}

async function evaluateFolder(request: SuiteRequest, folder: string, progress: Progress): Promise<Report> {
  const { recordings, skipped } = await readArcIndex(folder);
  progress(`${recordings.length} recordings`);
  const path = request.flags['decisions'];
  const { judged, skipped: unread } = await judgeRecordings(
    recordings,
    typeof path === 'string' ? path : undefined,
    progress,
  );
  return {
    suite: 'arc',
    split: 'recordings made by others; nothing is trained on them',
    train: null,
    test: folder,
    recordings: judged.length,
    groups: new Set(judged.map(({ load }) => load)).size,
    skipped: [...skipped, ...unread],
    seed: request.seed,
    model: MODEL,
    metrics: knownMetrics(folderMetrics(judged)),
    baseline: {},
    bars: [],
    perTest: judged,
    perLabel: perLoad(judged),
  };
}

function folderMetrics(judged: readonly JudgedRecording[]): Record<string, Metric | undefined> {
  const share = (kind: JudgedRecording['kind']): number | undefined => {
    const asked = judged.filter((one) => one.kind === kind && one.limitS !== undefined);
    return asked.length === 0 ? undefined : asked.filter(({ inTime }) => inTime).length / asked.length;
  };
  const normal = judged.filter(({ kind }) => kind === 'normal');
  const isNormal = normal.length > 0;
  return {
    seriesInTime: share('series'),
    parallelInTime: share('parallel'),
    normalRecordings: normal.length,
    normalConfirmed: isNormal ? normal.filter(({ confirmed }) => confirmed === true).length : undefined,
    normalHours: isNormal ? normal.reduce((sum, { seconds }) => sum + seconds, 0) / 3600 : undefined,
  };
}

function perLoad(judged: readonly JudgedRecording[]) {
  const loads = [...new Set(judged.map(({ load }) => load))].sort();
  return Object.fromEntries(
    loads.map((load) => {
      const ofLoad = judged.filter((one) => one.load === load);
      const asked = ofLoad.filter(({ limitS }) => limitS !== undefined);
      const normal = ofLoad.filter(({ kind }) => kind === 'normal');
      return [
        load,
        {
          arcs: asked.length,
          inTime: asked.filter(({ inTime }) => inTime).length,
          normal: normal.length,
          confirmed: normal.filter(({ confirmed }) => confirmed === true).length,
        },
      ];
    }),
  );
}

function rowsFlag(value: string | boolean | undefined): readonly MatrixRow[] {
  return chosen(arcMatrix, value, 'rows');
}

function classesFlag(value: string | boolean | undefined): readonly string[] {
  return chosen(nuisanceClasses, value, 'classes').map(({ id }) => id);
}

function chosen<One extends { readonly id: string }>(
  all: readonly One[],
  value: string | boolean | undefined,
  name: string,
): readonly One[] {
  if (typeof value !== 'string') return all;
  return value.split(',').map((id) => {
    const found = all.find((one) => one.id === id.trim());
    if (found !== undefined) return found;
    throw new SuiteUsageError(`--${name} is ${value}, expected some of ${all.map((one) => one.id).join(', ')}`);
  });
}

function numberFlag(value: string | boolean | undefined, name: string, least: number, most: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new SuiteUsageError(`--${name} is ${String(value)}, expected a whole number from ${least} to ${most}`);
  }
  return number;
}

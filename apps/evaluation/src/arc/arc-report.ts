import { arcMatrix } from '@fengsui/city';
import { clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import { bar, type Bar, type Metric } from '../suite.ts';
import type { ArcOutcome, EpisodesOutcome, MatrixOutcome } from './arc-task.ts';
import { assumedEpisodesPerDeviceDay, otherwiseEpisodesPerDeviceDay } from './episode-rates.ts';

/** Runs that ask for a reaction, and how they went. */
type Tally = {
  readonly runs: number;
  readonly detected: number;
  readonly delayMs: { readonly p50: number; readonly p95: number } | null;
  readonly limitMs: number | null;
};

/** Rows in which every arc model counts: their loads leave it in sight. In the others the carbonised path does. */
export const rowsOfAllModels: readonly string[] = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'M2'];

/** Numbers of the own matrix and of the nuisance episodes. Everything here is simulated. */
export function arcReport(outcomes: readonly ArcOutcome[]): {
  readonly metrics: Record<string, Metric>;
  readonly bars: readonly Bar[];
  readonly rows: unknown;
  readonly loads: unknown;
  readonly classes: unknown;
  readonly hours: number;
} {
  const runs = outcomes.filter((one): one is MatrixOutcome => one.kind !== 'episodes');
  const arcs = runs.filter((one) => one.kind === 'arc' && one.isAsked);
  const quiet = runs.filter((one) => one.kind !== 'arc');
  const episodes = byClass(outcomes.filter((one): one is EpisodesOutcome => one.kind === 'episodes'));
  const own = arcs.filter(({ model }) => model === 'carbonised');
  const share = (rows: readonly string[], of = own): number => inTimeShare(of.filter(({ row }) => rows.includes(row)));
  const resistive = share(rowsOfAllModels, arcs);
  const dimmer = share(['M4']);
  const motor = share(['M1', 'M3', 'M7']);
  const confirmedEpisodes = episodes.reduce((sum, one) => sum + one.confirmed, 0);
  const confirmedRuns = quiet.filter(({ confirmed }) => confirmed).length;
  const allEpisodes = episodes.reduce((sum, one) => sum + one.episodes, 0);
  const metrics: Record<string, Metric> = {
    resistiveAndRectifierInTime: resistive,
    dimmerInTime: dimmer,
    motorAndBrushInTime: motor,
    otherRowsInTime: share(['M5', 'M6']),
    normalRunsConfirmed: confirmedRuns,
    episodes: allEpisodes,
    episodesConfirmed: confirmedEpisodes,
  };
  if (arcs.length > own.length) {
    const others = arcs.filter(({ model }) => model !== 'carbonised');
    metrics['otherArcModelsInTime'] = inTimeShare(others);
  }
  if (allEpisodes > 0) metrics['upperBound95PerEpisode'] = clopperPearsonUpper(confirmedEpisodes, allEpisodes);
  return {
    metrics,
    bars: [
      bar('resistiveAndRectifierInTime', resistive, 1, 1),
      bar('dimmerInTime', dimmer, 0.9, 0.98),
      bar('motorAndBrushInTime', motor, 0, 0.9),
      bar('normalRunsConfirmed', confirmedRuns, 0, 0, { lowerIsBetter: true }),
      bar('episodesConfirmed', allEpisodes > 0 ? confirmedEpisodes : undefined, 0, 0, { lowerIsBetter: true }),
    ],
    rows: rowTable(arcs, quiet),
    loads: loadTable(arcs),
    classes: Object.fromEntries(episodes.map(({ classId, ...rest }) => [classId, rest])),
    hours:
      [...runs, ...outcomes.filter((one) => one.kind === 'episodes')].reduce((s, one) => s + one.seconds, 0) / 3600,
  };
}

function inTimeShare(runs: readonly MatrixOutcome[]): number {
  return runs.length === 0 ? NaN : runs.filter(({ inTime }) => inTime).length / runs.length;
}

function tally(runs: readonly MatrixOutcome[]): Tally {
  const delays = runs.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs])).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(delays[Math.ceil(share * delays.length) - 1] ?? NaN);
  const limits = runs.flatMap(({ limitMs }) => (limitMs === undefined ? [] : [limitMs]));
  return {
    runs: runs.length,
    detected: runs.filter(({ inTime }) => inTime).length,
    delayMs: delays.length === 0 ? null : { p50: at(0.5), p95: at(0.95) },
    limitMs: limits.length === 0 ? null : Math.min(...limits),
  };
}

/** Per row: detected, delay, limit of the carbonised path; other arc models beside it; confirmed arcs of the normal runs. */
function rowTable(arcs: readonly MatrixOutcome[], quiet: readonly MatrixOutcome[]) {
  const ran = new Set([...arcs, ...quiet].map(({ row }) => row));
  const hasRun = ({ id }: { readonly id: string }): boolean => ran.has(id);
  return Object.fromEntries(
    arcMatrix.filter(hasRun).map(({ id, title }) => {
      const ofRow = arcs.filter(({ row }) => row === id);
      const own = ofRow.filter(({ model }) => model === 'carbonised');
      const silent = quiet.filter(({ row }) => row === id);
      const confirmed = silent.filter((one) => one.confirmed).length;
      const normal = { runs: silent.length, seconds: silent.reduce((s, one) => s + one.seconds, 0), confirmed };
      if (own.length === 0) return [id, { title, normal }];
      const bursts = tally(own.filter(({ isSustained }) => isSustained !== true));
      const sustained = tally(own.filter(({ isSustained }) => isSustained === true));
      const others = groupBy(
        ofRow.filter(({ model }) => model !== 'carbonised'),
        ({ model }) => model ?? '',
      );
      const otherModels = Object.fromEntries(
        [...others].map(([model, runs]) => {
          const missed = runs.filter(({ inTime }) => !inTime).map(({ seed }) => seed);
          return [model, { ...tally(runs), ...(missed.length > 0 ? { missedSeeds: missed.slice(0, 20) } : {}) }];
        }),
      );
      return [id, { title, sustained, bursts, otherModels, normal }];
    }),
  );
}

/** Per load and place of the arc. Not a load left out: thresholds were chosen with every load in sight. */
function loadTable(arcs: readonly MatrixOutcome[]) {
  const groups = groupBy(arcs, ({ row, caseId }) => `${row} ${caseId}`);
  return Object.fromEntries([...groups].map(([name, runs]) => [name, tally(runs)]));
}

function byClass(outcomes: readonly EpisodesOutcome[]) {
  return [...groupBy(outcomes, ({ classId }) => classId)].map(([classId, parts]) => {
    const sum = (of: (part: EpisodesOutcome) => number): number => parts.reduce((total, part) => total + of(part), 0);
    const episodes = sum((part) => part.episodes);
    const confirmed = sum((part) => part.confirmed);
    const upperBound95 = clopperPearsonUpper(confirmed, episodes);
    const assumedPerDeviceDay = assumedEpisodesPerDeviceDay[classId] ?? otherwiseEpisodesPerDeviceDay;
    return {
      classId,
      episodes,
      confirmed,
      warned: sum((part) => part.warned),
      hours: sum((part) => part.seconds) / 3600,
      upperBound95,
      assumedPerDeviceDay,
      falseAlarmsPerDeviceDayBelow: upperBound95 * assumedPerDeviceDay,
      ...(confirmed > 0 ? { seeds: parts.flatMap(({ seeds }) => seeds).slice(0, 20) } : {}),
    };
  });
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

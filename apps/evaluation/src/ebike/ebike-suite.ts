import { clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import { bar, knownMetrics, SuiteUsageError } from '../suite.ts';
import type { Progress, Report, Suite, SuiteRequest } from '../suite.ts';
import { runSession } from './charging-sessions.ts';
import type { SessionResult } from './charging-sessions.ts';
import { runSiteDays } from './device-days.ts';
import type { SiteDays } from './device-days.ts';
import { figuresByLevel, isWithin, noticesOf, WITHIN_S } from './notice-levels.ts';
import type { MeasuredAt, NoticeLevel } from './notice-levels.ts';
import { runWaveform } from './waveform-days.ts';
import type { WaveformResult } from './waveform-days.ts';

const SITE_DAYS = 10;
/** Charges followed for two and a half hours, to see them proved. */
const LONG_SHARE = 10;
/** Seeds of the judges begin here: development used seeds below. */
const FIRST_JUDGING_SEED = 1_000_000;

/** Electric bicycles charging indoors: recall on chargers of other makes, and false notices on days without one. */
export const ebikeSuite: Suite = {
  name: 'ebike',
  summary: 'e-bike charging: unseen chargers among other loads; false notices per device-day (simulated only)',
  folders: { train: 'none', test: 'none' },
  options: {
    sessions: { type: 'string', description: 'charges to judge', default: '300' },
    'device-days': {
      type: 'string',
      description: 'days of circuits without a charger at one reading a second',
      default: '3000',
    },
    'waveform-days': {
      type: 'string',
      description: 'days of waveform through the whole chain; 10 take hours',
      default: '0.05',
    },
  },
  run: (request, progress) =>
    new Promise((resolve) => {
      resolve(evaluateEBike(request, progress));
    }),
};

function evaluateEBike(request: SuiteRequest, progress: Progress): Report {
  const sessionCount = numberOf(request, 'sessions', 300);
  const deviceDays = numberOf(request, 'device-days', 3000);
  const waveformDays = numberOf(request, 'waveform-days', 0.05);
  const first = FIRST_JUDGING_SEED + 1_000_003 * request.seed;
  const unseen = sessions(sessionCount, 'unseen', first, progress);
  const population = sessions(Math.ceil(sessionCount / 3), 'population', first + 500_000, progress);
  const proved = longSessions(Math.ceil(sessionCount / LONG_SHARE), first + 700_000, progress);
  const sites = days(deviceDays, first, progress);
  const waveform = waveforms(waveformDays, first, progress);
  const simulatedDays = sites.reduce((sum, site) => sum + site.days, 0);
  const terminal = noticesOf(sites, 'terminal');
  const levelsOfMeter = figuresByLevel('meter', unseen, proved, sites);
  const perThousand = (count: number): number | undefined =>
    simulatedDays > 0 ? (1000 * count) / simulatedDays : undefined;
  const recall = shareOf(unseen, 'terminal', 'confirmed');
  const falsePer1000DeviceDays = perThousand(terminal.confirmed);
  const dispatching = simulatedDays > 0 ? (50_000 * terminal.proved) / simulatedDays : undefined;
  const waveformSimulatedDays = waveform.reduce((sum, piece) => sum + piece.simulatedS, 0) / 86_400;
  return {
    suite: 'ebike',
    split: `simulated only: chargers of other circuit parameters than the population that recogniser and model were developed with; seeds from ${first}`,
    train: null,
    test: null,
    recordings: unseen.length + population.length + proved.length,
    groups: sites.length,
    skipped: [],
    seed: request.seed,
    model: { id: 'charging-course', schemaVersion: 1 },
    metrics: knownMetrics({
      recall,
      recallUncorrected: shareOf(
        unseen.filter(({ hasPfc }) => !hasPfc),
        'terminal',
        'confirmed',
      ),
      recallCorrected: shareOf(
        unseen.filter(({ hasPfc }) => hasPfc),
        'terminal',
        'confirmed',
      ),
      recallPopulation: shareOf(population, 'terminal', 'confirmed'),
      ...figuresByLevel('terminal', unseen, proved, sites),
      tentativeMeter: levelsOfMeter.tentative,
      confirmedMeter: levelsOfMeter.confirmed,
      provedMeter: levelsOfMeter.proved,
      falsePer1000DeviceDays,
      otherChargersPer1000DeviceDays: perThousand(terminal.otherChargers),
      dispatchPer50000DeviceDays: dispatching,
      dispatchPer50000DeviceDaysUpper95:
        simulatedDays > 0
          ? 50_000 * clopperPearsonUpper(Math.min(terminal.proved, simulatedDays), simulatedDays)
          : undefined,
      deviceDays: simulatedDays,
      waveformDeviceDays: waveformSimulatedDays,
      waveformFalseConfirmed: waveform.reduce((sum, piece) => sum + piece.confirmed, 0),
      waveformFalseTentative: waveform.reduce((sum, piece) => sum + piece.tentative, 0),
    }),
    baseline: { recallByBackgroundCount: byCount(unseen), confirmedAfterS: quantiles(unseen) },
    bars: [
      bar('recall', recall, 0.95, 0.98),
      bar('falsePer1000DeviceDays', falsePer1000DeviceDays, 1, 0.02, { lowerIsBetter: true }),
      bar('dispatchPer50000DeviceDays', dispatching, 1, 1, { lowerIsBetter: true }),
      bar('waveformDeviceDays', waveformSimulatedDays, 10, 10),
    ],
    perLabel: { culprits: culpritsOf(sites), waveformCulprits: waveform.flatMap(({ culprits }) => culprits) },
    notes: [
      'simulated only: no recording of an electric bicycle charging is in the folders',
      'recall = confirmed within 10 min of plugging in, one to four other loads running, one of them switched meanwhile',
      'a false notice is a confirmed one on a circuit without a battery charger; chargers of tools are counted apart (otherChargers…): within ten minutes they are the same thing',
      'levels: tentative (within 30 s) = attention, confirmed (within 10 min) = warning, proved (a course of two hours) = the only one that may dispatch anybody; recall of proved is over charges of two and a half hours',
      'the terminal recognises with the shipped model on the waveform of the switching; the seconds of the days render the first three switchings of each device, alone',
    ],
  };
}

function sessions(
  count: number,
  chargers: 'unseen' | 'population',
  firstSeed: number,
  progress: Progress,
): readonly SessionResult[] {
  return Array.from({ length: count }, (_, index) => {
    if (index % 50 === 0) progress(`charges (${chargers}): ${index} of ${count}`);
    return runSession({ seed: firstSeed + index, chargers, lengthS: WITHIN_S.confirmed + 20 });
  });
}

function longSessions(count: number, firstSeed: number, progress: Progress): readonly SessionResult[] {
  progress(`${count} charges of two and a half hours`);
  return Array.from({ length: count }, (_, index) =>
    runSession({ seed: firstSeed + index, chargers: 'unseen', lengthS: WITHIN_S.proved }),
  );
}

function days(deviceDays: number, firstSeed: number, progress: Progress): readonly SiteDays[] {
  const count = Math.ceil(deviceDays / SITE_DAYS);
  return Array.from({ length: count }, (_, index) => {
    if (index % 10 === 0) progress(`circuits without a charger: ${index * SITE_DAYS} of ${deviceDays} days`);
    return runSiteDays(firstSeed + index, SITE_DAYS);
  });
}

function waveforms(waveformDays: number, firstSeed: number, progress: Progress): readonly WaveformResult[] {
  const hours = Math.round(24 * waveformDays * 10) / 10;
  const pieces: WaveformResult[] = [];
  for (let leftS = hours * 3600; leftS > 0; leftS -= 3600) {
    progress(`waveform: ${pieces.length} of ${hours} h`);
    pieces.push(runWaveform({ seed: firstSeed + pieces.length, durationS: Math.min(3600, leftS) }));
  }
  return pieces;
}

function shareOf(results: readonly SessionResult[], at: MeasuredAt, level: NoticeLevel): number {
  return results.filter((result) => isWithin(result[at], level)).length / results.length;
}

function byCount(results: readonly SessionResult[]): Record<string, number> {
  const counts = [1, 2, 3, 4].map((count) => results.filter(({ loads }) => loads.length === count));
  return Object.fromEntries(counts.map((group, index) => [String(index + 1), shareOf(group, 'terminal', 'confirmed')]));
}

function quantiles(results: readonly SessionResult[]): Record<string, number | null> {
  const times = results.flatMap(({ terminal }) => terminal.confirmedS ?? []).sort((a, b) => a - b);
  const at = (share: number): number | null => times[Math.floor(share * (times.length - 1))] ?? null;
  return { p50: at(0.5), p95: at(0.95) };
}

function culpritsOf(sites: readonly SiteDays[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const culprit of sites.flatMap(({ culprits }) => culprits)) counts[culprit] = (counts[culprit] ?? 0) + 1;
  return counts;
}

function numberOf({ flags }: SuiteRequest, name: string, otherwise: number): number {
  const text = flags[name];
  if (text === undefined || typeof text === 'boolean') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new SuiteUsageError(`--${name} is ${text}, expected a number from 0 up`);
  return value;
}

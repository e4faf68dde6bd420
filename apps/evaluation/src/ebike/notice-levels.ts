import { clopperPearsonLower, clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import type { Metric } from '../suite.ts';
import type { Detection, SessionResult } from './charging-sessions.ts';
import type { FalseNotices, SiteDays } from './device-days.ts';

/** The three levels at which charging is told, from the one that only draws attention to the one that sends somebody. */
export const noticeLevels = ['tentative', 'confirmed', 'proved'] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

/** Seconds after plugging in within which each is asked: a notice at once, a warning in ten minutes, proof in two and a half hours. */
export const WITHIN_S = { tentative: 30, confirmed: 600, proved: 9300 } as const;

export type MeasuredAt = 'terminal' | 'meter';

/** What one level is worth. Recall and rates with exact one-sided 95 % bounds; absent = nothing was simulated for it. */
export type LevelFigures = Readonly<Record<string, number>>;

/**
 * Recall of the charges (those long enough to reach the level) and false notices of the days without a charger.
 * Chargers of tools count as false only at `tentative` and `proved`: confirmed ones are told apart by `otherChargers`.
 */
export function figuresOf(
  level: NoticeLevel,
  at: MeasuredAt,
  charges: readonly SessionResult[],
  sites: readonly SiteDays[],
): LevelFigures {
  const hits = charges.filter((charge) => isWithin(charge[at], level)).length;
  const days = sites.reduce((sum, site) => sum + site.days, 0);
  const falseCount = noticesOf(sites, at)[level];
  return {
    ...(charges.length > 0 && {
      charges: charges.length,
      recall: hits / charges.length,
      recallLower95: clopperPearsonLower(hits, charges.length),
      recallUpper95: clopperPearsonUpper(hits, charges.length),
    }),
    ...(days > 0 && {
      deviceDays: days,
      falseNotices: falseCount,
      falsePer1000DeviceDays: (1000 * falseCount) / days,
      falsePer1000DeviceDaysLower95: 1000 * clopperPearsonLower(Math.min(falseCount, days), days),
      falsePer1000DeviceDaysUpper95: 1000 * clopperPearsonUpper(Math.min(falseCount, days), days),
    }),
  };
}

/** The same of all three levels, by level. */
export function figuresByLevel(
  at: MeasuredAt,
  charges: readonly SessionResult[],
  longCharges: readonly SessionResult[],
  sites: readonly SiteDays[],
): Record<NoticeLevel, Metric> {
  return {
    tentative: figuresOf('tentative', at, charges, sites),
    confirmed: figuresOf('confirmed', at, charges, sites),
    proved: figuresOf('proved', at, longCharges, sites),
  };
}

export function isWithin(detection: Detection, level: NoticeLevel): boolean {
  return (detection[`${level}S`] ?? Infinity) <= WITHIN_S[level];
}

export function noticesOf(sites: readonly SiteDays[], at: MeasuredAt): FalseNotices {
  const sum = { tentative: 0, confirmed: 0, proved: 0, otherChargers: 0 };
  for (const site of sites) {
    sum.tentative += site[at].tentative;
    sum.confirmed += site[at].confirmed;
    sum.proved += site[at].proved;
    sum.otherChargers += site[at].otherChargers;
  }
  return sum;
}

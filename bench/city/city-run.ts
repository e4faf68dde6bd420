import { rounded, spreadOf } from '../statistics.ts';
import type { Durability } from './city-system.ts';
import type { AlarmTimes } from './phases/alarms.ts';
import type { Killed } from './phases/kills.ts';
import type { Soak } from './soak/soak.ts';
import type { Throughput } from './phases/throughput.ts';

/** Of one system once. */
export type CityRun = {
  readonly name: string;
  readonly durability: Durability;
  readonly description: string;
  /** While a browser looks on; absent when the system has no page. */
  readonly onScreen?: readonly TimedAlarms[];
  readonly alarms: readonly TimedAlarms[];
  /** When it was asked for, of the first run. */
  readonly soak?: Soak;
  readonly throughput: Throughput;
  readonly killed: Killed;
};

export type TimedAlarms = { readonly background: string; readonly times: AlarmTimes };

export const timesAt = (timed: readonly TimedAlarms[] | undefined, background: string): AlarmTimes | undefined =>
  timed?.find((one) => one.background === background)?.times;

/** Each system once, in the order of its first run. */
export const namesOf = (runs: readonly CityRun[]): readonly string[] => [...new Set(runs.map(({ name }) => name))];

export const labelOf = ({ name, durability }: CityRun): string => `${name} (${durability})`;

export const medianOf = (runs: readonly CityRun[], pick: (run: CityRun) => number): number =>
  spreadOf(runs.map(pick)).median;

/** Median (minimum … maximum). */
export function spreadWords(runs: readonly CityRun[], pick: (run: CityRun) => number): string {
  const { n, min, median, max } = spreadOf(runs.map(pick));
  return n === 1 ? rounded(median) : `${rounded(median)} (${rounded(min)} … ${rounded(max)})`;
}

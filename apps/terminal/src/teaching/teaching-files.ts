import type { TaughtLoads } from '../loads/taught-loads.ts';
import { readJsonFile, writeWhole } from '../state/json-file.ts';
import type { RecentLoad } from './recent-loads.ts';

/** What a terminal and those who teach it share: two files beside its state. */
export type TeachingFiles = { readonly recent: string; readonly taught: string };

/** `d1.json` → `d1.loads.json` (what was switched) and `d1.taught.json` (what was learned). */
export function teachingFilesOf(stateFile: string): TeachingFiles {
  const stem = stateFile.replace(/\.json$/i, '');
  return { recent: `${stem}.loads.json`, taught: `${stem}.taught.json` };
}

/** By circuit. */
export type Taught = Readonly<Record<string, TaughtLoads>>;

export function readRecent({ recent }: TeachingFiles): readonly RecentLoad[] {
  return (readJsonFile(recent) ?? []) as readonly RecentLoad[];
}

export function readTaught({ taught }: TeachingFiles): Taught {
  return (readJsonFile(taught) ?? {}) as Taught;
}

export function writeRecent({ recent }: TeachingFiles, loads: readonly RecentLoad[]): void {
  writeWhole(recent, JSON.stringify(loads));
}

export function writeTaught({ taught }: TeachingFiles, newest: Taught): void {
  writeWhole(taught, JSON.stringify(newest));
}

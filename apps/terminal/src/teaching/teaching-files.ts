import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { TaughtLoads } from '../loads/taught-loads.ts';
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
  return (readJson(recent) ?? []) as readonly RecentLoad[];
}

export function readTaught({ taught }: TeachingFiles): Taught {
  return (readJson(taught) ?? {}) as Taught;
}

export function writeRecent({ recent }: TeachingFiles, loads: readonly RecentLoad[]): void {
  writeWhole(recent, loads);
}

export function writeTaught({ taught }: TeachingFiles, newest: Taught): void {
  writeWhole(taught, newest);
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: expected JSON as this program wrote it`, { cause });
  }
}

/** Whole or not at all: the other side may read at any moment. */
function writeWhole(file: string, value: unknown): void {
  const draft = `${file}.part`;
  writeFileSync(draft, JSON.stringify(value), { flush: true });
  renameSync(draft, file);
}

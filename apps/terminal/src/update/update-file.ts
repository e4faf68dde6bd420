import type { ReleaseManifest } from '@fengsui/protocol';
import { readJsonFile, writeWhole } from '../state/json-file.ts';

/** A release in force, or before: the shipped model has no manifest. */
export type Shelved = { readonly manifest: ReleaseManifest; readonly file: string };

/** A release that was put in force and has to prove itself. Instants are epoch ms. */
export type Trial = {
  readonly rolloutId: string;
  readonly manifest: ReleaseManifest;
  readonly since: number;
  readonly until: number;
  /** Starts of the terminal since then. */
  readonly starts: number;
  /** What a self-test found wrong before: it is not the release's doing. */
  readonly wrongBefore: readonly string[];
};

/** What a terminal knows of its updates; outlives restarts. */
export type UpdateRecord = {
  /** Under way: taken up again after a restart. */
  readonly job?: { readonly rolloutId: string; readonly manifest: ReleaseManifest };
  readonly model?: {
    /** Absent: the shipped one. */
    readonly current?: Shelved;
    readonly previous?: Shelved | 'shipped';
    readonly trial?: Trial;
  };
};

/** `d1.json` → `d1.update.json`; the files of models lie beside it. */
export function updateFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.update.json`;
}

/** @throws Error when the file is there and is something else. */
export function readUpdateRecord(file: string): UpdateRecord {
  const record = readJsonFile(file);
  if (record === undefined) return {};
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new Error(`${file}: expected what this program wrote of its updates`);
  return record;
}

/** Whole or not at all; when it returns it outlives a power cut. */
export function writeUpdateRecord(file: string, record: UpdateRecord): void {
  writeWhole(file, JSON.stringify(record), 0o600);
}

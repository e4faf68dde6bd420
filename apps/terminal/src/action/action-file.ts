import type { LocalActionLatch, SiteInspection } from '@fengsui/hazard';
import { readJsonFile, writeWhole } from '../state/json-file.ts';

/** What a terminal did to its breakers, and what people found; kept before a breaker moves. */
export type ActionRecord = {
  /** By circuit; until a person has been there. */
  readonly latches: Readonly<Record<string, LocalActionLatch>>;
  /** By circuit: the inspection that released the last latch. */
  readonly inspections: Readonly<Record<string, SiteInspection>>;
  /** When the centre's clock was last heard and agreed with ours, epoch ms. */
  readonly clockTrustedAt?: number;
};

export const noActions: ActionRecord = { latches: {}, inspections: {} };

/** Written with an fsync, whole or not at all. @throws Error when it cannot: then nothing may be opened. */
export function writeActions(file: string, record: ActionRecord): void {
  writeWhole(file, JSON.stringify(record));
}

/** @throws Error when the file is there and is something else: a latch must not be lost in silence. */
export function readActions(file: string): ActionRecord {
  const document = readJsonFile(file);
  if (document === undefined) return noActions;
  const record: Partial<ActionRecord> | null = document;
  if (typeof record?.latches !== 'object' || typeof record.inspections !== 'object') {
    throw new Error(`${file}: expected the record of local actions`);
  }
  return record as ActionRecord;
}

/** `d1.json` → `d1.actions.json`. */
export function actionFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.actions.json`;
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {
  backupBeforeMigration,
  waitingFileIn,
  type BackupOrder,
  type Config,
  type DataFolder,
  type Log,
} from '@fengsui/centre';
import { version } from './version.ts';

type StandingOrder = Pick<BackupOrder, 'folder' | 'databaseUrl' | 'configFile' | 'outside' | 'productVersion' | 'now'>;

/** What belongs into any backup of this data folder. */
export function standingOrder({ folder }: DataFolder, config: Config, now: () => number): StandingOrder {
  const isOutside = (file: string): boolean => path.relative(folder, path.resolve(file)).startsWith('..');
  const file = process.env['FENGSUI_CONFIG'];
  const named = { 'gb26875.profiles': config.gb26875.profiles, 'work.rules': config.work.rules };
  const outside = Object.entries(named).filter(([, place]) => place !== undefined && isOutside(place));
  return {
    folder,
    databaseUrl: config.database.url,
    ...(file !== undefined && existsSync(file) && { configFile: path.resolve(file) }),
    outside: outside.map(([key, place]) => `${key}: ${place ?? ''}`),
    productVersion: version,
    now,
  };
}

/** For openCore: which program changes the schema, and the backup that goes before. */
export function migrationCare(
  data: DataFolder,
  config: Config,
  log: Log,
): { readonly version: string; readonly beforeMigration: ReturnType<typeof backupBeforeMigration> } {
  const order = standingOrder(data, config, () => Date.now());
  return { version, beforeMigration: backupBeforeMigration(order, data.backups, log, waitingFileIn(data.keys)) };
}

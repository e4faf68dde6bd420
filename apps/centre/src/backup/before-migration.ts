import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../platform/log.ts';
import type { Store } from '../store/store.ts';
import { addWaiting } from '../audit/waiting-file.ts';
import { backupAct } from './backup-act.ts';
import { BackupError, type BackupReason } from './backup-format.ts';
import { backupName, beyondKeep } from './backup-name.ts';
import { createBackup, type BackupOrder } from './create-backup.ts';
import { noteLastBackup } from './last-backup.ts';

/** One version back, and the one before it. */
const KEPT = 2;
const reason: BackupReason = 'beforeMigration';

export type BeforeMigration = (store: Store, from: number, to: number) => Promise<void>;

/**
 * A migration is not undone: before an existing store is changed, everything goes into a backup.
 *
 * @throws BackupError: the store stays as it was, and the start stops.
 */
export function backupBeforeMigration(
  order: Omit<BackupOrder, 'to' | 'store' | 'reason' | 'isGentle' | 'journal'>,
  backupsFolder: string,
  log: Log,
  waitingFile: string,
): BeforeMigration {
  return async (store, from, to) => {
    const file = path.join(backupsFolder, backupName(reason, order.now(), `${from}-to-${to}`));
    log.info('the store is to be migrated: a backup first', { from, to, file });
    try {
      const made = await createBackup({ ...order, store, to: file, reason, isGentle: false });
      await noteLastBackup(backupsFolder, made);
      log.info('backup made', { file, bytes: made.bytes });
      // The store cannot take rows before it is migrated.
      await addWaiting(waitingFile, { draft: { ...backupAct(file, reason), result: 'done' }, at: order.now() });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new BackupError(
        `the store has schema ${from} and needs ${to}, but the backup that goes before failed: ${words}; nothing was changed`,
        error,
      );
    }
    for (const name of beyondKeep(await readdir(backupsFolder), reason, KEPT)) {
      await rm(path.join(backupsFolder, name), { force: true });
    }
  };
}

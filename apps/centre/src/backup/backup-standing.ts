import type { BackupDesk } from './backup-desk.ts';

const DAY_MS = 86_400_000;
/** Older than this is no backup to count on. */
export const BACKUP_OLD_MS = 7 * DAY_MS;

export type BackupStanding = {
  readonly state: 'works' | 'held' | 'broken';
  readonly reason?: string;
  /** Of the newest: everything acknowledged by then is in it; epoch ms. */
  readonly lastAt?: number;
};

/** For whoever wants to know whether there is a copy of everything. */
export function backupStanding({ state, last }: Pick<BackupDesk, 'state' | 'last'>, now: number): BackupStanding {
  const lastAt = last === undefined ? undefined : Date.parse(last.asOf);
  const known = lastAt === undefined ? {} : { lastAt };
  if (state.kind === 'failed') return { state: 'broken', reason: `the last backup failed: ${state.reason}`, ...known };
  if (lastAt === undefined) return { state: 'held', reason: 'there is no backup; fengsui backup create' };
  if (now - lastAt <= BACKUP_OLD_MS) return { state: 'works', ...known };
  const days = Math.floor((now - lastAt) / DAY_MS);
  return { state: 'held', reason: `the last backup is ${days} days old; fengsui backup create`, ...known };
}

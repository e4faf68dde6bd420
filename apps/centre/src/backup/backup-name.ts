import path from 'node:path';
import type { BackupReason } from './backup-format.ts';

const beginnings: Readonly<Record<BackupReason, string>> = {
  asked: 'fengsui',
  scheduled: 'scheduled',
  beforeMigration: 'before-schema',
};

/** `scheduled-20261122T043000Z.tar.gz`: sorted by name is sorted by time. */
export function backupName(reason: BackupReason, at: number, detail = ''): string {
  const stamp = new Date(at).toISOString().replace(/[-:]|[.]\d+/g, '');
  return `${beginnings[reason]}${detail === '' ? '' : `-${detail}`}-${stamp}.tar.gz`;
}

/** Of those names the ones that are no longer to be kept: the oldest beyond `keep`. */
export function beyondKeep(names: readonly string[], reason: BackupReason, keep: number): readonly string[] {
  const own = names.filter((name) =>
    new RegExp(`^${beginnings[reason]}-(?:.+-)?\\d{8}T\\d{6}Z[.]tar[.]gz$`).test(name),
  );
  // By the stamp alone: before it stands from which schema to which.
  const stampOf = (name: string): string => path.basename(name, '.tar.gz').slice(-16);
  return own.sort((a, b) => (stampOf(a) < stampOf(b) ? 1 : -1)).slice(keep);
}

import { plainText } from '../audit/plain-text.ts';
import type { AuditDraft } from '../audit/audit-row.ts';
import type { BackupReason } from './backup-format.ts';

/** Who makes a backup: somebody who asked for it, or the centre by its schedule, or before it changes its store. */
export function backupAct(file: string, reason: BackupReason): Omit<AuditDraft, 'result' | 'what'> {
  const isAsked = reason === 'asked';
  return {
    by: isAsked ? 'command line' : 'centre',
    via: isAsked ? 'commandLine' : 'centre',
    act: 'backup create',
    target: JSON.stringify({ file: plainText(file, 1_000), reason }),
  };
}

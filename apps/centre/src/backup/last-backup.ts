import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BackupResult } from './create-backup.ts';

/** What is known of the newest backup of a centre, wherever it lies. */
export type LastBackup = Pick<BackupResult, 'file' | 'bytes' | 'asOf'>;

const NAME = 'last-backup.json';

export async function noteLastBackup(backupsFolder: string, { file, bytes, asOf }: LastBackup): Promise<void> {
  const target = path.join(backupsFolder, NAME);
  await writeFile(`${target}.partial`, `${JSON.stringify({ file, bytes, asOf })}\n`, { mode: 0o600 });
  await rename(`${target}.partial`, target);
}

/** undefined when there is none, or when nobody can say. */
export async function readLastBackup(backupsFolder: string): Promise<LastBackup | undefined> {
  try {
    const { file, bytes, asOf } = JSON.parse(await readFile(path.join(backupsFolder, NAME), 'utf8')) as LastBackup;
    return Number.isFinite(Date.parse(asOf)) ? { file: String(file), bytes: Number(bytes), asOf } : undefined;
  } catch {
    return undefined;
  }
}

import { BackupError, type BackupHeader } from './backup-format.ts';
import { checkArchive } from './check-archive.ts';

/** What a backup says of itself, without reading it to its end. @throws BackupError */
export async function readHeaderOf(file: string): Promise<BackupHeader> {
  let found: BackupHeader | undefined;
  const enough = new BackupError('enough was read');
  try {
    await checkArchive(file, {
      onHeader: (header) => {
        found = header;
        throw enough;
      },
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  if (found === undefined) throw new BackupError(`${file} is no backup of Fengsui`);
  return found;
}

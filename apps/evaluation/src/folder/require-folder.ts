import { SuiteUsageError } from '../suite.ts';

/** The folder of a flag that must be given. */
export function requireFolder(folder: string | undefined, flag: string): string {
  if (folder === undefined) throw new SuiteUsageError(`${flag} DIR is needed`);
  return folder;
}

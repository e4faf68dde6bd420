import type { CommandKey } from '@fengsui/protocol';
import { readReleaseKeys } from './release-keys.ts';
import { ReleaseFiles } from './release-files.ts';

/** What the doors need of releases. */
export type Releases = {
  readonly files: ReleaseFiles;
  /** Public keys whose releases are taken here; asked anew each time. */
  keys(): Promise<readonly CommandKey[]>;
};

/** @param folders where the files lie, and where the centre's keys lie. */
export function openReleases(folders: { readonly releases: string; readonly keys: string }): Releases {
  return { files: new ReleaseFiles(folders.releases), keys: () => readReleaseKeys(folders.keys) };
}

import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ReleaseManifest } from '@fengsui/protocol';
import { readJsonFile, writeWhole } from '../state/json-file.ts';
import type { Trial } from './update-file.ts';
import { UpdateFailure } from './update-failure.ts';

/** Where the program starts, in every version. */
export const SOFTWARE_ENTRY = 'apps/cli/bin/fengsui.mjs';

/** What became of a version, told by whoever went back: the launcher, or the program before it left. */
export type SoftwareOutcome = {
  readonly rolloutId: string;
  readonly version: string;
  readonly state: 'failed' | 'rolledBack';
  readonly code?: string;
  readonly detail?: string;
};

const UNPACK_TIMEOUT_MS = 5 * 60_000;
const VERSION = /^[0-9.]{1,40}$/;

/**
 * The versions of the program on this terminal: `versions/<version>/`, `current` (the link the launcher starts),
 * `previous.json`, `probation.json` and `outcome.json`. The launcher (`launch.mjs`) reads the same files and is never
 * updated itself: it goes back when what it starts is broken.
 */
export class SoftwareShelf {
  readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  #file(name: string): string {
    return path.join(this.root, name);
  }

  /** Where the file of a release is put together. */
  draftOf({ version }: ReleaseManifest): string {
    return this.#file(`${checked(version)}.tgz.part`);
  }

  /** The version that `current` points at. */
  current(): string | undefined {
    try {
      return path.basename(readlinkSync(this.#file('current')));
    } catch {
      return undefined;
    }
  }

  previous(): string | undefined {
    return (this.#read('previous.json') as { readonly version?: string } | undefined)?.version;
  }

  probation(): Trial | undefined {
    return this.#read('probation.json') as Trial | undefined;
  }

  outcome(): SoftwareOutcome | undefined {
    return this.#read('outcome.json') as SoftwareOutcome | undefined;
  }

  /** Reported: nobody needs to know it any more. */
  forgetOutcome(): void {
    rmSync(this.#file('outcome.json'), { force: true });
  }

  /**
   * Unpacks a verified file beside the versions there are. @throws UpdateFailure `notUnpacked` or `wrongContent`; then
   * nothing of it is left.
   */
  async unpack(manifest: ReleaseManifest, file: string): Promise<void> {
    const version = checked(manifest.version);
    const folder = this.#file(`versions/${version}`);
    const draft = `${folder}.part`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    try {
      await promisify(execFile)('tar', ['-xzf', file, '-C', draft, '--no-same-owner', '--no-same-permissions'], {
        timeout: UNPACK_TIMEOUT_MS,
      });
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw new UpdateFailure('notUnpacked', error instanceof Error ? error.message.slice(0, 300) : String(error));
    }
    const problem = contentProblem(draft, version);
    if (problem !== undefined) {
      rmSync(draft, { recursive: true, force: true });
      throw new UpdateFailure('wrongContent', problem);
    }
    // An earlier try of the same version; the one that runs now is never replaced.
    if (this.current() !== version) rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    rmSync(file, { force: true });
  }

  /** From the next start on the version runs, on probation. */
  switchTo(trial: Trial): void {
    const before = this.current();
    if (before !== undefined) writeWhole(this.#file('previous.json'), JSON.stringify({ version: before }), 0o600);
    // First the record: a link that nobody watches over would be a version for good.
    writeWhole(this.#file('probation.json'), JSON.stringify(trial), 0o600);
    this.#point(trial.manifest.version);
  }

  /** It has proved itself. What was before the one before is no longer needed. */
  confirm(): void {
    rmSync(this.#file('probation.json'), { force: true });
    const kept = [this.current(), this.previous()];
    for (const name of readdirSync(this.#file('versions'))) {
      if (!kept.includes(name)) rmSync(this.#file(`versions/${name}`), { recursive: true, force: true });
    }
  }

  /** From the next start on what was before runs again; it tells why. False: there is nothing before. */
  goBack(outcome: SoftwareOutcome): boolean {
    const before = this.previous();
    if (before === undefined || !existsSync(this.#file(`versions/${before}`))) return false;
    this.#point(before);
    writeWhole(this.#file('outcome.json'), JSON.stringify(outcome), 0o600);
    rmSync(this.#file('previous.json'), { force: true });
    rmSync(this.#file('probation.json'), { force: true });
    return true;
  }

  /** One rename: at any moment `current` is the one or the other. */
  #point(version: string): void {
    const draft = this.#file('current.part');
    rmSync(draft, { force: true });
    symlinkSync(path.join('versions', checked(version)), draft);
    renameSync(draft, this.#file('current'));
  }

  #read(name: string): unknown {
    return readJsonFile(this.#file(name));
  }
}

function contentProblem(folder: string, version: string): string | undefined {
  if (!existsSync(path.join(folder, SOFTWARE_ENTRY))) return `it holds no ${SOFTWARE_ENTRY}`;
  try {
    const said = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { readonly version?: unknown };
    return said.version === version ? undefined : `package.json says ${String(said.version)}, the manifest ${version}`;
  } catch (error) {
    return `package.json: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checked(version: string): string {
  if (!VERSION.test(version)) throw new RangeError(`version is ${version}, expected numbers between dots`);
  return version;
}

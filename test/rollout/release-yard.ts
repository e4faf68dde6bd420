import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { encodeModel, shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import { fengsui } from '../harness/centre-process.ts';

const root = path.resolve(import.meta.dirname, '../..');

type Centre = { readonly webUrl: string; readonly tokenFile: string };

const manifestOf = (file: string): string => `${file}.manifest.json`;

/** Where releases are made: a release key, and the files that it signs, by the commands that people use. */
export class ReleaseYard {
  readonly folder: string;
  readonly keys: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.keys = path.join(folder, 'release-keys.json');
  }

  static async open(): Promise<ReleaseYard> {
    const yard = new ReleaseYard(await mkdtemp(path.join(tmpdir(), 'fengsui-releases-')));
    await yard.#run(['keygen', '--key', path.join(yard.folder, 'release.pem'), '--public', yard.keys]);
    return yard;
  }

  async #run(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await fengsui(['release', ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** Signs the file; the manifest lies beside it. */
  async sign(kind: 'model' | 'software', file: string, more: readonly string[] = []): Promise<void> {
    const notes = ['--notes-zh', '试验', '--notes-en', 'a test'];
    const key = path.join(this.folder, 'release.pem');
    const to = ['--manifest', manifestOf(file)];
    await this.#run(['sign', '--key', key, '--kind', kind, '--file', file, ...to, ...notes, ...more]);
  }

  async verify(file: string, keys = this.keys): Promise<void> {
    await this.#run(['verify', '--keys', keys, '--manifest', manifestOf(file), '--file', file]);
  }

  /** Brings a signed file to the centre; @returns the release's id. */
  async upload(file: string, { webUrl, tokenFile }: Centre): Promise<string> {
    const to = ['--centre', webUrl, '--token-file', tokenFile];
    return (await this.#run(['upload', ...to, '--manifest', manifestOf(file), '--file', file])).trim();
  }

  async release(
    kind: 'model' | 'software',
    file: string,
    centre: Centre,
    more: readonly string[] = [],
  ): Promise<string> {
    await this.sign(kind, file, more);
    return this.upload(file, centre);
  }

  /** The shipped model under another version, changed or as it is. */
  async model(
    version: string,
    change: (model: RecognitionModel) => RecognitionModel = (model) => model,
  ): Promise<string> {
    const file = path.join(this.folder, `model-${version}.json`);
    await writeFile(file, encodeModel({ ...change(shippedModel()), version }));
    return file;
  }

  /** This very program under another version; `entry` replaces the file it starts with. */
  async software(version: string, entry?: string): Promise<string> {
    const tree = path.join(this.folder, `tree-${version}`);
    await mkdir(path.join(tree, 'apps'), { recursive: true });
    await cp(path.join(root, 'apps/cli'), path.join(tree, 'apps/cli'), { recursive: true });
    await symlink(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
    const own = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as object;
    await writeFile(path.join(tree, 'package.json'), JSON.stringify({ ...own, version }));
    if (entry !== undefined) await writeFile(path.join(tree, 'apps/cli/bin/fengsui.mjs'), entry);
    const file = path.join(this.folder, `fengsui-${version}.tgz`);
    await promisify(execFile)('tar', ['-czf', file, '-C', tree, '.']);
    return file;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { copyFileSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../command.ts';
import { repositoryRoot, version } from '../version.ts';

export const LAUNCHER = 'launch.mjs';

export const softwareUsage = [
  'fengsui terminal software-init FOLDER',
  '  lays out a folder from which the program is started and updated: launch.mjs, versions/, current. This installation',
  '  is its first version (a link); run the terminal as `node FOLDER/launch.mjs terminal … --software FOLDER`',
].join('\n');

/** `fengsui terminal software-init FOLDER` */
export function softwareInit(args: readonly string[]): number {
  const [given, ...more] = args;
  if (given === undefined || more.length > 0) throw new UsageError('software-init: expected one folder');
  const root = path.resolve(given);
  if (existsSync(path.join(root, 'current'))) throw new Error(`${root} is laid out already`);
  mkdirSync(path.join(root, 'versions'), { recursive: true, mode: 0o755 });
  copyFileSync(path.join(repositoryRoot, 'apps/cli/bin/terminal-launch.mjs'), path.join(root, LAUNCHER));
  symlinkSync(realpathSync(repositoryRoot), path.join(root, 'versions', version));
  symlinkSync(path.join('versions', version), path.join(root, 'current'));
  console.error(`${root}: ${version} is the first version; start node ${path.join(root, LAUNCHER)} terminal …`);
  return 0;
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Log } from '@fengsui/centre';
import { repositoryRoot } from './version.ts';

export type ConsoleBuild = {
  readonly files: { readonly folder: string; readonly isBuilding: () => boolean };
  readonly stop: () => Promise<void>;
};

/** Rebuilds the console in a process of its own when its sources changed; the doors do not wait for it. */
export function startConsoleBuild(log: Log): ConsoleBuild {
  const folder = path.join(repositoryRoot, 'apps/console/dist');
  // An installed bundle brings it ready-made, and not what it is made from.
  if (!existsSync(path.join(repositoryRoot, 'apps/console/vite.config.ts')))
    return { files: { folder, isBuilding: () => false }, stop: async () => undefined };
  const child = spawn(process.execPath, [path.join(repositoryRoot, 'tools/build-console.ts')], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let isBuilding = true;
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString('utf8')}`.slice(-4000)));
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      log.error('console cannot be built', { error: error.message });
      isBuilding = false;
      resolve();
    });
    child.on('exit', (code) => {
      isBuilding = false;
      if (code !== 0 && code !== null) log.error('console build failed', { code, words: words.trim() });
      resolve();
    });
  });
  return {
    files: { folder, isBuilding: () => isBuilding },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pgliteReady, startPgliteWorker } from './pglite-link.ts';
import { StoreError } from './store-error.ts';

/**
 * Makes the folder of an empty database appear at once and whole: it is made beside its place, written to disk and
 * renamed, so that a process killed midway leaves no half cluster which the next start would take for a whole one.
 *
 * initdb takes seconds and 1.2 GB, so its result is kept beside the installed packages, by PGlite version, and copied
 * from then on. Where that place cannot be written, every first start runs initdb.
 */
export async function createCluster(clusterFolder: string, templateFolder = defaultTemplateFolder()): Promise<void> {
  const unfinished = `${clusterFolder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  if (await exists(templateFolder)) {
    copyTree(templateFolder, unfinished);
  } else {
    await runInitdb(unfinished);
    await keepTemplate(unfinished, templateFolder);
  }
  await syncTree(unfinished);
  await rename(unfinished, clusterFolder);
  await syncPath(path.dirname(clusterFolder));
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function defaultTemplateFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const packageFolder = path.dirname(path.dirname(packageFile));
  const { version } = createRequire(import.meta.url)(path.join(packageFolder, 'package.json')) as { version: string };
  return path.resolve(packageFolder, '../../.cache/fengsui', `pglite-${version}-empty`);
}

/** In a thread of its own, whose memory goes back when it ends. */
async function runInitdb(folder: string): Promise<void> {
  const worker = startPgliteWorker({ clusterFolder: folder, task: 'create' });
  const exit = once(worker, 'exit');
  await pgliteReady(worker);
  const [code] = (await exit) as [number];
  if (code !== 0) throw new StoreError('connection', `initdb in ${folder} ended with exit code ${code}`);
}

/** Best effort: a cache that cannot be written, or that someone else just wrote, changes nothing. */
async function keepTemplate(cluster: string, templateFolder: string): Promise<void> {
  try {
    await mkdir(path.dirname(templateFolder), { recursive: true });
    const copy = await mkdtemp(`${templateFolder}-`);
    try {
      copyTree(cluster, copy);
      // Without this a power cut could leave a whole-looking template of empty files.
      await syncTree(copy);
      await rename(copy, templateFolder);
    } catch {
      await rm(copy, { recursive: true, force: true });
    }
  } catch {
    // Read-only installation: the next new store runs initdb again.
  }
}

/** Blocks for 50-250 ms (970 files, 39 MB), once in the life of a store; the asynchronous copy takes 5 times as long. */
function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

/** Every file and folder below is on the disk when it resolves. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? syncTree(file) : syncPath(file, 'r+');
    }),
  );
  await syncPath(folder);
}

async function syncPath(file: string, flags: 'r' | 'r+' = 'r'): Promise<void> {
  // Windows opens no folders and syncs no file that was opened for reading.
  if (flags === 'r' && process.platform === 'win32') return;
  const handle = await open(file, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { cp, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createRequire } from 'node:module';
import type { WorkerReply, WorkerStart } from './pglite-messages.ts';
import { StoreError } from './store-error.ts';

const WORKER_URL = new URL('./pglite-worker.ts', import.meta.url);

export function startWorker(start: WorkerStart): Worker {
  return new Worker(WORKER_URL, { workerData: start });
}

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
  if (await exists(templateFolder)) {
    await cp(templateFolder, unfinished, { recursive: true, preserveTimestamps: true });
  } else {
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
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
  const worker = startWorker({ clusterFolder: folder, task: 'create' });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerReply) => {
      if (message.kind === 'failed') reject(new StoreError('connection', `initdb failed: ${message.error.message}`));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new StoreError('connection', `initdb ended with exit code ${code}`));
    });
  });
}

/** Best effort: a cache that cannot be written, or that someone else just wrote, changes nothing. */
async function keepTemplate(cluster: string, templateFolder: string): Promise<void> {
  try {
    await mkdir(path.dirname(templateFolder), { recursive: true });
    const copy = await mkdtemp(`${templateFolder}-`);
    try {
      await cp(cluster, copy, { recursive: true, preserveTimestamps: true });
      await rename(copy, templateFolder);
    } catch {
      await rm(copy, { recursive: true, force: true });
    }
  } catch {
    // Read-only installation: the next new store runs initdb again.
  }
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(file);
    else if (entry.isFile()) await syncPath(file);
  }
  await syncPath(folder);
}

async function syncPath(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import path from 'node:path';
import process from 'node:process';

export type FolderLockErrorCode = 'folderInUse' | 'folderUnwritable';

export class FolderLockError extends Error {
  readonly code: FolderLockErrorCode;

  constructor(code: FolderLockErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'FolderLockError';
    this.code = code;
  }
}

export type FolderLock = {
  /** Gives the folder free; a second call does nothing. */
  release(): Promise<void>;
};

export type LockFolderOptions = {
  /** `socket` (Linux): an abstract socket, gone with its process. `pidFile`: everywhere else. */
  readonly method?: 'socket' | 'pidFile';
};

/**
 * Takes a folder for this process alone, making it when absent; neither the embedded engine nor the journal survives
 * two writers. The file `pid` inside names the owner; it is the lock itself only where abstract sockets do not exist.
 *
 * The socket's name is the hash of the real path: it is released by any end of the process, kill -9 included, and
 * leaves nothing stale. It is seen within one network namespace only: containers must not share a data folder.
 *
 * @throws FolderLockError `folderInUse` naming the owner's pid, or `folderUnwritable`.
 */
export async function lockFolder(folder: string, options: LockFolderOptions = {}): Promise<FolderLock> {
  const method = options.method ?? (process.platform === 'linux' ? 'socket' : 'pidFile');
  const place = await writableFolder(folder);
  const pidFile = path.join(place, 'pid');
  const server = method === 'socket' ? await listenFor(place, pidFile) : undefined;
  try {
    if (server === undefined) await claimPidFile(place, pidFile);
    else await writeFile(pidFile, `${process.pid}\n`);
  } catch (error) {
    server?.close();
    throw error instanceof FolderLockError ? error : unwritable(place, error);
  }
  let released: Promise<void> | undefined;
  return {
    release: () => {
      released ??= rm(pidFile, { force: true }).then(() => closed(server));
      return released;
    },
  };
}

async function writableFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await realpath(folder);
  } catch (error) {
    throw unwritable(path.resolve(folder), error);
  }
}

function unwritable(place: string, cause: unknown): FolderLockError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FolderLockError('folderUnwritable', `folder ${place} cannot be written: ${reason}`, cause);
}

async function listenFor(place: string, pidFile: string): Promise<Server> {
  // A caller that connects learns nothing; unref: a lock alone keeps no process alive.
  const server = createServer((socket) => socket.destroy());
  const name = createHash('sha256').update(place).digest('hex');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: `\0fengsui-${name}`, exclusive: true }, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw inUse(place, await readPid(pidFile));
  }
  server.unref();
  return server;
}

async function claimPidFile(place: string, pidFile: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(pidFile, 'wx');
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readPid(pidFile);
    if (owner !== undefined && isAlive(owner)) throw inUse(place, owner);
    await rm(pidFile, { force: true });
  }
  throw inUse(place, await readPid(pidFile));
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(place: string, pid: number | undefined): FolderLockError {
  const owner = pid === undefined ? 'another process' : `process ${pid}`;
  return new FolderLockError('folderInUse', `folder ${place} is in use by ${owner}; stop it or name another folder`);
}

function closed(server: Server | undefined): Promise<void> {
  if (server === undefined) return Promise.resolve();
  return new Promise((resolve) => server.close(() => resolve()));
}

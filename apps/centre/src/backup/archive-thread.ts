/**
 * The thread that packs a backup: reading, hashing and compressing gigabytes must not hold up an alarm. One order at a
 * time; it answers each.
 */
import { closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchiveOrder, ArchiveReply, ArchiveStart } from './archive-messages.ts';
import { ArchiveWriter, type WrittenFile } from './archive-writer.ts';
import { MANIFEST_NAME, type BackupManifest } from './backup-format.ts';

/** Behind everything else of this machine that wants a core. */
const NICE = 10;
const OWNER_ONLY = 0o600;

if (parentPort === null) throw new Error('archive-thread runs as a worker thread of a backup only');
const port = parentPort;
const { target, isGentle } = workerData as ArchiveStart;
const files: WrittenFile[] = [];
const folders: string[] = [];

// On Linux 0 means the calling thread, not the process.
if (isGentle && process.platform === 'linux') setPriority(0, NICE);

let archive: ArchiveWriter | undefined;
try {
  archive = new ArchiveWriter(target);
  reply({ kind: 'done', bytes: 0 });
} catch (error) {
  fail(error);
}

port.on('message', (order: ArchiveOrder) => {
  if (archive === undefined) return;
  try {
    carryOut(archive, order);
    reply({ kind: 'done', bytes: archive.bytesWritten });
    if (order.kind === 'finish') port.close();
  } catch (error) {
    fail(error);
  }
});

function fail(error: unknown): void {
  reply({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  port.close();
}

function reply(message: ArchiveReply): void {
  port.postMessage(message);
}

function carryOut(writer: ArchiveWriter, order: ArchiveOrder): void {
  switch (order.kind) {
    case 'bytes':
      files.push(writer.addBytes(order.as, order.bytes, { mode: OWNER_ONLY, mtimeMs: order.at }));
      return;
    case 'file':
      addFile(writer, order.from, order.as, order.isPacked);
      return;
    case 'folder':
      addFolder(writer, order.from, order.as, new Set(order.without));
      return;
    case 'named':
      for (const name of order.names) addFile(writer, path.join(order.from, name), `${order.as}/${name}`, false);
      return;
    case 'finish': {
      const manifest: BackupManifest = { files, folders, asOf: order.asOf };
      const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
      writer.addBytes(MANIFEST_NAME, bytes, { mode: OWNER_ONLY, mtimeMs: order.at });
      writer.finish();
      return;
    }
  }
}

function addFolder(writer: ArchiveWriter, from: string, as: string, without: ReadonlySet<string>, below = ''): void {
  const found = readable(() => readdirSync(from, { withFileTypes: true }));
  if (found === undefined) return;
  const { mode, mtimeMs } = statSync(from);
  writer.addFolder(as, { mode, mtimeMs });
  folders.push(as);
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (without.has(relative) || without.has(`**/${entry.name}`)) continue;
    const source = path.join(from, entry.name);
    if (entry.isDirectory()) addFolder(writer, source, `${as}/${entry.name}`, without, relative);
    // Sockets and what else cannot be copied is of the running process.
    else if (entry.isFile()) addFile(writer, source, `${as}/${entry.name}`, false);
  }
}

function addFile(writer: ArchiveWriter, from: string, as: string, isPacked: boolean): void {
  // A file that is gone since the folder was read was deleted by its owner: a dropped table, a finished upload.
  const source = readable(() => openSync(from, 'r'));
  if (source === undefined) return;
  try {
    const { size, mode, mtimeMs } = fstatSync(source);
    files.push(writer.addFile(as, source, size, { mode, mtimeMs }, isPacked));
    reply({ kind: 'progress', bytes: writer.bytesRead });
  } finally {
    closeSync(source);
  }
}

function readable<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { BackupError } from './backup-format.ts';

export type ArchiveEntry = {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly mode: number;
  readonly content: AsyncIterable<Uint8Array>;
};

/**
 * Hands over the entries of an archive one after the other; each must be read to its end.
 *
 * @throws BackupError when the file cannot be read, is cut off, or holds what no backup holds.
 */
export async function readArchive(file: string, onEntry: (entry: ArchiveEntry) => Promise<void>): Promise<void> {
  // The ratio is no defence here: empty pages of a table are packed to a thousandth.
  const parser = new Parser({ strict: true, maxDecompressionRatio: Infinity });
  let work: Promise<void> = Promise.resolve();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  parser.on('entry', (entry: ReadEntry) => {
    work = work.then(() => onEntry(archiveEntry(file, entry)));
    work.catch(failed.reject);
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  ended.catch(failed.reject);
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (parser.write(chunk)) return done();
      parser.once('drain', () => done());
    },
    final: (done) => {
      parser.end();
      done();
    },
  });
  try {
    await Promise.race([pipeline(createReadStream(file), createGunzip(), sink), failed.promise]);
    await Promise.race([ended, failed.promise]);
    await work;
  } catch (error) {
    sink.destroy();
    if (error instanceof BackupError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BackupError(`there is no file ${file}`);
    throw new BackupError(
      `${file} is damaged or no backup: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

function archiveEntry(file: string, entry: ReadEntry): ArchiveEntry {
  const isFolder = entry.type === 'Directory';
  const name = entry.path.replace(/\/$/, '');
  const isInside = !name.startsWith('/') && !name.split('/').includes('..') && name !== '';
  if ((!isFolder && entry.type !== 'File') || !isInside) {
    throw new BackupError(
      `${file} holds ${entry.type} ${JSON.stringify(entry.path)}, expected files and folders inside it`,
    );
  }
  return {
    path: name,
    kind: isFolder ? 'folder' : 'file',
    size: entry.size,
    mode: entry.mode ?? 0o600,
    content: entry as AsyncIterable<Uint8Array>,
  };
}

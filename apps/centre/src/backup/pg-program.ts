import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, glob } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { BackupError } from './backup-format.ts';

export type PgProgram = 'pg_dump' | 'pg_restore';

/** Debian keeps the programs of each version beside its server, and puts a chooser on PATH. */
const PLACES = '/usr/lib/postgresql/*/bin';
const KEPT_WORDS = 4_000;

/** The newest one of this machine: it reads what older servers have. @throws BackupError naming the package. */
export async function findPgProgram(name: PgProgram): Promise<string> {
  const placed: string[] = [];
  for await (const folder of glob(PLACES)) placed.push(path.join(folder, name));
  placed.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  for (const candidate of [...placed, ...onPath]) {
    if (await isProgram(candidate)) return candidate;
  }
  throw new BackupError(
    `${name} was not found; install the client programs of PostgreSQL (Debian: apt-get install postgresql-client), of the server's version or newer`,
  );
}

async function isProgram(file: string): Promise<boolean> {
  return path.isAbsolute(file)
    ? access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    : false;
}

/** A connection string as the programs take it, and its password apart: arguments are seen by everybody of the machine. */
export function connectionOf(databaseUrl: string): { readonly url: string; readonly environment: NodeJS.ProcessEnv } {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  return { url: url.href, environment: { ...process.env, ...(password !== '' && { PGPASSWORD: password }) } };
}

/**
 * Runs a program to its end; `onOutput` gets what it prints.
 *
 * @throws BackupError with the last it said when it fails.
 */
export async function runPgProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly environment?: NodeJS.ProcessEnv;
    readonly onOutput?: (output: Readable) => Promise<void>;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<void> {
  const child = spawn(program, args, {
    env: options.environment ?? process.env,
    stdio: ['ignore', options.onOutput === undefined ? 'ignore' : 'pipe', 'pipe'],
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString('utf8')}`.slice(-KEPT_WORDS)));
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : words.trim() || `ended with ${signal ?? code}`),
    );
  });
  const read = child.stdout === null ? undefined : options.onOutput?.(child.stdout);
  const failure = await ended;
  if (failure !== undefined) throw new BackupError(`${path.basename(program)}: ${failure}`);
  await read;
}

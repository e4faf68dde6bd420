import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** `names.json`: the names of --name, so that a renewal keeps them. */
export type TlsFile = 'ca.crt' | 'ca.key' | 'server.crt' | 'server.key' | 'names.json';

const isSecret = (name: TlsFile): boolean => name.endsWith('.key');

/** The command that mends this folder, as a person types it. */
export const initCommand = (tlsFolder: string): string => `fengsui tls init --data ${path.dirname(tlsFolder)}`;

/** Undefined when it is not there. @throws Error naming the file when it cannot be read */
export async function readTlsFile(tlsFolder: string, name: TlsFile): Promise<string | undefined> {
  const file = path.join(tlsFolder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${code ?? 'unknown'}); give this user the right to read it`, {
      cause: error,
    });
  }
}

/** Whole or not at all: through a file beside it that is renamed. Keys are readable by this user only. */
export async function writeTlsFile(tlsFolder: string, name: TlsFile, text: string): Promise<void> {
  const file = path.join(tlsFolder, name);
  const written = `${file}.${randomUUID()}`;
  try {
    await mkdir(tlsFolder, { recursive: true, mode: 0o700 });
    const handle = await open(written, 'wx', isSecret(name) ? 0o600 : 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true }).catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${file} cannot be written (${code ?? 'unknown'}); choose another folder with --data`, {
      cause: error,
    });
  }
}

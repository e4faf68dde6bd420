import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { ChainHead } from './audit-row.ts';

/** Beside the keys and outside of the table: who cuts the chain's end off, or writes it anew, does not reach it there. */
export const headFileIn = (keysFolder: string): string => path.join(keysFolder, 'audit-head.json');

/** Undefined when none is kept: before the first row, and after a backup was restored, which has none. */
export async function readHeadFile(file: string): Promise<ChainHead | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { sequence, hash } = JSON.parse(text) as Partial<ChainHead>;
  if (!Number.isSafeInteger(sequence) || typeof hash !== 'string')
    throw new Error(`${file}: expected a sequence and a hash`);
  return { sequence: sequence as number, hash };
}

export async function writeHeadFile(file: string, { sequence, hash }: ChainHead): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ sequence, hash })}\n`);
    // A power cut must not leave an empty one: it would look like the work of somebody.
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

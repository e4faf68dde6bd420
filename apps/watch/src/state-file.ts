import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Delivery } from './post.ts';
import type { OutageState } from './outage.ts';

/** What the watcher must not forget when it is started anew. */
export type WatchState = OutageState & { readonly deliveries: readonly Delivery[] };

/** Nothing is known at first; a file that cannot be read is said and begun anew: a watcher that will not start is worse. */
export async function readState(file: string, warn: (words: string) => void): Promise<WatchState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) warn(`${file} cannot be read, begun anew: ${wordsOf(error)}`);
    return { deliveries: [] };
  }
  try {
    const state = JSON.parse(text) as Partial<WatchState> | null;
    if (typeof state !== 'object' || state === null || !Array.isArray(state.deliveries)) throw new Error('no state');
    return { ...state, deliveries: state.deliveries };
  } catch (error) {
    warn(`${file} is damaged, begun anew: ${wordsOf(error)}`);
    return { deliveries: [] };
  }
}

/** Whole or not at all, through a power cut too. */
export async function writeState(file: string, state: WatchState): Promise<void> {
  const aside = `${file}.new`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(state)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
  const folder = await open(path.dirname(file), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

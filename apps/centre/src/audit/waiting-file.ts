import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { AuditDraft } from './audit-row.ts';

/** A row of something that was done while no row could be written. */
export type WaitingDraft = { readonly draft: AuditDraft; readonly at: number };

export const waitingFileIn = (keysFolder: string): string => path.join(keysFolder, 'audit-waiting.jsonl');

/** Puts a row on disk; whoever opens the audit next writes it into the chain. A power cut may leave half a line. */
export async function addWaiting(file: string, { draft, at }: WaitingDraft): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ draft, at })}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  const folder = await open(path.dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/** What waits, oldest first, and how many lines are none. */
export async function readWaiting(
  file: string,
): Promise<{ readonly drafts: readonly WaitingDraft[]; readonly unreadable: number }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { drafts: [], unreadable: 0 };
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const drafts = lines.flatMap((line) => waitingOf(line) ?? []);
  return { drafts, unreadable: lines.length - drafts.length };
}

export const clearWaiting = (file: string): Promise<void> => rm(file, { force: true });

function waitingOf(line: string): WaitingDraft | undefined {
  try {
    const { draft, at } = JSON.parse(line) as Partial<WaitingDraft>;
    return typeof draft?.act === 'string' && typeof at === 'number' ? { draft, at } : undefined;
  } catch {
    return undefined;
  }
}

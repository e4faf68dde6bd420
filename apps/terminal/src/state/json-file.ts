import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * What a file holds, not looked at further; undefined when there is none. @throws Error when it is something else.
 *
 * @param expected who should have written it, for the error.
 */
export function readJsonFile(file: string, expected = 'JSON as this program wrote it'): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: expected ${expected}`, { cause });
  }
}

/**
 * Whole or not at all: who reads meanwhile sees the old text or the new one, and what is there after a power cut is one
 * of them. @param mode of a new file, e.g. 0o600; default as the umask says.
 */
export function writeWhole(file: string, text: string, mode?: number): void {
  const draft = `${file}.part`;
  writeFileSync(draft, text, { flush: true, ...(mode !== undefined && { mode }) });
  renameSync(draft, file);
}

import path from 'node:path';
import process from 'node:process';

/** `--data DIR`, else FENGSUI_DATA, else `./data/demo` or `./data/centre`. */
export function dataFolderOf(given: string | undefined, isDemo: boolean): string {
  return path.resolve(given ?? process.env['FENGSUI_DATA'] ?? (isDemo ? 'data/demo' : 'data/centre'));
}

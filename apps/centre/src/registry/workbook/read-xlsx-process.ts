import process from 'node:process';
import { readXlsx } from './read-xlsx.ts';
import { WorkbookError, type Sheet } from './sheet.ts';

/** What the process answers, once. */
export type XlsxAnswer =
  { readonly sheets: readonly Sheet[] } | { readonly code: WorkbookError['code']; readonly message: string };

process.once('message', (bytes: Uint8Array) => {
  process.send?.(answer(bytes), () => process.disconnect());
});

function answer(bytes: Uint8Array): XlsxAnswer {
  try {
    return { sheets: readXlsx(bytes) };
  } catch (error) {
    if (error instanceof WorkbookError) return { code: error.code, message: error.message };
    throw error;
  }
}

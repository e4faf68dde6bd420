import { parentPort, workerData } from 'node:worker_threads';
import { readXlsx } from './read-xlsx.ts';
import { WorkbookError, type Sheet } from './sheet.ts';

/** What the thread answers, once. */
export type XlsxAnswer = { readonly sheets: readonly Sheet[] } | { readonly code: string; readonly message: string };

parentPort?.postMessage(answer(workerData as Uint8Array));

function answer(bytes: Uint8Array): XlsxAnswer {
  try {
    return { sheets: readXlsx(bytes) };
  } catch (error) {
    if (error instanceof WorkbookError) return { code: error.code, message: error.message };
    throw error;
  }
}

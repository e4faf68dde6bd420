import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { decodeCsvText, readCsv } from './csv.ts';
import { isXlsx } from './read-xlsx.ts';
import type { XlsxAnswer } from './read-xlsx-thread.ts';
import { WorkbookError, type Sheet } from './sheet.ts';

/** A workbook of 64 MiB unpacked takes 8 s of a core and 0.8 GB; one that wants more is made to hurt. */
const limits = { heapMiB: 1_024, timeMs: 120_000 };

/** One workbook at a time: the limit of memory is that of all of them. */
let before: Promise<unknown> = Promise.resolve();

/**
 * The sheets of a file: an .xlsx has several, a CSV is one, named like the file (`venues.csv`). What it is, its bytes
 * say. An .xlsx is read in a thread of its own: reports and alarms go on meanwhile, and a file of a few KiB that
 * would fill the memory (a link over all 17,179,869,184 cells of a sheet) ends that thread and nothing else.
 *
 * @throws WorkbookError
 */
export async function readSheets(name: string, bytes: Uint8Array, within = limits): Promise<readonly Sheet[]> {
  if (isXlsx(bytes) || bytes[0] === 0xd0) return await inTurn(() => readInThread(bytes, within));
  if (bytes.includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe)
    throw new WorkbookError('notText', `${name} is neither .xlsx nor text; save it as .xlsx or .csv`);
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return [readCsv(decodeCsvText(bytes), base.replace(/[.](csv|tsv|txt)$/i, ''))];
}

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = before.then(work);
  before = mine.catch(() => undefined);
  return mine;
}

async function readInThread(bytes: Uint8Array, { heapMiB, timeMs }: typeof limits): Promise<readonly Sheet[]> {
  const thread = new Worker(new URL('./read-xlsx-thread.ts', import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  });
  try {
    const [answer] = (await once(thread, 'message', { signal: AbortSignal.timeout(timeMs) })) as [XlsxAnswer];
    if ('sheets' in answer) return answer.sheets;
    throw new WorkbookError(answer.code, answer.message);
  } catch (error) {
    if (isOverLimit(error))
      throw new WorkbookError(
        'tooLarge',
        'the workbook takes too much memory or time to read; split it, or save it as .csv',
      );
    throw error;
  } finally {
    await thread.terminate();
  }
}

const isOverLimit = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'AbortError' || ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'));

import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { decodeCsvText, readCsv } from './csv.ts';
import { isXlsx } from './read-xlsx.ts';
import type { XlsxAnswer } from './read-xlsx-process.ts';
import { WorkbookError, type Sheet } from './sheet.ts';

/** A workbook of 64 MiB unpacked takes 8 s of a core and 0.8 GB; one that wants more is made to hurt. */
const limits = { heapMiB: 1_024, timeMs: 120_000 };

/** One workbook at a time: the limit of memory is that of all of them. */
let before: Promise<unknown> = Promise.resolve();

/**
 * The sheets of a file: an .xlsx has several, a CSV is one, named like the file (`venues.csv`). What it is, its bytes
 * say. An .xlsx is read in a process of its own: reports and alarms go on meanwhile, and a file of a few KiB that would
 * fill the memory (a link over all 17,179,869,184 cells of a sheet) ends that process and nothing else. A thread is not
 * enough: one that runs out of its heap at the wrong moment ends the whole process.
 *
 * @throws WorkbookError
 */
export async function readSheets(name: string, bytes: Uint8Array, within = limits): Promise<readonly Sheet[]> {
  if (isXlsx(bytes) || bytes[0] === 0xd0) return await inTurn(() => readInProcess(bytes, within));
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

async function readInProcess(bytes: Uint8Array, { heapMiB, timeMs }: typeof limits): Promise<readonly Sheet[]> {
  const reader = fork(fileURLToPath(new URL('./read-xlsx-process.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${heapMiB}`],
    // Nothing of the centre's: it needs no password and no address.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const killer = setTimeout(() => reader.kill('SIGKILL'), timeMs);
  try {
    const answer = await answerOf(reader, bytes);
    if ('sheets' in answer) return answer.sheets;
    throw new WorkbookError(answer.code, answer.message);
  } finally {
    clearTimeout(killer);
    reader.kill('SIGKILL');
  }
}

/** 1: an error that nobody expected. Anything else is the heap that is full, or the time that is up. */
const UNEXPECTED = 1;

function answerOf(reader: ChildProcess, bytes: Uint8Array): Promise<XlsxAnswer> {
  return new Promise((resolve, reject) => {
    reader.once('message', (answer) => resolve(answer as XlsxAnswer));
    reader.once('error', reject);
    reader.once('exit', (code) =>
      reject(
        code === UNEXPECTED
          ? new Error('the reader of workbooks failed')
          : new WorkbookError(
              'tooLarge',
              'the workbook takes too much memory or time to read; split it, or save it as .csv',
            ),
      ),
    );
    reader.once('spawn', () => {
      if (reader.pid !== undefined) leaveFirst(reader.pid);
    });
    // Where it cannot be sent, the process has ended: that is told above.
    reader.send(bytes, () => undefined);
  });
}

/** Alarms go before workbooks. Where the system does not allow it, they share. */
function leaveFirst(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Nothing depends on it.
  }
}

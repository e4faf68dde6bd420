import { readFileSync } from 'node:fs';
import process from 'node:process';
import { pidsBelow } from '../city/pids.ts';

const CLOCK_TICKS_PER_S = 100;
/** utime, stime, cutime and cstime of proc(5), counted behind the command's name, which may hold spaces. */
const TIME_FIELDS = [11, 12, 13, 14];

/** Processor time in seconds of a process and of all it started, also of those that have ended and were waited for. */
export function processTimeS(root: number | undefined): number {
  if (root === undefined) throw new Error('no process');
  let ticks = 0;
  for (const pid of pidsBelow(root)) {
    const fields = readProc(pid, 'stat')?.split(') ').at(-1)?.split(' ') ?? [];
    for (const at of TIME_FIELDS) ticks += Number(fields[at] ?? 0);
  }
  return ticks / CLOCK_TICKS_PER_S;
}

/** Of the program that this process started under that name. @throws Error unless there is exactly one. */
export function pidOfChild(program: string): number {
  const found = pidsBelow(process.pid).filter((pid) => readProc(pid, 'comm')?.trim() === program);
  if (found.length !== 1) throw new Error(`${found.length} processes named ${program} below this one`);
  return found[0] as number;
}

/** undefined when it has ended. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

import { readFileSync } from 'node:fs';

const CLOCK_TICKS_PER_S = 100;

export type ProcessStatus = {
  readonly residentMb: number;
  readonly peakResidentMb: number;
  /** User and system time of all threads. */
  readonly cpuS: number;
};

/** Of /proc, so of Linux alone. @throws Error when the process is gone or the system has no /proc. */
export function processStatus(pid: number | undefined): ProcessStatus {
  if (pid === undefined) throw new Error('no process');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  // Behind the command's name, which may hold spaces: fields 14 and 15 of proc(5) are the 12th and 13th here.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const cpuS = (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S;
  return { residentMb: kilobytes('VmRSS') / 1024, peakResidentMb: kilobytes('VmHWM') / 1024, cpuS };
}

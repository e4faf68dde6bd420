import process from 'node:process';
import { createTerminal, type TerminalOptions } from '@fengsui/terminal';
import { nowhere } from './nowhere.ts';

/** What of a terminal differs between benchmarks; `durationMs` of signal, as fast as it goes. */
export type TerminalRun = Pick<TerminalOptions, 'source' | 'ratedA'> & { readonly durationMs: number };

/** CPU time, µs, of a terminal without network. Throws when it told less than two seconds short of its readings. */
export async function cpuUsOfTerminal(run: TerminalRun): Promise<number> {
  const subject = createTerminal({ ...run, deviceId: 'bench', uplink: nowhere, speed: Infinity });
  const before = process.cpuUsage();
  subject.start();
  await subject.ended;
  const { user, system } = process.cpuUsage(before);
  const { telemetry } = subject.counts();
  const expected = run.durationMs / 1000;
  if (telemetry < expected - 2) throw new Error(`${telemetry} telemetry reports, ${expected} expected`);
  await subject.stop();
  return user + system;
}

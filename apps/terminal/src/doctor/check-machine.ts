import process from 'node:process';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { outboxFileOf } from '../uplink/disk-outbox.ts';
import { fail, ok, warn, wordsOf, type DoctorFinding } from './finding.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 5_000;
/** Built before this, so no clock can be earlier. */
const PLAUSIBLE_FROM = Date.UTC(2026, 0, 1);
const MB = 1024 * 1024;
/** The outbox thins from 256 MiB on. */
const LEAST_FREE_MB = 300;
const COMFORTABLE_FREE_MB = 1024;

/** Whether the clock can be right, and whether anything keeps it so. */
export async function checkClock(now: number): Promise<DoctorFinding> {
  const words = new Date(now).toISOString();
  if (now < PLAUSIBLE_FROM)
    return fail('clock', `${words} cannot be`, 'set it, then run NTP (timedatectl set-ntp true)');
  try {
    const { stdout } = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], { timeout: TIMEOUT_MS });
    if (stdout.trim() === 'yes') return ok('clock', `${words}, synchronised`);
    return warn('clock', `${words}, not synchronised`, 'timedatectl set-ntp true, or another NTP client');
  } catch {
    return warn('clock', `${words}; whether it is synchronised is not known here`, 'run an NTP client');
  }
}

/** Room and rights for what must survive a restart. */
export function checkStorage(stateFile: string | undefined): readonly DoctorFinding[] {
  if (stateFile === undefined) {
    return [
      warn('storage', 'no --state: what the centre has not acknowledged ends with the process', 'give --state FILE'),
    ];
  }
  const folder = path.dirname(path.resolve(stateFile));
  const probe = path.join(folder, `.fengsui-doctor-${process.pid}`);
  try {
    writeFileSync(probe, 'x', { flush: true });
    rmSync(probe);
  } catch (error) {
    return [fail('storage', wordsOf(error), `make ${folder} writable for this user`)];
  }
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.round((bavail * bsize) / MB);
  const outbox = outboxFileOf(stateFile);
  const words = `${folder}: ${freeMb} MB free${existsSync(outbox) ? ', with an outbox' : ''}`;
  const remedy = 'free space: an outage of days needs 300 MB';
  if (freeMb < LEAST_FREE_MB) return [fail('storage', words, remedy)];
  return [freeMb < COMFORTABLE_FREE_MB ? warn('storage', words, remedy) : ok('storage', words)];
}

/** Whether the service runs and will after the next boot. */
export async function checkService(unit: string): Promise<DoctorFinding> {
  if (!existsSync('/run/systemd/system')) {
    return warn(
      'service',
      'systemd does not run here',
      'let whatever supervises this machine start the terminal again',
    );
  }
  const state = async (verb: string): Promise<string> =>
    run('systemctl', [verb, unit], { timeout: TIMEOUT_MS }).then(
      ({ stdout }) => stdout.trim(),
      (error: unknown) => (error as { stdout?: string }).stdout?.trim() ?? '',
    );
  const [active, enabled] = [await state('is-active'), await state('is-enabled')];
  const words = `${unit} is ${active || 'unknown'} and ${enabled || 'not installed'}`;
  if (active === 'active' && enabled === 'enabled') return ok('service', words);
  if (enabled === '') return warn('service', words, 'fengsui terminal install-service --print');
  return warn('service', words, `systemctl enable --now ${unit}; journalctl -u ${unit}`);
}

/** Whether what the machine says of itself leaves room. */
export function checkMemory(): DoctorFinding {
  try {
    const text = readFileSync('/proc/meminfo', 'utf8');
    const freeMb = Math.round(Number(/^MemAvailable:\s+(\d+)/m.exec(text)?.[1] ?? NaN) / 1024);
    const words = `${freeMb} MB available`;
    return freeMb < 200 ? warn('memory', words, 'the terminal takes about 150 MB') : ok('memory', words);
  } catch {
    return warn('memory', 'not known here', 'the terminal takes about 150 MB');
  }
}

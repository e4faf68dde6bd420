import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Above it something else was at work within the last minute: latencies are too long, rates too low. */
const IDLE_LOAD = 0.5;
/** Of the minute before this process began: later it holds our own work. */
const loadBefore = loadavg()[0] ?? NaN;

export const root = path.resolve(import.meta.dirname, '..');

/** Where and when numbers were measured; without it a number says nothing. */
export function describeRun(command: string, quick: boolean): string {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const ram = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    `${cpu}, ${availableParallelism()} cores, ${ram}, ${osName()}, Node ${process.versions.node}`,
    `${new Date().toISOString().slice(0, 16)}Z, commit ${commit()}, load before the run ${loadBefore.toFixed(1)}${loadBefore > IDLE_LOAD ? ' (**not idle**)' : ''}`,
    `\`${command}\`${quick ? ' (short run)' : ''}`,
  ].join('; ');
}

function osName(): string {
  try {
    return (
      /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? `${platform()} ${release()}`
    );
  } catch {
    return `${platform()} ${release()}`;
  }
}

/** With `+` when the work tree holds more than the commit. */
function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'packages', 'apps');
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

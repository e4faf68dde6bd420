import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Reads the server's pid, one per line (0 = ended), and acts when its input ends, which is when this test process has
 * gone, however that happened.
 */
const GUARD_SCRIPT = `
while read -r line; do pid=$line; done
if [ "\${pid:-0}" -gt 1 ]; then kill -9 "$pid" 2>/dev/null; sleep 1; fi
rm -rf -- "$1"`;

/** One server of a test, with a folder of its own: both are gone when the test process is gone. */
export class ServerGuard {
  readonly #folder: string;
  readonly #guard: ChildProcess;
  #child: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'sh', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.unref();
    // A pipe of node is a socket; it alone must not keep the test process alive.
    (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    guard.stdin?.on('error', () => {});
    this.#guard = guard;
  }

  /** Of the server while it runs. */
  get pid(): number | undefined {
    return isRunning(this.#child) ? this.#child.pid : undefined;
  }

  /** Returns at once: whether the server comes up is seen at its port, and in `pid`. */
  async spawn(program: string, args: readonly string[], runner: { uid?: number; gid?: number } = {}): Promise<void> {
    const log = await open(this.#logFile, 'a');
    const child = spawn(program, args, {
      ...runner,
      cwd: this.#folder,
      // A process group of its own, which a Ctrl-C in the terminal does not reach.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.on('error', () => {});
    child.once('exit', () => this.#tell(0));
    child.unref();
    this.#tell(child.pid ?? 0);
    await log.close();
    this.#child = child;
  }

  signal(signal: NodeJS.Signals): void {
    if (isRunning(this.#child)) this.#child.kill(signal);
  }

  exited(): Promise<void> {
    const child = this.#child;
    return new Promise((resolve) => {
      if (!isRunning(child)) return resolve();
      // Whoever waits for the end must not find the event loop empty meanwhile.
      child.ref();
      child.once('exit', () => resolve());
    });
  }

  kill9(): Promise<void> {
    this.signal('SIGKILL');
    return this.exited();
  }

  /** What it said last. */
  async logTail(): Promise<string> {
    return (await readFile(this.#logFile, 'utf8').catch(() => '')).slice(-2000);
  }

  /** Kills it when it runs, and removes its folder. */
  async dispose(): Promise<void> {
    await this.kill9();
    await rm(this.#folder, { recursive: true, force: true });
    this.#guard.stdin?.end();
  }

  get #logFile(): string {
    return path.join(this.#folder, 'log');
  }

  #tell(pid: number): void {
    this.#guard.stdin?.write(`${pid}\n`);
  }
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child !== undefined && child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

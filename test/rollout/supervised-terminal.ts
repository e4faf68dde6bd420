import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const RESTART_AFTER_MS = 200;

/** A terminal under a supervisor that starts it again whenever it ends, as systemd does with `Restart=always`. */
export class SupervisedTerminal {
  readonly #command: readonly string[];
  readonly #secret: string;
  #child: ChildProcess | undefined;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  starts = 0;
  stderr = '';

  /** @param launcher the script that node runs. The secret goes by the environment. */
  constructor(launcher: string, args: readonly string[], secret: string) {
    this.#command = [path.resolve(launcher), 'terminal', ...args];
    this.#secret = secret;
    this.#start();
  }

  #start(): void {
    this.starts += 1;
    const child = spawn(process.execPath, this.#command, {
      env: { ...process.env, FENGSUI_DEVICE_SECRET: this.#secret },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.once('close', () => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.#start(), RESTART_AFTER_MS);
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const cli = path.resolve(import.meta.dirname, '../../apps/cli/bin/fengsui.mjs');
const SAY_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 120_000;
const POLL_MS = 20;

/** The real terminal as its users start it: `fengsui terminal …` in a process of its own. */
export class TerminalProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #stderr = '';

  /** The secret goes by the environment: an argument would be in the list of processes. */
  constructor(args: readonly string[], secret: string) {
    this.#child = spawn(process.execPath, [cli, 'terminal', ...args], {
      env: { ...process.env, FENGSUI_DEVICE_SECRET: secret },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first words it says that match. */
  async says(words: RegExp, timeoutMs = SAY_TIMEOUT_MS): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const said = words.exec(this.#stderr);
      if (said !== null) return said[0];
      const isOver = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (isOver || Date.now() > deadline) throw new Error(`the terminal never said ${words}:\n${this.#stderr}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The exit code once the source is played to its end. */
  async ends(timeoutMs = END_TIMEOUT_MS): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }

  /** Asked to go as a service manager asks. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ends();
  }

  async kill9(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

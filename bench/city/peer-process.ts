import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import type { CityProcess } from './city-system.ts';
import { pidsBelow } from './pids.ts';

const START_TIMEOUT_MS = 60_000;
const RESTART_MS = 500;

export type PeerCommand = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** It serves when this port answers … */
  readonly port: number;
  /** … and it has printed this, if given. */
  readonly ready?: string;
};

/** A process of a peer that is killed and started again on the same data; as under a supervisor also when it ends by itself. */
export class PeerProcess implements CityProcess {
  readonly name: string;
  #command: PeerCommand;
  #child: ChildProcess | undefined;
  #output = '';
  #isWanted = true;

  private constructor(command: PeerCommand) {
    this.name = command.name;
    this.#command = command;
  }

  static async start(command: PeerCommand): Promise<PeerProcess> {
    const process = new PeerProcess(command);
    await process.#up();
    return process;
  }

  pids(): readonly number[] {
    return this.#child?.pid === undefined ? [] : pidsBelow(this.#child.pid);
  }

  async killAndRestart(): Promise<void> {
    await this.stop();
    await this.#up();
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async #up(): Promise<void> {
    const { command, args, cwd, port, ready } = this.#command;
    this.#output = '';
    this.#isWanted = true;
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const take = (chunk: Buffer): void => void (this.#output = (this.#output + chunk.toString()).slice(-4_000));
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', () => {
      if (this.#isWanted) setTimeout(() => void (this.#isWanted && this.#up().catch(() => undefined)), RESTART_MS);
    });
    const until = performance.now() + START_TIMEOUT_MS;
    while (!((ready === undefined || this.#output.includes(ready)) && (await answers(port)))) {
      if (performance.now() > until || (child.exitCode !== null && !this.#isWanted))
        throw new Error(`${this.name} does not serve on ${port}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const say = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { layMigratedStore } from '../../apps/centre/src/store/migrated-store.fixture.ts';
import { freePort } from '../../tools/servers/free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'apps/cli/bin/fengsui.mjs');
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const COMMAND_TIMEOUT_MS = 120_000;

/** Contracted interval of a test's device: on a slow machine it shall not be found silent beside what is tested. */
export const NEVER_SILENT_MS = 3_600_000;

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** What steers the tests (FENGSUI_RUNS, FENGSUI_KILLS …) is no business of the product under test. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FENGSUI_'));
  // Centres of several tests run side by side: each takes a free port for the door nobody asks it for.
  return { ...Object.fromEntries(inherited), FENGSUI_GB26875_PORT: '0', ...extra };
}

/** Runs one command of the real executable to its end. */
export function fengsui(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly timeoutMs?: number;
  } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: options.cwd ?? root,
      env: cleanEnvironment(options.env),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? COMMAND_TIMEOUT_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
    child.stdin.end(options.input ?? '');
  });
}

export type CentreProcessOptions = {
  readonly demo?: boolean;
  /** An existing data folder; without it a temporary one that `dispose` removes. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** This one leads on its database: `up` returns when the new one stands by. Devices obey one key, which both have. */
  readonly standsByFor?: CentreProcess;
};

/** The real centre as its users start it: a process of its own, killed and restarted at will, on the same ports. */
export class CentreProcess {
  readonly folder: string;
  readonly webPort: number;
  readonly mqttPort: number;
  readonly #options: CentreProcessOptions;
  #child: ChildProcess | undefined;
  #isClosed = true;
  #stdout = '';
  #stderr = '';

  private constructor(folder: string, webPort: number, mqttPort: number, options: CentreProcessOptions) {
    this.folder = folder;
    this.webPort = webPort;
    this.mqttPort = mqttPort;
    this.#options = options;
  }

  static async start(options: CentreProcessOptions = {}): Promise<CentreProcess> {
    const folder = options.folder ?? path.join(await mkdtemp(path.join(tmpdir(), 'fengsui-')), 'data');
    if (options.folder === undefined && options.env?.['FENGSUI_DATABASE_URL'] === undefined)
      await layMigratedStore(path.join(folder, 'store'));
    if (options.standsByFor !== undefined)
      await cp(path.join(options.standsByFor.folder, 'keys'), path.join(folder, 'keys'), { recursive: true });
    const centre = new CentreProcess(folder, await freePort(), await freePort(), options);
    await centre.up();
    return centre;
  }

  get webUrl(): string {
    return `http://127.0.0.1:${this.webPort}`;
  }

  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.mqttPort}`;
  }

  /** Everything printed since the last start. */
  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async up({ standsBy = this.#options.standsByFor !== undefined } = {}): Promise<void> {
    this.#stdout = '';
    this.#stderr = '';
    const demo = this.#options.demo === true ? '--demo' : '--no-demo';
    const ports = ['--web-port', String(this.webPort), '--mqtt-port', String(this.mqttPort)];
    const args = [cli, 'start', demo, '--data', this.folder, ...ports, ...(this.#options.args ?? [])];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: cleanEnvironment(this.#options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#isClosed = false;
    // An 'exit' may come before the last words: 'close' comes after them.
    child.on('close', () => (this.#isClosed ||= this.#child === child));
    child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString('utf8')));
    await this.#printed(child, standsBy ? /^standby {2}/m : /^(?:MQTT {3}|web {4}|ready {2})/m);
  }

  /** SIGSTOP: its connections stay, nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** The exit code of a process that ends by itself; what it said last has been read then. */
  async ended(): Promise<number | null> {
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (!this.#isClosed) {
      if (Date.now() > deadline) throw new Error(`the centre did not end:\n${this.#stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.#child?.exitCode ?? null;
  }

  async #printed(child: ChildProcess, line: RegExp): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!line.test(this.#stdout)) {
      if (this.#isClosed || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`the centre did not start:\n${this.#stdout}\n${this.#stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async dispose(): Promise<void> {
    await this.#end('SIGKILL');
    if (this.#options.folder === undefined) await rm(path.dirname(this.folder), { recursive: true, force: true });
  }

  async createDevice(id: string, model: string, venueId: string, parentId?: string): Promise<string> {
    const reportingIntervalMs = NEVER_SILENT_MS;
    const parameters = { id, model, venueId, reportingIntervalMs, ...(parentId !== undefined && { parentId }) };
    return ((await this.#administer('createDevice', parameters)) as { secret: string }).secret;
  }

  async revokeDevice(id: string): Promise<void> {
    await this.#administer('revokeDevice', { id });
  }

  async createToken(role: string, venueIds?: readonly string[], days?: number): Promise<string> {
    const parameters = { role, ...(venueIds !== undefined && { venueIds }), ...(days !== undefined && { days }) };
    return ((await this.#administer('createToken', parameters)) as { token: string }).token;
  }

  async createUser(username: string, role: string, password: string, venueIds?: readonly string[]): Promise<void> {
    await this.#administer('createUser', { username, role, password, ...(venueIds !== undefined && { venueIds }) });
  }

  /** What `fengsui device|token|user` say to a running centre, without a process for each (those have their own test). */
  async #administer(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = await callControlSocket(this.folder, command, parameters);
    if (answer === undefined) throw new Error('the centre does not run');
    if ('error' in answer) throw new Error(`${command}: ${answer.error}`);
    return answer.result;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || this.#isClosed) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await ended;
    clearTimeout(timer);
    return code;
  }
}

import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { requireProgram } from './find-or-install.ts';
import { freePort } from './free-port.ts';
import { ServerGuard } from './server-guard.ts';

export type PostgresServer = {
  readonly url: string;
  /** Program folder of this server (psql, pg_isready …). */
  readonly binFolder: string;
  /** Of the postmaster; undefined while it is down. */
  readonly pid: number | undefined;
  /** Orderly end; removes the data. */
  stop(): Promise<void>;
  /** SIGKILL to the server and all its children, as a crash of the machine looks to its clients. */
  kill9(): Promise<void>;
  /** Starts again on the same data and port, after stop of none or kill9. */
  restart(): Promise<void>;
};

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** Who runs the server: PostgreSQL refuses root, so root hands it to the package's user. */
type Runner = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** A throw-away PostgreSQL with fsync on, in a folder of its own, on a free port of 127.0.0.1; user `fengsui`. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const binFolder = path.dirname(await requireProgram('postgres'));
  const runner = await findRunner();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-pg-'));
  const guard = new ServerGuard(folder);
  const server = new ServerProcess(binFolder, runner, folder, await freePort(), guard);
  try {
    if ('uid' in runner) await chown(folder, runner.uid, runner.gid);
    const initdbArgs = ['-D', server.dataFolder, '-U', 'fengsui', '-A', 'trust', '--locale=C', '--encoding=UTF8'];
    await run(path.join(binFolder, 'initdb'), [...initdbArgs, '--no-sync'], {
      ...runner,
      cwd: folder,
      timeout: START_TIMEOUT_MS,
    });
    await server.start();
  } catch (error) {
    await server.kill9();
    await guard.dispose();
    throw error;
  }
  return {
    url: `postgres://fengsui@127.0.0.1:${server.port}/postgres`,
    binFolder,
    get pid() {
      return guard.pid;
    },
    kill9: () => server.kill9(),
    restart: () => server.start(),
    stop: async () => {
      await server.stop();
      await guard.dispose();
    },
  };
}

class ServerProcess {
  readonly port: number;
  readonly dataFolder: string;
  #binFolder: string;
  #runner: Runner;
  #folder: string;
  #guard: ServerGuard;

  constructor(binFolder: string, runner: Runner, folder: string, port: number, guard: ServerGuard) {
    this.#binFolder = binFolder;
    this.#runner = runner;
    this.#folder = folder;
    this.#guard = guard;
    this.port = port;
    this.dataFolder = path.join(folder, 'data');
  }

  async start(): Promise<void> {
    if (this.#guard.pid !== undefined) throw new Error(`PostgreSQL on port ${this.port} is running already`);
    const deadline = Date.now() + START_TIMEOUT_MS;
    // After kill -9 the old backends may need a moment to leave the shared memory; the server refuses until then.
    while (!(await this.#tryStart(deadline))) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start:\n${await this.#guard.logTail()}`);
      await sleep(200);
    }
  }

  async stop(): Promise<void> {
    this.#guard.signal('SIGINT');
    const hasEnded = this.#guard.exited().then(() => true);
    if (!(await Promise.race([hasEnded, sleep(STOP_TIMEOUT_MS, false, { ref: false })]))) await this.kill9();
  }

  async kill9(): Promise<void> {
    const { pid } = this.#guard;
    if (pid === undefined) return;
    // Backends are sessions of their own; without this they would finish what they do after the server's death.
    const backends = await childrenOf(pid);
    const ended = this.#guard.kill9();
    for (const backend of backends) killQuietly(backend);
    await ended;
  }

  async #tryStart(deadline: number): Promise<boolean> {
    const settings = [`port=${this.port}`, `unix_socket_directories=${this.#folder}`, 'listen_addresses=127.0.0.1'];
    const args = ['-D', this.dataFolder, ...settings.flatMap((setting) => ['-c', setting])];
    await this.#guard.spawn(path.join(this.#binFolder, 'postgres'), args, this.#runner);
    while (this.#guard.pid !== undefined && Date.now() < deadline) {
      if (await this.#isReady()) return true;
      await sleep(50);
    }
    return false;
  }

  #isReady(): Promise<boolean> {
    const args = ['-q', '-h', '127.0.0.1', '-p', String(this.port), '-t', '5'];
    return run(path.join(this.#binFolder, 'pg_isready'), args, { timeout: 10_000 }).then(
      () => true,
      () => false,
    );
  }
}

async function findRunner(): Promise<Runner> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

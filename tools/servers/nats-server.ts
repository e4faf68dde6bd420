import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { requireProgram } from './find-or-install.ts';
import { freePort } from './free-port.ts';
import { ServerGuard } from './server-guard.ts';

export type NatsServer = {
  readonly url: string;
  readonly name: string;
  /** SIGKILL, as a crash looks to its clients. */
  kill9(): Promise<void>;
  /** Starts again on the same data and port. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay, nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

export type NatsCluster = {
  readonly nodes: readonly NatsServer[];
  /** All nodes, separated by commas. */
  readonly url: string;
  stop(): Promise<void>;
};

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;

/** A throw-away nats-server with JetStream on files, in a folder of its own, on a free port of 127.0.0.1. */
export async function startNatsServer(settings: NatsSettings = {}): Promise<NatsServer> {
  const node = await NatsNode.create('n1', await freePort(), settings);
  await node.start();
  return node;
}

/** Three nodes of one cluster on this machine. */
export async function startNatsCluster(): Promise<NatsCluster> {
  const names = ['n1', 'n2', 'n3'];
  const routes: number[] = [];
  for (const _name of names) routes.push(await freePort());
  const nodes: NatsNode[] = [];
  for (const [index, name] of names.entries()) {
    const others = routes.filter((_, at) => at !== index).map((port) => `nats://127.0.0.1:${port}`);
    const cluster = `cluster { name: test, listen: "127.0.0.1:${routes[index]}", routes: [${others.map((url) => `"${url}"`).join(', ')}] }`;
    nodes.push(await NatsNode.create(name, await freePort(), { more: cluster }));
  }
  const stop = async (): Promise<void> => {
    for (const node of nodes) await node.stop();
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, url: nodes.map(({ url }) => url).join(','), stop };
}

export type NatsSettings = {
  /** Further lines of its configuration. */
  readonly more?: string;
  /** Within `jetstream { … }`. */
  readonly jetStream?: string;
  readonly maxPayload?: string;
};

class NatsNode implements NatsServer {
  readonly name: string;
  readonly url: string;
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #guard: ServerGuard;

  private constructor(name: string, port: number, program: string, folder: string) {
    this.name = name;
    this.url = `nats://127.0.0.1:${port}`;
    this.#port = port;
    this.#program = program;
    this.#folder = folder;
    this.#guard = new ServerGuard(folder);
  }

  static async create(name: string, port: number, settings: NatsSettings): Promise<NatsNode> {
    const program = await requireProgram('nats-server');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-nats-'));
    const { more = '', jetStream = '', maxPayload = '8MB' } = settings;
    const lines = [
      `server_name: ${name}`,
      `listen: "127.0.0.1:${port}"`,
      `max_payload: ${maxPayload}`,
      `jetstream { store_dir: "${folder}/data", ${(await syncsAlways(program)) ? 'sync_interval: always, ' : ''}${jetStream} }`,
      more,
    ];
    await writeFile(path.join(folder, 'nats.conf'), lines.join('\n'));
    return new NatsNode(name, port, program, folder);
  }

  async start(): Promise<void> {
    await this.#guard.spawn(this.#program, ['-c', path.join(this.#folder, 'nats.conf')]);
    for (const deadline = Date.now() + START_TIMEOUT_MS; !(await answers(this.#port)); await sleep(50)) {
      if (this.#guard.pid === undefined || Date.now() > deadline)
        throw new Error(`nats-server did not start:\n${await this.#guard.logTail()}`);
    }
  }

  restart(): Promise<void> {
    return this.start();
  }

  pause(): void {
    this.#guard.signal('SIGSTOP');
  }

  resume(): void {
    this.#guard.signal('SIGCONT');
  }

  kill9(): Promise<void> {
    return this.#guard.kill9();
  }

  stop(): Promise<void> {
    return this.#guard.dispose();
  }
}

/** The setting is known from 2.10 on. */
async function syncsAlways(program: string): Promise<boolean> {
  const { stdout } = await run(program, ['--version'], { timeout: START_TIMEOUT_MS });
  const [, major = '0', minor = '0'] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10);
}

/** The first thing a server says to whoever connects is INFO. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('data', (bytes) => settle(bytes.toString('latin1').startsWith('INFO')));
  });
}

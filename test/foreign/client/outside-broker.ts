import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { requireProgram } from '../../../tools/servers/find-or-install.ts';
import { eventually, within } from '../../contract/client/eventually.ts';
import { freePort } from '../../../tools/servers/free-port.ts';

const run = promisify(execFile);

/** A real mosquitto of its own folder and port, with a password for one user and a store that outlives it. */
export class OutsideBroker {
  readonly port: number;
  readonly folder: string;
  readonly #tls: boolean;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, tls: boolean) {
    this.folder = folder;
    this.port = port;
    this.#tls = tls;
  }

  static async start(options: { readonly tls?: boolean } = {}): Promise<OutsideBroker> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-broker-'));
    const broker = new OutsideBroker(folder, await freePort(), options.tls === true);
    const passwords = path.join(folder, 'passwords');
    await writeFile(passwords, '');
    await requireProgram('mosquitto');
    await run('mosquitto_passwd', ['-b', passwords, 'centre', 'right horse']);
    await run('mosquitto_passwd', ['-b', passwords, 'vendor', 'battery staple']);
    if (broker.#tls) await broker.#makeCertificates();
    const tls = [`cafile ${folder}/ca.crt`, `certfile ${folder}/server.crt`, `keyfile ${folder}/server.key`];
    await writeFile(
      path.join(folder, 'mosquitto.conf'),
      [
        `listener ${broker.port} 127.0.0.1`,
        ...(broker.#tls ? tls : []),
        'allow_anonymous false',
        `password_file ${passwords}`,
        'persistence true',
        `persistence_location ${folder}/`,
        'max_queued_messages 0',
        'max_inflight_messages 20',
        // As root it would become another user, who may not read its folder.
        ...(process.getuid?.() === 0 ? ['user root'] : []),
        '',
      ].join('\n'),
    );
    await broker.up();
    return broker;
  }

  get url(): string {
    return `${this.#tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const program = await requireProgram('mosquitto');
    const file = path.join(this.folder, 'mosquitto.conf');
    this.#child = spawn(program, ['-c', file], { stdio: 'ignore' });
    await eventually('the broker to listen', async () => (await isOpen(this.port)) || undefined);
  }

  /** SIGTERM: it writes down what it keeps for its sessions. SIGKILL: it does not. */
  async down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await within('the broker to end', ended);
  }

  async publisher(): Promise<MqttClient> {
    const client = await within(
      'the vendor to connect',
      mqtt.connectAsync(this.url, {
        clientId: 'vendor',
        username: 'vendor',
        password: 'battery staple',
        clean: false,
        reconnectPeriod: 200,
        ...(this.#tls && { rejectUnauthorized: false }),
      }),
    );
    client.on('error', () => undefined);
    return client;
  }

  async dispose(): Promise<void> {
    await this.down('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #makeCertificates(): Promise<void> {
    const { folder } = this;
    const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=test ca');
    await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=broker');
    await writeFile(path.join(folder, 'san'), 'subjectAltName=IP:127.0.0.1\n');
    const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san'];
    await openssl('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.crt');
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

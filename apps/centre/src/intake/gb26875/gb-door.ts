import { createServer, type Server, type Socket } from 'node:net';
import { encodeGb18030 } from '@fengsui/protocol';
import type { Clock } from '../../platform/clock.ts';
import { ListenError, listen } from '../../platform/listen.ts';
import type { Log } from '../../platform/log.ts';
import { isLoopbackAddress, plainAddress, type AddressList } from './address-list.ts';
import { GbConnection } from './gb-connection.ts';
import { GbDatagrams } from './gb-datagrams.ts';
import type { GbIntake } from './gb-intake.ts';

export type GbDoorOptions = {
  readonly host: string;
  readonly port: number;
  /** Who may come in; undefined: everybody who reaches the address. */
  readonly allow?: AddressList;
  readonly intake: GbIntake;
  readonly clock: Clock;
  readonly log: Log;
  /** Connections of one IP address; a simulator on this machine is not bound by it. */
  readonly mostPerAddress?: number;
  readonly mostConnections?: number;
};

const SWEEP_MS = 1_000;
const DEFAULT_MOST_PER_ADDRESS = 1_024;
const DEFAULT_MOST_CONNECTIONS = 18_000;

/** GB/T 26875.3 over TCP and UDP, on one port. */
export class GbDoor {
  readonly name = 'GB/T 26875.3';
  readonly #options: GbDoorOptions;
  readonly #connections = new Set<GbConnection>();
  readonly #perAddress = new Map<string, number>();
  readonly #datagrams: GbDatagrams;
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GbDoorOptions) {
    this.#options = options;
    const { intake, clock, log, allow } = options;
    this.#datagrams = new GbDatagrams({ intake, clock, log, allow });
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async start(): Promise<number> {
    const { host, port, clock, intake } = this.#options;
    // Builds the reverse table now: not while a fire waits.
    encodeGb18030('消');
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#onSocket(socket));
    this.#server = server;
    try {
      const bound = await listen(server, host, port);
      await this.#datagrams.start(host, bound);
      this.#timer = setInterval(() => {
        const now = clock.now();
        for (const connection of this.#connections) connection.sweep(now);
        this.#datagrams.sweep(now);
        intake.sweep();
      }, SWEEP_MS);
      return bound;
    } catch (error) {
      await this.stop();
      throw error instanceof ListenError ? error.named(this.name) : error;
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const server = this.#server;
    const closed = new Promise<void>((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
    for (const connection of this.#connections) connection.close('the centre stops');
    await closed;
    await this.#datagrams.stop();
  }

  #onSocket(socket: Socket): void {
    const { intake, clock, log, allow } = this.#options;
    const { mostPerAddress = DEFAULT_MOST_PER_ADDRESS, mostConnections = DEFAULT_MOST_CONNECTIONS } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? '');
    const ofAddress = this.#perAddress.get(address) ?? 0;
    const isCrowded = ofAddress >= mostPerAddress && !isLoopbackAddress(address);
    if (allow?.allows(address) === false || isCrowded || this.#connections.size >= mostConnections) {
      log.debug('GB/T 26875.3: connection refused', { address, ofAddress, connections: this.#connections.size });
      socket.destroy();
      return;
    }
    this.#perAddress.set(address, ofAddress + 1);
    const connection = new GbConnection(socket, intake, clock, (closed, reason) => {
      this.#connections.delete(closed);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
      log.debug('GB/T 26875.3: connection closed', { remote: closed.remote, reason });
    });
    this.#connections.add(connection);
  }
}

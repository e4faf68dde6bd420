import { connect, createServer, type Server, type Socket } from 'node:net';

/** The network between one browser and the centre, on a port of its own: it can break, and it can fall silent. */
export class CuttableWire {
  readonly webUrl: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.webUrl = `http://127.0.0.1:${port}`;
  }

  static async to(port: number): Promise<CuttableWire> {
    let wire: CuttableWire | undefined;
    const server = createServer((near) => wire?.join(near, port));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the wire has no port');
    return (wire = new CuttableWire(server, address.port));
  }

  join(near: Socket, port: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  /** Every connection breaks and no new one is made. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** The connections stay open, and nothing comes through them any more: a half-open line. */
  stall(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

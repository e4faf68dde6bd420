import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP line that can be cut and mended: what is connected through it is hung up on, and nobody gets through meanwhile. */
export class CuttableLink {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<Socket>();
  #isCut = false;
  #isHeld = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async to(targetPort: number): Promise<CuttableLink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const link = new CuttableLink(server, address.port);
    server.on('connection', (near) => link.#join(near, targetPort));
    return link;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of [...this.#sockets, ...this.#waiting]) socket.destroy();
  }

  /** Nothing comes through and nobody is hung up on, until `release`. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was held goes on; who came meanwhile is hung up on and comes again. */
  release(): void {
    this.#isHeld = false;
    for (const socket of this.#waiting) socket.destroy();
    this.#waiting.clear();
    for (const socket of this.#sockets) socket.resume();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, targetPort: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    if (this.#isHeld) {
      near.on('error', () => near.destroy());
      this.#waiting.add(near);
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}

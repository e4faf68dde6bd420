import { connect, type Socket } from 'node:net';
import { frameBytes, takeFrame, type FrameParts, type Reply } from './frame-bytes.ts';

const PATIENCE_MS = 60_000;

/** A transmission device as a bare socket. */
export class GbClient {
  readonly address: string;
  readonly replies: Reply[] = [];
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #serial = 0;
  #wakes: (() => void)[] = [];
  #closed = false;

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.address = address;
    socket.on('data', (chunk) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      for (let taken = takeFrame(this.#rest); taken !== undefined; taken = takeFrame(this.#rest)) {
        this.replies.push(taken.reply);
        this.#rest = taken.rest;
      }
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static async connect(port: number, address: string, localAddress = '127.0.0.1'): Promise<GbClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.setNoDelay(true);
    return new GbClient(socket, address);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The frame of an upload, with the next serial unless one is given. */
  frame(data: Uint8Array, parts: Partial<FrameParts> = {}): Buffer {
    return frameBytes({ serial: this.#serial++, source: this.address, command: 2, data, ...parts });
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends an upload and waits for what the centre answers to its serial. */
  async send(data: Uint8Array, parts: Partial<FrameParts> = {}): Promise<Reply> {
    const frame = this.frame(data, parts);
    this.write(frame);
    return this.reply(frame.readUInt16LE(2));
  }

  /** Confirm or deny under a serial of ours; taken from the list. */
  reply(serial: number): Promise<Reply> {
    return this.take((reply) => reply.serial === serial && (reply.command === 3 || reply.command === 6));
  }

  /** A control or query of the centre of this unit type; taken from the list. */
  order(type: number): Promise<Reply> {
    return this.take((reply) => (reply.command === 1 || reply.command === 4) && reply.data[0] === type);
  }

  async take(isWanted: (reply: Reply) => boolean): Promise<Reply> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const index = this.replies.findIndex(isWanted);
      const [found] = index < 0 ? [] : this.replies.splice(index, 1);
      if (found !== undefined) return found;
      if (this.#closed) throw new Error('the centre closed the connection');
      await this.#changed(deadline);
    }
  }

  async closed(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.#closed) await this.#changed(deadline);
  }

  /** Answers a control as a device does. */
  confirm(order: Reply): void {
    this.write(frameBytes({ serial: order.serial, source: this.address, command: 3 }));
  }

  answer(order: Reply, data: Uint8Array): void {
    this.write(frameBytes({ serial: order.serial, source: this.address, command: 5, data }));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #changed(deadline: number): Promise<void> {
    const left = deadline - Date.now();
    if (left <= 0) throw new Error(`nothing within ${PATIENCE_MS} ms; ${this.replies.length} other replies came`);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, left);
      this.#wakes.push(resolve);
    });
    clearTimeout(timer);
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

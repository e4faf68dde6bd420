import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes, type AuthenticateError, type PublishPacket } from 'aedes';

export type Received = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
  /** Number of the connection it came on, from 1. */
  readonly connection: number;
  /** Whether PUBACK was sent. */
  readonly isAcknowledged: boolean;
};

/** A real MQTT broker on a free port, that can leave packets unanswered, hang up and refuse. */
export class TestBroker {
  readonly received: Received[] = [];
  readonly subscribed: string[] = [];
  /** Secrets by device; others are refused with CONNACK 4. */
  readonly secrets = new Map([['D1', 's3cret']]);
  refuseWith: number | undefined;
  connections = 0;
  /** Decides about an answer; default: all. */
  acknowledges: (packet: PublishPacket, count: number) => boolean = () => true;
  readonly #sockets = new Set<Socket>();
  readonly #broker: Aedes;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(broker: Aedes) {
    this.#broker = broker;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      broker.handle(socket);
    });
  }

  static async start(): Promise<TestBroker> {
    const self: { broker?: TestBroker } = {};
    const broker = await Aedes.createBroker({
      authenticate: (client, username, password, done) => {
        const isKnown = self.broker?.secrets.get(client.id) === password?.toString('utf8') && username === client.id;
        const returnCode = self.broker?.refuseWith ?? (isKnown ? 0 : 4);
        if (returnCode === 0) return done(null, true);
        const error: AuthenticateError = Object.assign(new Error('refused'), { returnCode });
        done(error, false);
      },
      authorizePublish: (client, packet, done) => {
        const me = self.broker;
        if (client === null || me === undefined) return done();
        const isAcknowledged = me.acknowledges(packet, me.received.length);
        const payload = Buffer.from(packet.payload);
        const { topic, retain } = packet;
        me.received.push({ topic, payload, retain, connection: me.connections, isAcknowledged });
        // Without an answer, and reading on.
        if (!isAcknowledged) packet.qos = 0;
        done();
      },
    });
    const started = new TestBroker(broker);
    self.broker = started;
    broker.on('clientReady', () => (started.connections += 1));
    broker.on('subscribe', (subscriptions) => {
      started.subscribed.push(...subscriptions.map(({ topic }) => topic));
    });
    await new Promise<void>((resolve) => started.#server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  send(topic: string, payload: string): void {
    this.#broker.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false },
      () => undefined,
    );
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
  }
}

import { createServer, type Server, type Socket } from 'node:net';
import { encodeTime, topicOf } from '@fengsui/protocol';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { Clock } from '../platform/clock.ts';
import { ListenError, listen } from '../platform/listen.ts';
import type { Log } from '../platform/log.ts';
import type { DeviceDoor, DeviceGate, Verdict } from './device-door.ts';
import { guardPacketLength } from './packet-guard.ts';

export type MqttDoorOptions = {
  readonly host: string;
  readonly port: number;
  readonly gate: DeviceGate;
  readonly clock: Clock;
  readonly log: Log;
};

/** CONNACK return codes of MQTT 3.1.1 section 3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const BAD_CREDENTIALS = 4;
const NOT_AUTHORIZED = 5;

const returnCodes: Readonly<Record<Exclude<Verdict, 'accepted'>, number>> = {
  unknownDevice: BAD_CREDENTIALS,
  wrongSecret: BAD_CREDENTIALS,
  revoked: NOT_AUTHORIZED,
};

const TIME_INTERVAL_MS = 3_600_000;
const CONNECT_TIMEOUT_MS = 10_000;

type Session = { readonly number: number; readonly deviceId: string; readonly answers: AnswerQueue };

/** MQTT 3.1.1 by aedes. PUBACK leaves when the report is durable, in the order of arrival per connection. */
export class MqttDoor implements DeviceDoor {
  readonly name = 'MQTT';
  readonly #options: MqttDoorOptions;
  readonly #sessions = new Map<Client, Session>();
  /** Session numbers of connections that are let in; a session before CONNACK is in no other map. */
  readonly #numbers = new WeakMap<Client, number>();
  readonly #newest = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #timeTimer: NodeJS.Timeout | undefined;
  #sessionCount = 0;

  constructor(options: MqttDoorOptions) {
    this.#options = options;
  }

  async start(): Promise<number> {
    const broker = await Aedes.createBroker({
      connectTimeout: CONNECT_TIMEOUT_MS,
      drainTimeout: 60_000,
      // A foreign topic is acknowledged and quarantined, however deep; the packet limit bounds it.
      maxTopicLevels: Number.MAX_SAFE_INTEGER,
      authenticate: (client, username, password, done) => {
        const error = this.#refusal(client, username, password?.toString('utf8'));
        if (error === null) this.#onAccepted(client);
        done(error, error === null);
      },
      authorizePublish: (client, packet, done) => this.#onPublish(client, packet, done),
      authorizeSubscribe: (client, subscription, done) => {
        const own = client !== null && this.#ownTopics(client).includes(subscription.topic);
        // null in place of the subscription is SUBACK 0x80.
        done(null, own ? subscription : null);
      },
      // Nothing a device publishes is forwarded to another device.
      authorizeForward: (_client, packet) =>
        packet.topic.endsWith('/command') || packet.topic.endsWith('/time') ? packet : null,
    });
    broker.on('clientReady', (client: Client) => this.#onReady(client));
    broker.on('clientDisconnect', (client: Client) => this.#onGone(client));
    broker.on('subscribe', (subscriptions, client) => {
      if (subscriptions.some(({ topic }) => topic === topicOf('time', client.id))) this.#sendTime(client);
    });
    broker.on('clientError', (client: Client, error: Error) => {
      this.#options.log.debug('MQTT connection closed', { deviceId: client.id, error: error.message });
    });
    broker.on('connectionError', (_client: Client, error: Error) => {
      this.#options.log.debug('MQTT connection refused', { error: error.message });
    });
    this.#broker = broker;
    const server = createServer((socket) => this.#onSocket(broker, socket));
    this.#server = server;
    try {
      const port = await listen(server, this.#options.host, this.#options.port);
      this.#timeTimer = setInterval(() => {
        for (const client of this.#sessions.keys()) this.#sendTime(client);
      }, TIME_INTERVAL_MS);
      return port;
    } catch (error) {
      broker.close();
      throw error instanceof ListenError ? error.named('MQTT') : error;
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timeTimer);
    const server = this.#server;
    const closed = new Promise<void>((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => (this.#broker ? this.#broker.close(() => resolve()) : resolve()));
  }

  #onSocket(broker: Aedes, socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    const client = broker.handle(socket);
    guardPacketLength(
      socket,
      () => client.connected,
      (why) =>
        this.#options.log.warn('MQTT packet refused', {
          deviceId: client.id ?? '',
          remote: socket.remoteAddress ?? '',
          why,
        }),
    );
  }

  #refusal(
    client: Client,
    username: Readonly<string | undefined>,
    secret: string | undefined,
  ): AuthenticateError | null {
    const refuse = (returnCode: number, words: string): AuthenticateError => {
      this.#options.log.info('MQTT connection refused', { clientId: client.id.slice(0, 64), returnCode, why: words });
      return Object.assign(new Error(words), { returnCode });
    };
    if (username === undefined || username !== client.id) {
      return refuse(IDENTIFIER_REJECTED, 'client id and user name must both be the device id');
    }
    const verdict = this.#options.gate.authenticate(username, secret ?? '');
    return verdict === 'accepted' ? null : refuse(returnCodes[verdict], verdict);
  }

  /** From here on it is the device's newest session: aedes closes the older one, will and all, before CONNACK. */
  #onAccepted(client: Client): void {
    const number = ++this.#sessionCount;
    this.#numbers.set(client, number);
    this.#newest.set(client.id, number);
  }

  #onReady(client: Client): void {
    const number = this.#numbers.get(client) ?? ++this.#sessionCount;
    this.#sessions.set(client, { number, deviceId: client.id, answers: new AnswerQueue() });
    this.#options.gate.sessionOpened(client.id, number);
    // A kept session brings its subscriptions along; nobody subscribes anew, and the clock may have drifted since.
    const { subscriptions = {} } = client as Client & { readonly subscriptions?: object };
    if (topicOf('time', client.id) in subscriptions) this.#sendTime(client);
  }

  #onGone(client: Client): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    this.#sessions.delete(client);
    if (this.#newest.get(session.deviceId) === session.number) this.#newest.delete(session.deviceId);
    this.#options.gate.sessionClosed(session.deviceId, session.number);
  }

  #onPublish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    // The broker's own heartbeat has no client; nobody can subscribe to it.
    if (client === null) return done();
    const isWill = packet === (client as { will?: unknown }).will;
    const session = this.#sessions.get(client);
    // A will counts only if its session is still the newest (design.md 5.1).
    if (isWill && (session === undefined || this.#newest.get(session.deviceId) !== session.number)) return done();
    // aedes keeps retained messages in memory for subscribers that cannot exist here.
    packet.retain = false;
    const answers = session?.answers ?? new AnswerQueue();
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const received = { deviceId: client.id, topic: packet.topic, payload };
    // Never an error: aedes would close the connection without PUBACK. While the journal waits for disk space the
    // answer waits too, and aedes reads no further.
    answers.push(
      this.#options.gate.receive(received).then(async ({ holdMs, close }) => {
        if (holdMs > 0) await new Promise((resolve) => setTimeout(resolve, holdMs).unref());
        if (close) client.close();
      }),
      done,
      (error) => {
        this.#options.log.error('report not taken', { deviceId: client.id, error: error.message });
        client.close();
      },
    );
  }

  #ownTopics(client: Client): readonly string[] {
    return [topicOf('command', client.id), topicOf('time', client.id)];
  }

  #sendTime(client: Client): void {
    const topic = topicOf('time', client.id);
    const payload = Buffer.from(encodeTime(this.#options.clock.now()));
    client.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => undefined);
  }
}

/** Answers leave in the order of arrival even when a later report is durable first: two lanes commit apart. */
class AnswerQueue {
  #queue: { settled: boolean; answer: () => void }[] = [];

  push(work: Promise<void>, answer: () => void, onFailure: (error: Error) => void): void {
    const item = { settled: false, answer };
    this.#queue.push(item);
    work.then(
      () => {
        item.settled = true;
        this.#drain();
      },
      // Not durable (the centre is closing): never answered, so the device will send it again.
      (error: unknown) => onFailure(error instanceof Error ? error : new Error(String(error))),
    );
  }

  #drain(): void {
    while (this.#queue[0]?.settled) this.#queue.shift()?.answer();
  }
}

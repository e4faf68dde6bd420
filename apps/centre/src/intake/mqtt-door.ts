import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { encodeTime, parseTopic, topicOf } from '@fengsui/protocol';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import { ListenError, listen } from '../platform/listen.ts';
import { AnswerQueue } from './answer-queue.ts';
import { certifiedNameOf } from './certified-name.ts';
import type { DeviceDoor, Verdict } from './device-door.ts';
import type { DeviceDoors } from './device-doors.ts';
import { hashSecret } from './device-secret.ts';
import { heedAdmission } from './heed-admission.ts';
import { keepNothing, nobodyListens } from './lean-broker.ts';
import type { MqttDoorOptions } from './mqtt-door-options.ts';
import { guardPacketLength } from './packet-guard.ts';
import { publishPacket } from './publish-packet.ts';
import { SourceSessions } from './source-sessions.ts';
import { takeOut } from './take-out.ts';
import { Turnstile } from './turnstile.ts';

/** CONNACK return codes of MQTT 3.1.1 section 3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const BAD_CREDENTIALS = 4;
const NOT_AUTHORIZED = 5;

const returnCodes: Readonly<Record<Exclude<Verdict, 'accepted'> | 'wrongClientId', number>> = {
  wrongClientId: IDENTIFIER_REJECTED,
  unknownDevice: BAD_CREDENTIALS,
  wrongSecret: BAD_CREDENTIALS,
  revoked: NOT_AUTHORIZED,
};

const NAMES_DIFFER = 'client id and user name must both be the device id';
const NOT_OF_SOURCE = 'client id must be the source id, or the source id, a colon and more';

const TIME_INTERVAL_MS = 3_600_000;
const TIMES_TOGETHER = 64;
/** 160 a second: fewer than the turnstile lets in. */
const ASKED_TOGETHER = 16;
const ASK_EVERY_MS = 100;
const CONNECT_TIMEOUT_MS = 10_000;

type Session = { readonly number: number; readonly deviceId: string; readonly answers: AnswerQueue };

/** MQTT 3.1.1 by aedes. PUBACK leaves when the report is durable, in the order of arrival per connection. */
export class MqttDoor implements DeviceDoor, DeviceDoors {
  readonly name = 'MQTT';
  readonly #options: MqttDoorOptions;
  readonly #sessions = new Map<Client, Session>();
  /** Session numbers of connections that are let in; a session before CONNACK is in no other map. */
  readonly #numbers = new WeakMap<Client, number>();
  readonly #newest = new Map<string, number>();
  /** With which secret each session was opened, as a hash. */
  readonly #secrets = new WeakMap<Client, string>();
  /** The open session of each device. */
  readonly #clients = new Map<string, Client>();
  /** Sessions that took over from an open one of the same device. */
  readonly #tookOver = new WeakSet<Client>();
  /** Sessions whose device has come to another gateway. */
  readonly #superseded = new WeakSet<Client>();
  readonly #sources: SourceSessions | undefined;
  readonly #sockets = new Set<Socket>();
  /** Sessions that had something refused: what they keep comes again over the next connection. */
  readonly #refused = new Set<Client>();
  readonly #turnstile = new Turnstile();
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #tlsServer: Server | undefined;
  #tlsPort: number | undefined;
  #timeTimer: NodeJS.Timeout | undefined;
  #lastSession: number;

  constructor(options: MqttDoorOptions) {
    this.#options = options;
    this.#lastSession = options.firstSession ?? 0;
    this.#sources = options.sources && new SourceSessions(options.sources, options.log);
  }

  async start(): Promise<number> {
    const broker = await Aedes.createBroker({
      mq: nobodyListens,
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
        const own = client !== null && this.#mayHear(client, subscription.topic);
        // null in place of the subscription is SUBACK 0x80.
        done(null, own ? subscription : null);
      },
      // Nothing a device publishes is forwarded to another device.
      authorizeForward: (_client, packet) =>
        packet.topic.endsWith('/command') || packet.topic.endsWith('/time') ? packet : null,
    });
    keepNothing(broker);
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
    const server = this.#createServer((socket) => this.#onSocket(broker, socket));
    this.#server = server;
    try {
      const port = await listen(server, this.#options.host, this.#options.port);
      await this.#startTls(broker);
      this.#timeTimer = setInterval(() => {
        this.tellTime();
      }, TIME_INTERVAL_MS);
      return port;
    } catch (error) {
      broker.close();
      throw error instanceof ListenError ? error.named('MQTT') : error;
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timeTimer);
    this.#turnstile.close();
    const closed = [this.#server, this.#tlsServer].map(
      (server) => new Promise<void>((resolve) => (server?.listening ? server.close(() => resolve()) : resolve())),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    await new Promise<void>((resolve) => (this.#broker ? this.#broker.close(() => resolve()) : resolve()));
  }

  /** Where the TLS door listens; undefined when there is none. */
  get tlsPort(): number | undefined {
    return this.#tlsPort;
  }

  async #startTls(broker: Aedes): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined) return;
    const { host, port, key, cert, clientCa } = tls;
    const secured = createTlsServer({
      key,
      cert,
      minVersion: 'TLSv1.2' as const,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      // A device without a certificate has a secret: who he is, is decided at CONNECT.
      ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
    });
    secured.on('secureConnection', (socket) => this.#onSocket(broker, socket));
    secured.on('tlsClientError', (error, socket) => {
      this.#options.log.debug('MQTT TLS refused', { remote: socket.remoteAddress ?? '', error: error.message });
      socket.destroy();
    });
    // The handshake is the dearest of all: it waits for its turn too.
    const server = this.#createServer((socket) => void secured.emit('connection', socket));
    this.#tlsServer = server;
    this.#tlsPort = await listen(server, host, port);
  }

  /** Nothing is read from a connection before its turn has come. */
  #createServer(enter: (socket: Socket) => void): Server {
    return createServer({ pauseOnConnect: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A reset while it waits.
      socket.on('error', () => undefined);
      const isTaken = this.#turnstile.push(() => {
        if (!socket.destroyed) enter(socket);
      });
      if (!isTaken) socket.destroy();
    });
  }

  #onSocket(broker: Aedes, socket: Socket): void {
    socket.setNoDelay(true);
    const client = broker.handle(socket);
    socket.on('close', () => this.#sources?.closed(client));
    guardPacketLength(
      socket,
      // `client.connected` turns true only after CONNACK has left: a report may be here before.
      () => this.#numbers.has(client),
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
    if (username === undefined) return refuse(IDENTIFIER_REJECTED, NAMES_DIFFER);
    const { gate } = this.#options;
    const sources = this.#sources;
    if (sources?.isSource(username) === true && gate.authenticate(username, secret ?? '') === 'unknownDevice') {
      const verdict = sources.open(client, username, secret ?? '');
      if (verdict === 'accepted') return null;
      return refuse(returnCodes[verdict], verdict === 'wrongClientId' ? NOT_OF_SOURCE : verdict);
    }
    if (username !== client.id) return refuse(IDENTIFIER_REJECTED, NAMES_DIFFER);
    const isCertified = secret === undefined && certifiedNameOf(client) === username;
    const verdict = isCertified ? gate.authenticateCertificate(username) : gate.authenticate(username, secret ?? '');
    if (verdict !== 'accepted') return refuse(returnCodes[verdict], verdict);
    if (!isCertified) this.#secrets.set(client, hashSecret(secret ?? ''));
    return null;
  }

  /** Open sessions of devices. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Connections that have not had their turn yet. */
  get waitingCount(): number {
    return this.#turnstile.waitingCount;
  }

  /** Open sessions of a foreign source. */
  sessionsOf(sourceId: string): number {
    return this.#sources?.countOf(sourceId) ?? 0;
  }

  /** Open sessions of each foreign source that has some. */
  sourceSessions(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sources?.openCounts() ?? []);
  }

  /** From here on it is the device's newest session: aedes closes the older one, will and all, before CONNACK. */
  #onAccepted(client: Client): void {
    const number = ++this.#lastSession;
    this.#numbers.set(client, number);
    if (this.#sources?.has(client) === true) return;
    this.#newest.set(client.id, number);
    if (this.#clients.get(client.id)?.closed === false) this.#tookOver.add(client);
  }

  #onReady(client: Client): void {
    if (this.#sources?.has(client) === true) return;
    const number = this.#numbers.get(client) ?? ++this.#lastSession;
    this.#sessions.set(client, { number, deviceId: client.id, answers: new AnswerQueue() });
    this.#clients.set(client.id, client);
    const address = (client.conn as Socket).remoteAddress;
    this.#options.gate.sessionOpened(client.id, number, {
      ...(address !== undefined && { address }),
      tookOver: this.#tookOver.has(client),
    });
    // A kept session brings its subscriptions along; nobody subscribes anew, and the clock may have drifted since.
    if (hearsTime(client)) this.#sendTime(client);
  }

  #onGone(client: Client): void {
    this.#refused.delete(client);
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    this.#sessions.delete(client);
    if (this.#clients.get(session.deviceId) === client) this.#clients.delete(session.deviceId);
    if (this.#newest.get(session.deviceId) === session.number) this.#newest.delete(session.deviceId);
    this.#options.gate.sessionClosed(session.deviceId, session.number, this.#superseded.has(client));
  }

  #onPublish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    // The broker's own heartbeat has no client; nobody can subscribe to it.
    if (client === null) return done();
    if (this.#sources?.take(client, packet, done) === true) return;
    const isWill = packet === (client as { will?: unknown }).will;
    const session = this.#sessions.get(client);
    // A will counts only if its session is still the newest (design.md 5.1).
    if (isWill && (session === undefined || this.#newest.get(session.deviceId) !== session.number)) return done();
    const answers = session?.answers ?? new AnswerQueue();
    const received = { deviceId: client.id, ...takeOut(packet) };
    const admission = this.#options.gate.receive(received);
    answers.push(heedAdmission(admission, client, packet, this.#onRefused), done, (error) => {
      this.#options.log.error('report not taken', { deviceId: client.id, error: error.message });
      client.close();
    });
  }

  readonly #onRefused = (client: Client): void => {
    this.#refused.add(client);
  };

  recheckSource(sourceId: string): void {
    this.#sources?.recheck(sourceId);
  }

  isReachable(deviceId: string): boolean {
    return this.#listenerOf(deviceId) !== undefined;
  }

  send(deviceId: string, payload: Uint8Array): boolean {
    const client = this.#listenerOf(deviceId);
    if (client === undefined) return false;
    const topic = topicOf('command', deviceId);
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false } as const;
    client.publish(packet, () => undefined);
    return true;
  }

  /** The device was changed: a session whose credential holds no longer is closed. */
  recheck(deviceId: string): void {
    const client = this.#clients.get(deviceId);
    if (client === undefined || this.#options.gate.isStillValid(deviceId, this.#secrets.get(client))) return;
    this.#options.log.info('MQTT connection ended', { deviceId, why: 'its credential holds no longer' });
    client.close();
  }

  /** Anything may have been changed. */
  recheckAll(): void {
    for (const deviceId of this.#clients.keys()) this.recheck(deviceId);
    for (const sourceId of this.#sources?.openCounts().keys() ?? []) this.recheckSource(sourceId);
  }

  /** The device has opened a session at another door: ours ends as if it had come to this one, without its will. */
  superseded(deviceId: string): void {
    const client = this.#clients.get(deviceId);
    if (client === undefined) return;
    this.#newest.delete(deviceId);
    this.#superseded.add(client);
    this.#options.log.info('MQTT connection ended', { deviceId, why: 'the device has come to another gateway' });
    client.close();
  }

  /** The open session that hears the commands of a device: its own before its gateway's. */
  #listenerOf(deviceId: string): Client | undefined {
    const topic = topicOf('command', deviceId);
    for (const id of [deviceId, this.#options.gate.gatewayOf(deviceId)]) {
      const client = id === undefined ? undefined : this.#clients.get(id);
      if (client?.closed === false && topic in (client as Client & { readonly subscriptions: object }).subscriptions) {
        return client;
      }
    }
    return undefined;
  }

  #mayHear(client: Client, topic: string): boolean {
    if (this.#sources?.has(client) === true) return false;
    if (topic === topicOf('time', client.id)) return true;
    const parsed = parseTopic(topic);
    return parsed.kind === 'command' && this.#options.gate.mayHearCommandsOf(client.id, parsed.deviceId);
  }

  /** There is room again: devices with something refused are let go, in slices, and come back with what they kept. */
  askAgain(): void {
    const [...clients] = this.#refused;
    this.#refused.clear();
    const next = (from: number): void => {
      for (const client of clients.slice(from, from + ASKED_TOGETHER)) client.close();
      if (from + ASKED_TOGETHER < clients.length) setTimeout(() => next(from + ASKED_TOGETHER), ASK_EVERY_MS).unref();
    };
    next(0);
  }

  /** To every device that is connected; also when ours was set. */
  tellTime(): void {
    this.#tellTimeTo([...this.#sessions.keys()], 0);
  }

  /** In slices: an alarm does not wait behind 18,000 of them. */
  #tellTimeTo(clients: readonly Client[], from: number): void {
    const end = Math.min(from + TIMES_TOGETHER, clients.length);
    for (const client of clients.slice(from, end)) if (hearsTime(client)) this.#sendTime(client);
    if (end < clients.length) setImmediate(() => this.#tellTimeTo(clients, end));
  }

  #sendTime(client: Client): void {
    const { conn } = client;
    // Who has not read what it was sent before gets a newer time later.
    if (conn.destroyed || conn.writableNeedDrain) return;
    // Written by hand: with the SUBACK before it, it is one piece for the kernel; through aedes it would be two.
    conn.write(publishPacket(topicOf('time', client.id), encodeTime(this.#options.clock.now())));
  }
}

/** A device that did not ask gets no packet that it may not know what to do with. */
function hearsTime(client: Client): boolean {
  const { subscriptions = {} } = client as Client & { readonly subscriptions?: object };
  return topicOf('time', client.id) in subscriptions;
}

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { MqttClient, type IClientOptions } from 'mqtt';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { BrokerAccess, ForeignSource } from '../../registry/foreign-sources.ts';
import { PacketLengthFollower } from '../packet-guard.ts';
import type { ForeignReception } from './foreign-reception.ts';
import { publishIdOf, retainedIdOf } from './statement-identity.ts';

export type LinkChange = { readonly state: 'connected' | 'away'; readonly error?: string };

export type BrokerLinkOptions = {
  readonly source: ForeignSource & { readonly broker: BrokerAccess };
  readonly reception: ForeignReception;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when the connection comes and goes, and when the reason of its absence changes. */
  readonly onChange: (change: LinkChange) => void;
};

const CONNECT_TIMEOUT_MS = 15_000;
const KEEPALIVE_S = 30;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A connection that stood this long was a good one: the next wait begins small again. */
const STEADY_MS = 30_000;
const LARGEST_PACKET_BYTES = 4 * 1024 * 1024;
const STOP_TIMEOUT_MS = 2_000;
const DEFAULT_PORTS = { 'mqtt:': 1883, 'mqtts:': 8883 } as const;

type Received = {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly messageId?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
};

/**
 * Our connection to an outside broker. Its session is kept there under a fixed client id, so that what comes while we
 * are away waits for us; a message is acknowledged when it is durable, one after the other: what we cannot take in time
 * stays at the broker and in the socket, not in our memory.
 */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #client: MqttClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #connectedAt: number | undefined;
  /** The message at hand; after a lost connection the next one waits for it too. */
  #taking: Promise<unknown> = Promise.resolve();
  #said: string | undefined;
  #isStopped = false;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#say({ state: 'away' });
    this.#open();
  }

  /** Ends the connection; the broker keeps the session. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    client.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, STOP_TIMEOUT_MS);
      client.end(true, {}, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #open(): void {
    const { source, log } = this.#options;
    const { clientId, username, password } = source.broker;
    let error: string | undefined;
    const options: IClientOptions = {
      clientId,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      clean: false,
      protocolVersion: 4,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // We wait ourselves, longer each time; and a fresh client holds nothing of the one before.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
    };
    const client = new MqttClient(() => this.#connectSocket((why) => (error = why)), options);
    this.#client = client;
    client.handleMessage = (packet, done) => {
      this.#taking = this.#taking
        .then(() => this.#take(packet as unknown as Received))
        .then(
          () => done(),
          // Not durable: no acknowledgement, the broker sends it again in the next connection.
          (failure: unknown) => {
            log.error('message of a broker not taken', { sourceId: source.id, error: wordsOf(failure) });
            client.end(true);
          },
        );
    };
    client.on('connect', () => this.#onConnect(client));
    client.on('error', (failure) => {
      error = wordsOf(failure);
    });
    client.once('close', () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      client.on('error', () => undefined);
      client.end(true);
      this.#onClosed(error);
    });
  }

  #onConnect(client: MqttClient): void {
    const { source, clock } = this.#options;
    this.#connectedAt = clock.now();
    // With every connection: the filters may have changed, and a broker may have forgotten us. What it kept for us comes
    // all the same; retained messages that come anew are known again.
    client.subscribe([...(source.topics ?? [])], { qos: 1 }, (failure, granted = []) => {
      if (this.#client !== client) return;
      const refused = granted.filter(({ qos }) => Number(qos) > 2).map(({ topic }) => topic);
      if (failure !== null && granted.length === 0)
        this.#say({ state: 'connected', error: `subscription: ${wordsOf(failure)}` });
      else if (refused.length > 0)
        this.#say({ state: 'connected', error: `the broker refuses topic ${refused.join(', ').slice(0, 200)}` });
      else this.#say({ state: 'connected' });
    });
  }

  #onClosed(error = 'the broker closed the connection'): void {
    if (this.#isStopped) return;
    const { clock, log, source } = this.#options;
    const stoodMs = this.#connectedAt === undefined ? 0 : clock.now() - this.#connectedAt;
    this.#connectedAt = undefined;
    if (stoodMs >= STEADY_MS) this.#waitMs = FIRST_WAIT_MS;
    // Up to a fifth longer: centres that lost one broker together do not come back together.
    const waitMs = Math.round(this.#waitMs * (1 + Math.random() / 5));
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    log.debug('broker is away', { sourceId: source.id, error, waitMs });
    this.#say({ state: 'away', error });
    // While the journal does not take the message at hand, a new connection would only bring it again.
    void this.#taking.then(() => {
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => this.#open(), waitMs);
    });
  }

  async #take({ topic, payload, messageId, dup = false, retain = false }: Received): Promise<void> {
    const { source, reception, clock } = this.#options;
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const publish = { messageId, topic, payload: body };
    await reception.take({
      sourceId: source.id,
      body,
      topic,
      receivedAt: clock.now(),
      deliveryId: retain
        ? retainedIdOf(source.id, topic, body)
        : publishIdOf(source.id, source.broker.clientId, publish),
      repetition: dup || retain ? 'told' : 'none',
    });
  }

  #connectSocket(onRefused: (why: string) => void): Socket {
    const { broker } = this.#options.source;
    const url = new URL(broker.url);
    const isTls = url.protocol === 'mqtts:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || DEFAULT_PORTS[isTls ? 'mqtts:' : 'mqtt:'];
    const socket = isTls
      ? connectTls({
          host,
          port,
          minVersion: 'TLSv1.2',
          // A name for the certificate; an address has none.
          ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
          ...(broker.ca !== undefined && { ca: broker.ca }),
        })
      : connectTcp({ host, port });
    socket.setNoDelay(true);
    socket.on('error', (failure) => onRefused(wordsOf(failure)));
    guardLength(socket, onRefused);
    return socket;
  }

  #say(change: LinkChange): void {
    const words = JSON.stringify(change);
    if (words === this.#said || this.#isStopped) return;
    this.#said = words;
    this.#options.onChange(change);
  }
}

/** A broker that claims a packet of any length would have us collect it. mqtt reads by pipe, so the guard sits at `push`. */
function guardLength(socket: Socket, onRefused: (why: string) => void): void {
  const follower = new PacketLengthFollower();
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array) {
      const why = follower.violation(chunk, LARGEST_PACKET_BYTES);
      if (why !== undefined) {
        onRefused(why);
        socket.destroy();
        return false;
      }
    }
    return push(chunk, encoding);
  };
}

/** Without addresses of passwords: an error of a library may hold what it was called with, its message does not. */
function wordsOf(failure: unknown): string {
  const { message, code } = failure as { readonly message?: string; readonly code?: string | number };
  const words = message === undefined || message === '' ? String(code ?? 'failed') : message;
  return words.slice(0, 200);
}

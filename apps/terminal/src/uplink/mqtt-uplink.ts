import { decodeTime, encodePresence, topicOf } from '@fengsui/protocol';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Report } from '../report/report.ts';
import { checkCentreUrl } from './centre-url.ts';
import { backOffMs, REFUSED_BACK_OFF_MS } from './back-off.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import type { Uplink, UplinkStatus } from './uplink.ts';

/** What became of the connection, for people. */
export type UplinkNote =
  | { readonly kind: 'connected' }
  /** The centre does not accept the device; `returnCode` of CONNACK. */
  | { readonly kind: 'refused'; readonly returnCode: number; readonly reason: string; readonly retryMs: number }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryMs: number };

export type MqttUplinkOptions = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly deviceId: string;
  /** Absent with a client certificate. */
  readonly secret?: string;
  /** For mqtts: whom to trust beside the public authorities, and the device's own certificate; PEM. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly firmware?: string;
  readonly model?: string;
  /** Id of the calibration in use, or `none`; asked for every presence. */
  readonly calibration?: () => string;
  /** Default: one in memory, which ends with the process. Closed by `stop`. */
  readonly outbox?: Outbox;
  readonly onNote?: (note: UplinkNote) => void;
  /** The centre's clock, epoch ms: on connect and hourly. */
  readonly onTime?: (centreAt: number) => void;
  /**
   * Answers a message on the command topic with the payload of the reply, or with nothing. A reply is sent at once or
   * not at all: when the connection is gone the command has expired before the next one stands.
   */
  readonly onCommand?: (payload: Uint8Array) => Promise<Uint8Array | undefined>;
  /** 0 … 1, for the back-off; default Math.random. */
  readonly random?: () => number;
  /** Waiting times after a lost connection and after a refusal, in place of the real ones. */
  readonly backOffMs?: (attempt: number, random: number) => number;
  readonly refusedBackOffMs?: number;
  /** A packet unanswered for this long means the connection is dead; default 60 s. */
  readonly acknowledgeTimeoutMs?: number;
};

/** Unacknowledged packets and bytes at a time: enough for a long line, little enough for an event to overtake. */
const WINDOW_PACKETS = 32;
const WINDOW_BYTES = 512 * 1024;
/** An event goes out beyond that: a centre short of disk acknowledges no telemetry, and takes alarms all the same. */
const WINDOW_PACKETS_URGENT = 64;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 30;
/** A connection must live for this long before the next back-off starts from the beginning. */
const STEADY_MS = 10_000;

/** CONNACK return codes of MQTT 3.1.1 section 3.2.2.3, in words for the person who set the device up. */
const refusals: Readonly<Record<number, string>> = {
  1: 'the centre does not speak MQTT 3.1.1',
  2: 'client id refused: it must be the device id',
  4: 'unknown device or wrong secret',
  5: 'the credential is revoked',
};

/**
 * Uplink over MQTT 3.1.1 as design.md 5.1 has it: client id = user = device id, QoS 1, presence retained and as last
 * will. One client per connection: what is sent again after a loss, and in which order, is decided by the outbox alone.
 *
 * @throws RangeError for a url that is none, and for bad limits or ids.
 */
export function createMqttUplink(options: MqttUplinkOptions): Uplink {
  return new MqttUplink(options);
}

class MqttUplink implements Uplink {
  readonly #options: MqttUplinkOptions;
  readonly #outbox: Outbox;
  readonly #presenceTopic: string;
  readonly #downTopics: readonly string[];
  #client: MqttClient | undefined;
  #isConnected = false;
  #connectedAt = 0;
  #attempt = 0;
  #windowPackets = 0;
  #windowBytes = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #watchTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Calls of `stop` that wait for the outbox to be empty. */
  readonly #stopping = new Set<() => void>();

  constructor(options: MqttUplinkOptions) {
    checkCentreUrl(options.url);
    this.#options = options;
    this.#outbox = options.outbox ?? new MemoryOutbox();
    this.#presenceTopic = topicOf('presence', options.deviceId);
    this.#downTopics = [topicOf('command', options.deviceId), topicOf('time', options.deviceId)];
  }

  start(): void {
    if (this.#client === undefined && !this.#isStopped) this.#connect();
  }

  send(report: Report): void {
    this.#outbox.put(report);
    this.#pump();
  }

  announce(): void {
    const client = this.#client;
    if (client === undefined || !this.#isConnected) return;
    client.publish(this.#presenceTopic, this.#presence(true), { qos: 1, retain: true }, () => undefined);
  }

  hasRoom(): boolean {
    return this.#outbox.fill() < 0.5;
  }

  status(): UplinkStatus {
    return { ...this.#outbox.counts(), isConnected: this.#isConnected };
  }

  async stop(timeoutMs: number): Promise<number> {
    await this.#emptied(timeoutMs);
    this.#isStopped = true;
    // A second, more impatient call ends the waiting of the first.
    this.#endWaiting();
    clearTimeout(this.#retryTimer);
    const client = this.#client;
    if (client !== undefined && this.#isConnected) {
      await withTimeout(
        client.publishAsync(this.#presenceTopic, this.#presence(false), { qos: 1, retain: true }),
        1000,
      );
      await withTimeout(client.endAsync(), 1000);
    }
    this.#drop();
    const { waiting, inFlight } = this.#outbox.counts();
    await this.#outbox.close();
    return waiting + inFlight;
  }

  #connect(): void {
    const { url, deviceId, secret, tls } = this.#options;
    const settings: IClientOptions = {
      protocolVersion: 4,
      clientId: deviceId,
      username: deviceId,
      ...(secret === undefined ? {} : { password: secret }),
      ...tls,
      clean: true,
      keepalive: KEEPALIVE_S,
      // Pings at a fixed beat: packets that nobody answers must not keep a dead connection alive.
      reschedulePings: false,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      resubscribe: false,
      will: { topic: this.#presenceTopic, payload: this.#presence(false), qos: 1, retain: true },
    };
    const client = mqtt.connect(url, settings);
    this.#client = client;
    client.on('connect', () => this.#onConnect(client));
    client.on('message', (topic, payload) => this.#onMessage(client, topic, payload));
    client.on('error', (error) => this.#onLost(client, error));
    client.on('close', () => this.#onLost(client, undefined));
  }

  #onConnect(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#isConnected = true;
    this.#connectedAt = performance.now();
    this.#outbox.connected();
    client.publish(this.#presenceTopic, this.#presence(true), { qos: 1, retain: true }, () => undefined);
    client.subscribe([...this.#downTopics], { qos: 1 }, () => undefined);
    this.#options.onNote?.({ kind: 'connected' });
    this.#pump();
  }

  #onMessage(client: MqttClient, topic: string, payload: Uint8Array): void {
    const { deviceId } = this.#options;
    if (topic === topicOf('command', deviceId)) void this.#answer(client, payload);
    if (topic !== topicOf('time', deviceId)) return;
    const message = decodeTime(payload);
    if (message.kind === 'time') this.#options.onTime?.(message.at);
  }

  async #answer(client: MqttClient, payload: Uint8Array): Promise<void> {
    const reply = await this.#options.onCommand?.(payload).catch(() => undefined);
    if (reply === undefined || client !== this.#client || !this.#isConnected) return;
    client.publish(topicOf('reply', this.#options.deviceId), Buffer.from(reply), { qos: 1 }, () => undefined);
  }

  #pump(): void {
    const client = this.#client;
    if (client === undefined || !this.#isConnected) return;
    while (this.#windowPackets < WINDOW_PACKETS_URGENT) {
      const isFull = this.#windowPackets >= WINDOW_PACKETS || this.#windowBytes >= WINDOW_BYTES;
      const entry = this.#outbox.take(isFull);
      if (entry === undefined) return;
      this.#windowPackets += 1;
      this.#windowBytes += entry.payload.length;
      this.#watch(client);
      const payload = Buffer.from(entry.payload.buffer, entry.payload.byteOffset, entry.payload.byteLength);
      client.publish(entry.topic, payload, { qos: 1 }, (error) => {
        if (error == null) this.#onAcknowledged(client, entry);
        else this.#onLost(client, error);
      });
    }
  }

  #onAcknowledged(client: MqttClient, entry: OutboxEntry): void {
    // An answer of a connection given up: the packet waits again and will be answered as a duplicate.
    if (client !== this.#client) return;
    this.#outbox.acknowledge(entry);
    this.#windowPackets -= 1;
    this.#windowBytes -= entry.payload.length;
    clearTimeout(this.#watchTimer);
    this.#watchTimer = undefined;
    if (this.#windowPackets > 0) this.#watch(client);
    if (this.#outbox.isEmpty()) this.#endWaiting();
    this.#pump();
  }

  /** The answer to the oldest packet must come within a time limit. */
  #watch(client: MqttClient): void {
    const timeoutMs = this.#options.acknowledgeTimeoutMs ?? 60_000;
    this.#watchTimer ??= setTimeout(() => {
      this.#onLost(client, new Error(`no acknowledgement within ${timeoutMs / 1000} s`));
    }, timeoutMs);
  }

  #onLost(client: MqttClient, error: Error | undefined): void {
    if (client !== this.#client) return;
    const livedMs = this.#isConnected ? performance.now() - this.#connectedAt : 0;
    this.#drop();
    if (this.#isStopped) return;
    if (livedMs > STEADY_MS) this.#attempt = 0;
    const random = (this.#options.random ?? Math.random)();
    const waitMs = (this.#options.backOffMs ?? backOffMs)(this.#attempt++, random);
    const returnCode = returnCodeOf(error);
    const refusal = returnCode === undefined ? undefined : refusals[returnCode];
    let retryMs = waitMs;
    if (returnCode !== undefined && refusal !== undefined) {
      retryMs = this.#options.refusedBackOffMs ?? REFUSED_BACK_OFF_MS;
      this.#options.onNote?.({ kind: 'refused', returnCode, reason: refusal, retryMs });
    } else {
      this.#options.onNote?.({ kind: 'lost', reason: reasonOf(error), retryMs });
    }
    this.#retryTimer = setTimeout(() => this.#connect(), retryMs);
  }

  /** Gives the connection up; what was in flight waits again. */
  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#isConnected = false;
    clearTimeout(this.#watchTimer);
    this.#watchTimer = undefined;
    this.#windowPackets = 0;
    this.#windowBytes = 0;
    this.#outbox.returnInFlight();
    if (client === undefined) return;
    // An error that comes after the end has nobody left to hear it.
    client.on('error', () => undefined);
    client.end(true);
  }

  #emptied(timeoutMs: number): Promise<void> {
    if (this.#outbox.isEmpty() || timeoutMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#stopping.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#stopping.add(done);
    });
  }

  #endWaiting(): void {
    for (const done of this.#stopping) done();
  }

  #presence(online: boolean): Buffer {
    const { firmware, model, calibration } = this.#options;
    const named = { ...(firmware === undefined ? {} : { firmware }), ...(model === undefined ? {} : { model }) };
    const said = calibration === undefined ? {} : { calibration: calibration() };
    return Buffer.from(encodePresence({ online, ...named, ...said }));
  }
}

/** CONNACK return code of a refused connection. */
function returnCodeOf(error: Error | undefined): number | undefined {
  const code: unknown = error !== undefined && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'the centre closed the connection';
  // A failed attempt on several addresses says nothing in its message.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each))).join('; ');
  }
  return error.message === '' ? error.name : error.message;
}

async function withTimeout(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}

import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { CanaryGate } from '../canary/canary-device.ts';
import { CanaryMqttLink } from '../canary/canary-device-link.ts';
import { ForeignReception } from '../intake/foreign/foreign-reception.ts';
import { SourceDoor } from '../intake/foreign/source-door.ts';
import { MqttDoor } from '../intake/mqtt-door.ts';
import type { MqttTls } from '../intake/mqtt-door-options.ts';
import { Reception } from '../intake/reception.ts';
import { lanes } from '../journal/entry.ts';
import { openGatewayJournal, type GatewayJournal } from '../journal/jetstream/gateway-journal.ts';
import type { Log } from '../platform/log.ts';
import { createProcessSecret } from '../platform/process-secret.ts';
import { SteadyClock } from '../platform/steady-clock.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { Registry } from '../registry/registry.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Store } from '../store/store.ts';
import { openClusterBus, type ClusterBus } from './cluster-bus.ts';
import { firstSessionOf, MOST_GATEWAYS } from './cluster-words.ts';
import { GatewayPost } from './gateway-post.ts';
import { openGatewayWeb } from './gateway-web.ts';
import { KnownNumbers } from './known-numbers.ts';
import { RegistryFollower } from './registry-follower.ts';

export type GatewayOptions = {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly natsStream: string;
  readonly mqtt: { readonly host: string; readonly port: number; readonly tls?: MqttTls };
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly key: string; readonly cert: string };
  };
  readonly log: Log;
};

const CLOCK_BEAT_MS = 1_000;
/** Of the ten seconds that a stop may take. */
const DRAIN_MS = 5_000;
const QUERY_TIMEOUT_MS = 60_000;

/**
 * The doors for devices as a process of their own: it takes reports and makes them durable, whether a centre applies them
 * at the moment or not. It reads the store and writes nothing there.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #clock: SteadyClock;
  readonly #stops: (() => Promise<void>)[] = [];
  #journalTrouble: string | undefined;
  #busTrouble: string | undefined;
  #clockTimer: NodeJS.Timeout | undefined;
  #starting: Promise<unknown> | undefined;
  #isStopping = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#clock = new SteadyClock();
    this.#clock.start(undefined);
  }

  /** Resolves when devices may connect; waits as long for a centre that leads as it takes to make the streams. */
  async start(): Promise<{ readonly webPort: number; readonly mqttPort: number; readonly mqttTlsPort?: number }> {
    const starting = this.#start();
    this.#starting = starting;
    try {
      return await starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): ReturnType<Gateway['start']> {
    const { databaseUrl, natsUrl, natsStream, log, mqtt, web } = this.#options;
    const number = randomInt(1, MOST_GATEWAYS);
    const holder = `${hostname()} process ${process.pid}`;
    const store = await createPostgresStore({
      url: databaseUrl,
      applicationName: `fengsui gateway ${number}`,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
      queryConnections: 2,
    });
    this.#stops.push(() => store.close());
    const journal = await this.#openJournal(natsUrl, natsStream);
    const bus = await openClusterBus(natsUrl, {
      name: `fengsui gateway ${number}`,
      onState: (trouble) => (this.#busTrouble = trouble),
    });
    this.#stops.push(() => bus.close());
    const clock = this.#clock;
    this.#clockTimer = setInterval(() => {
      if (clock.beat()?.state === 'followed') door.tellTime();
    }, CLOCK_BEAT_MS);

    const registry = new Registry();
    const numbers = new KnownNumbers({ store, endOf: (lane) => journal.endOf(lane), log });
    const reception = new Reception({
      journal,
      registry,
      clock,
      highestApplied: (deviceId, epoch) => numbers.highest(deviceId, epoch),
      learnNumbers: (senderId, deviceId) => numbers.learn(senderId, deviceId),
      onSession: (deviceId, state) => (state === 'opened' ? post.opened(deviceId) : numbers.forget(deviceId)),
      onSecretRotated: (deviceId) => post.secretUsed(deviceId),
    });
    const foreign = new ForeignReception({ journal, registry });
    const sources = new SourceDoor({ reception: foreign, registry, clock });
    const canarySecret = createProcessSecret();
    const gate = new CanaryGate(reception, canarySecret, { journal, clock });
    const door = new MqttDoor({ ...mqtt, gate, sources, clock, log, firstSession: firstSessionOf(number) });
    const follower = this.#follow({ bus, registry, store, journal, door });
    this.#stops.push(() => follower.stop());
    await follower.start();
    if (this.#isStopping) throw new Error('stopped before the doors were open');

    let mqttPort = 0;
    const canary = new CanaryMqttLink({ secret: canarySecret, host: mqtt.host, port: () => mqttPort, log });
    const figures = () => ({
      holder,
      // The canary's own is no device's.
      sessions: door.sessionCount - (canary.isConnected ? 1 : 0),
      waiting: door.waitingCount,
      received: reception.receivedCount,
      sources: door.sourceSessions(),
    });
    const post = new GatewayPost({
      bus,
      prefix: natsStream,
      gateway: number,
      figures,
      send: (deviceId, payload) => door.send(deviceId, payload),
      sendCanary: async (payload) => {
        if (!canary.isConnected) return false;
        await canary.send(payload);
        return true;
      },
      superseded: (deviceId) => door.superseded(deviceId),
    });
    mqttPort = await door.start();
    this.#stops.push(() => post.leave());
    this.#stops.push(async () => {
      canary.stop();
      await door.stop();
      // The ends of the sessions are told to nobody who waits for them.
      await atMost(DRAIN_MS, journal.drained());
    });
    canary.start(() => undefined);
    post.start();
    const opened = await openGatewayWeb({
      ...web,
      log,
      ingest: { registry, clock, reception: foreign },
      troubles: () => [this.#busTrouble, this.#journalTrouble].filter((trouble) => trouble !== undefined),
      metrics: () => metricsText({ ...figures(), backlog: journal.backlog, isBehind: follower.trouble !== undefined }),
    });
    this.#stops.push(() => opened.close());
    const { tlsPort: mqttTlsPort } = door;
    return { webPort: opened.port, mqttPort, ...(mqttTlsPort !== undefined && { mqttTlsPort }) };
  }

  /** Closes the doors, writes what is on its way, says that it is gone. Ends a start, too, that still waits. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#stopOpened();
    await this.#starting?.catch(() => undefined);
    // What was opened meanwhile.
    await this.#stopOpened();
    clearInterval(this.#clockTimer);
  }

  async #stopOpened(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  async #openJournal(url: string, prefix: string): Promise<GatewayJournal> {
    const { log } = this.#options;
    const journal = await openGatewayJournal({
      url,
      prefix,
      isStopping: () => this.#isStopping,
      onHeld: (reason) => {
        this.#journalTrouble = reason;
        if (reason === undefined) log.info('journal can be written again');
        else log.error('journal cannot be written: reports are held back, not lost', { reason });
      },
    });
    this.#stops.push(() => journal.close());
    return journal;
  }

  #follow(parts: {
    readonly bus: ClusterBus;
    readonly registry: Registry;
    readonly store: Store;
    readonly journal: GatewayJournal;
    readonly door: MqttDoor;
  }): RegistryFollower {
    const { journal, door } = parts;
    return new RegistryFollower({
      ...parts,
      prefix: this.#options.natsStream,
      log: this.#options.log,
      // A credential that was taken away holds no longer, also on the connection it opened.
      onChanged: (changes) => (changes === undefined ? door.recheckAll() : recheck(door, changes)),
      onBeat: ({ applied }) => {
        for (const lane of lanes) journal.release(lane, applied[lane]);
      },
    });
  }
}

function recheck(door: MqttDoor, changes: readonly RegistryChange[]): void {
  for (const change of changes) {
    if (change.kind === 'devicePut') door.recheck(change.device.id);
    if (change.kind === 'sourcePut') door.recheckSource(change.source.id);
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

function metricsText(figures: {
  readonly sessions: number;
  readonly waiting: number;
  readonly received: number;
  readonly backlog: number;
  readonly isBehind: boolean;
}): string {
  const metrics = [
    ['fengsui_mqtt_sessions', 'gauge', 'Open MQTT sessions of devices.', figures.sessions],
    ['fengsui_mqtt_waiting', 'gauge', 'Connections that wait for their turn.', figures.waiting],
    ['fengsui_reports_total', 'counter', 'Reports taken since the start.', figures.received],
    ['fengsui_gateway_backlog', 'gauge', 'Entries taken here that no centre has applied yet.', figures.backlog],
    ['fengsui_gateway_registry_behind', 'gauge', '1: what is known of devices may be old.', figures.isBehind ? 1 : 0],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()],
  ] as const;
  return metrics
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('');
}

import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { GatewayGb } from './gateway-gb.ts';
import { CanaryGate } from '../canary/canary-device.ts';
import { CanaryMqttLink } from '../canary/canary-device-link.ts';
import { ForeignReception } from '../intake/foreign/foreign-reception.ts';
import { SourceDoor } from '../intake/foreign/source-door.ts';
import { MqttDoor } from '../intake/mqtt-door.ts';
import type { MqttTls } from '../intake/mqtt-door-options.ts';
import { Reception } from '../intake/reception.ts';
import { lanes } from '../journal/entry.ts';
import { openGatewayJournal, type GatewayJournal } from '../journal/jetstream/gateway-journal.ts';
import { atMost } from '../platform/at-most.ts';
import type { Log } from '../platform/log.ts';
import { createProcessSecret } from '../platform/process-secret.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { Registry } from '../registry/registry.ts';
import { GbSituation } from '../situation/gb26875/gb-situation.ts';
import { loadGbProfiles } from '../situation/gb26875/load-gb-profiles.ts';
import type { GbPlace } from '../intake/gb26875/gb-doors.ts';
import type { Store } from '../store/store.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { firstSessionOf, MOST_GATEWAYS } from './cluster-words.ts';
import { DoorLife, type SharedPlaces } from './door-life.ts';
import { GatewayPost } from './gateway-post.ts';
import { openProcessWeb } from './process-web.ts';
import { KnownNumbers } from './known-numbers.ts';
import { RegistryFollower } from './registry-follower.ts';

export type GatewayOptions = SharedPlaces & {
  readonly mqtt: { readonly host: string; readonly port: number; readonly tls?: MqttTls };
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly key: string; readonly cert: string };
  };
  readonly gb26875: GbPlace & { readonly profiles?: string | undefined };
  readonly log: Log;
  readonly version: string;
};

/** Of the ten seconds that a stop may take. */
const DRAIN_MS = 5_000;

/**
 * The doors for devices as a process of their own: it takes reports and makes them durable, whether a centre applies them
 * at the moment or not. It reads the store and writes nothing there.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #life = new DoorLife();
  #journalTrouble: string | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Resolves when devices may connect; waits as long for a centre that leads as it takes to make the streams. */
  start(): Promise<{
    readonly webPort: number;
    readonly mqttPort: number;
    readonly mqttTlsPort?: number;
    readonly gbPort: number;
  }> {
    return this.#life.start(() => this.#open());
  }

  async #open(): ReturnType<Gateway['start']> {
    const { natsStream, log, mqtt, web, gb26875 } = this.#options;
    const life = this.#life;
    const { clock } = life;
    const number = randomInt(1, MOST_GATEWAYS);
    const holder = `${hostname()} process ${process.pid}`;
    const { store, bus } = await life.openShared(this.#options, `fengsui gateway ${number}`);
    const journal = await this.#openJournal();

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
    const profiles = new GbSituation();
    for (const profile of await loadGbProfiles(gb26875.profiles)) profiles.profiles.set(profile.id, profile);
    const place = { bus, prefix: natsStream, gateway: number };
    const gb = new GatewayGb({ ...place, place: gb26875, journal, registry, profiles, clock, log });
    const canarySecret = createProcessSecret();
    const gate = new CanaryGate(reception, canarySecret, { journal, clock });
    const door = new MqttDoor({ ...mqtt, gate, sources, clock, log, firstSession: firstSessionOf(number) });
    life.keepTime(() => door.tellTime());
    const follower = this.#follow({ bus, registry, store, journal, door });
    life.onStop(() => follower.stop());
    await follower.start();
    if (life.isStopping) throw new Error('stopped before the doors were open');

    let mqttPort = 0;
    const canary = new CanaryMqttLink({ secret: canarySecret, host: mqtt.host, port: () => mqttPort, log });
    const figures = () => ({
      holder,
      // The canary's own is no device's.
      sessions: door.sessionCount - (canary.isConnected ? 1 : 0),
      waiting: door.waitingCount,
      received: reception.receivedCount + gb.frameCount,
      sources: door.sourceSessions(),
    });
    const post = new GatewayPost({
      ...place,
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
    const gbPort = await gb.start();
    life.onStop(() => post.leave());
    life.onStop(async () => {
      canary.stop();
      await Promise.all([door.stop(), gb.stop()]);
      // The ends of the sessions are told to nobody who waits for them.
      await atMost(DRAIN_MS, journal.drained());
    });
    canary.start(() => undefined);
    post.start();
    const opened = await openProcessWeb({
      role: 'gateway',
      ...web,
      log,
      version: this.#options.version,
      ingest: { registry, clock, reception: foreign },
      troubles: () => [life.busTrouble, this.#journalTrouble].filter((trouble) => trouble !== undefined),
      figures: () => {
        const { sessions, waiting, received } = figures();
        const isBehind = follower.trouble !== undefined;
        return [
          ['fengsui_mqtt_sessions', 'gauge', 'Open MQTT sessions of devices.', sessions],
          ['fengsui_mqtt_waiting', 'gauge', 'Connections that wait for their turn.', waiting],
          ['fengsui_gb26875_links', 'gauge', 'Transmission devices connected over GB/T 26875.3.', gb.linkCount],
          ['fengsui_gb26875_frames_total', 'counter', 'Frames of GB/T 26875.3 taken since the start.', gb.frameCount],
          ['fengsui_reports_total', 'counter', 'Reports taken since the start.', received],
          ['fengsui_gateway_backlog', 'gauge', 'Entries taken here that no centre has applied yet.', journal.backlog],
          ['fengsui_gateway_registry_behind', 'gauge', '1: what is known of devices may be old.', isBehind ? 1 : 0],
        ];
      },
    });
    life.onStop(() => opened.close());
    const { tlsPort: mqttTlsPort } = door;
    return { webPort: opened.port, mqttPort, gbPort, ...(mqttTlsPort !== undefined && { mqttTlsPort }) };
  }

  /** Closes the doors, writes what is on its way, says that it is gone. Ends a start, too, that still waits. */
  stop(): Promise<void> {
    return this.#life.stop();
  }

  async #openJournal(): Promise<GatewayJournal> {
    const { log, natsUrl, natsStream } = this.#options;
    const journal = await openGatewayJournal({
      url: natsUrl,
      prefix: natsStream,
      isStopping: () => this.#life.isStopping,
      onHeld: (reason) => {
        this.#journalTrouble = reason;
        if (reason === undefined) log.info('journal can be written again');
        else log.error('journal cannot be written: reports are held back, not lost', { reason });
      },
    });
    this.#life.onStop(() => journal.close());
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

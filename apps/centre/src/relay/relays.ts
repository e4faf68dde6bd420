import type { DurableFrame, RelayAnswer, RelayDoor } from '../intake/gb26875/relay-door.ts';
import { isLoopbackAddress } from '../intake/gb26875/address-list.ts';
import type { Lane } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { isCovered, withRelayDefaults, type RelayWithDefaults } from '../registry/relay-targets.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { Store } from '../store/store.ts';
import { OwedRows } from './owed-rows.ts';
import { RelayJournal } from './relay-journal.ts';
import { Relay } from './relay.ts';
import { UpstreamOrders, type DevicePort } from './upstream-orders.ts';

const SWEEP_MS = 250;
/** Fires that gateways took; a look costs the store one short query. */
const FIRES_EVERY_MS = 100;
/** How each centre stands is looked at every so many sweeps. */
const STANDING_EVERY = 4;

export type RelaysOptions = {
  readonly journal: Journal;
  readonly store: Store;
  readonly worker: Worker;
  readonly situation: Situation;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  /** Gateways take the frames and confirm them: what is owed is found in the rows, and no device hears another centre. */
  readonly atGateways?: boolean;
};

const nobody: DevicePort = { isConnected: () => false, send: () => false, ask: async () => undefined };

/** All other centres that frames of transmission devices are passed on to. */
export class Relays implements RelayDoor {
  readonly #options: RelaysOptions;
  readonly #journal: RelayJournal;
  readonly #relays = new Map<string, Relay>();
  readonly #orders: UpstreamOrders;
  /** Relays of a device; forgotten whenever the registry changes. */
  readonly #ofDevice = new Map<string, readonly RelayWithDefaults[]>();
  #port: DevicePort = nobody;
  #ownPort = 0;
  #timer: NodeJS.Timeout | undefined;
  #fireTimer: NodeJS.Timeout | undefined;
  #sweeps = 0;
  /** Ends of relays that were changed: their rows are written before a successor reads them. */
  #endings: Promise<unknown> = Promise.resolve();

  constructor(options: RelaysOptions) {
    this.#options = options;
    const { journal, clock, situation } = options;
    this.#journal = new RelayJournal(journal, clock);
    this.#orders = new UpstreamOrders({
      clock,
      profileOf: (device) => situation.gb.profileOf(device),
      port: {
        isConnected: (deviceId) => this.#port.isConnected(deviceId),
        send: (deviceId, bytes) => this.#port.send(deviceId, bytes),
        ask: (deviceId, request) => this.#port.ask(deviceId, request),
      },
      reply: (relayId, deviceId, bytes) => this.#relays.get(relayId)?.send(deviceId, bytes),
      onNote: (note) => this.#journal.note({ kind: 'order', ...note }),
    });
  }

  /** @param ownPort of our own door: a relay to ourselves would never end. */
  start(port: DevicePort, ownPort: number): void {
    this.#port = port;
    this.#ownPort = ownPort;
    for (const { id } of this.#options.situation.registry.relays.all()) this.recheck(id);
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
    if (this.#options.atGateways === true) this.#fireTimer = setInterval(() => this.#lookForFires(), FIRES_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#fireTimer);
    const relays = [...this.#relays.values()];
    this.#relays.clear();
    await Promise.all([this.#endings, ...relays.map((relay) => relay.stop())]);
  }

  /** After a change of the registry: who is passed on may have changed. */
  forgetDevices(): void {
    this.#ofDevice.clear();
  }

  /** A relay was put. */
  recheck(id: string): void {
    this.forgetDevices();
    const found = this.#options.situation.registry.relays.target(id);
    const target = found === undefined || found.mode === 'off' ? undefined : this.#asPossible(withRelayDefaults(found));
    const known = this.#relays.get(id);
    if (known !== undefined && target !== undefined && isSameWay(known.target, target)) return known.retarget(target);
    if (known !== undefined) {
      this.#relays.delete(id);
      this.#endings = Promise.all([this.#endings, known.stop()]);
    }
    if (target === undefined) return;
    if (isLoopbackAddress(target.host === 'localhost' ? '127.0.0.1' : target.host) && target.port === this.#ownPort) {
      this.#options.log.error('relay leads to our own door', { relayId: id, port: target.port });
      return;
    }
    const { clock, log, store, journal, worker, situation, random = Math.random } = this.#options;
    const relay: Relay = new Relay({
      target,
      journal: this.#journal,
      clock,
      log,
      random,
      after: this.#endings,
      rows: new OwedRows(id, { store, journal, worker, situation }),
      isDeviceConnected: (deviceId) => this.#isPassedOn(deviceId, id) && this.#port.isConnected(deviceId),
      onOrder: (deviceId, bytes) => this.#orders.take(relay.target, situation.registry.device(deviceId), bytes),
    });
    this.#relays.set(id, relay);
  }

  relay(id: string): Relay | undefined {
    return this.#relays.get(id);
  }

  ordersOf(id: string) {
    return this.#orders.countsOf(id);
  }

  /** The devices whose frames a relay passes on. */
  devicesOf(id: string): readonly DeviceRecord[] {
    const { registry } = this.#options.situation;
    const target = registry.relays.target(id);
    if (target === undefined) return [];
    return [...registry.allDevices()].filter((device) =>
      isCovered(target, device, (venue) => registry.organisationsOf(venue)),
    );
  }

  isListening(device: DeviceRecord): boolean {
    return this.#voiceOf(device) !== undefined;
  }

  owedTo(device: DeviceRecord, lane: Lane): readonly string[] {
    const targets = this.#targetsOf(device);
    return targets.filter(({ id }) => this.#relays.get(id)?.hasRoom(lane) === true).map(({ id }) => id);
  }

  take(frame: DurableFrame, answer?: RelayAnswer): void {
    const voice = answer === undefined ? undefined : this.#voiceOf(frame.device)?.target.id;
    for (const id of frame.relayIds) this.#relays.get(id)?.take(frame, id === voice ? answer : undefined);
    const isAnswered = voice !== undefined && frame.relayIds.includes(voice) && this.#relays.has(voice);
    if (!isAnswered) answer?.(undefined);
  }

  again(device: DeviceRecord, bytes: Uint8Array, answer: RelayAnswer): void {
    const voice = this.#voiceOf(device);
    if (voice === undefined) answer(undefined);
    else voice.again(device.id, bytes, answer);
  }

  pass(device: DeviceRecord, bytes: Uint8Array, answer?: RelayAnswer): void {
    const voice = this.#voiceOf(device);
    for (const { id } of this.#targetsOf(device)) {
      const relay = this.#relays.get(id);
      if (relay !== undefined) relay.pass(device.id, bytes, relay === voice ? answer : undefined);
    }
    if (voice === undefined) answer?.(undefined);
  }

  isForOther(device: DeviceRecord, bytes: Uint8Array): boolean {
    return this.#voiceOf(device) !== undefined && this.#orders.isPending(device.id, bytes);
  }

  reply(device: DeviceRecord, bytes: Uint8Array): void {
    this.#orders.ended(device.id, bytes);
    this.#voiceOf(device)?.send(device.id, bytes);
  }

  /** The relay whose centre the device hears. */
  #voiceOf(device: DeviceRecord): Relay | undefined {
    const target = this.#targetsOf(device).find(({ mode }) => mode === 'listening');
    return target === undefined ? undefined : this.#relays.get(target.id);
  }

  #isPassedOn(deviceId: string, relayId: string): boolean {
    const device = this.#options.situation.registry.device(deviceId);
    return device !== undefined && this.#targetsOf(device).some(({ id }) => id === relayId);
  }

  #targetsOf(device: DeviceRecord): readonly RelayWithDefaults[] {
    const known = this.#ofDevice.get(device.id);
    if (known !== undefined) return known;
    const { registry } = this.#options.situation;
    const targets = registry.relays
      .all()
      .filter(
        (target) => target.mode !== 'off' && isCovered(target, device, (venue) => registry.organisationsOf(venue)),
      )
      .map((target) => this.#asPossible(withRelayDefaults(target)));
    this.#ofDevice.set(device.id, targets);
    return targets;
  }

  /** The confirm of another centre would come too late through a gateway, and not at all while nobody leads. */
  #asPossible(target: RelayWithDefaults): RelayWithDefaults {
    if (this.#options.atGateways !== true || target.mode !== 'listening') return target;
    this.#once(`${target.id}/answering`, () =>
      this.#options.log.warn('relay answers instead of listening: its devices are at gateways', { relayId: target.id }),
    );
    return { ...target, mode: 'answering' };
  }

  #lookForFires(): void {
    for (const relay of this.#relays.values()) if (relay.standing.state !== 'away') relay.lookForFires();
  }

  #sweep(): void {
    const now = this.#options.clock.now();
    const looksAtStanding = this.#sweeps++ % STANDING_EVERY === 0;
    this.#orders.sweep(now);
    for (const [id, relay] of this.#relays) {
      if (looksAtStanding && this.#options.atGateways === true) {
        relay.lookForRows();
        // Of one that is away, too: a fire makes us try sooner.
        relay.lookForFires();
      }
      relay.sweep(now);
      // Not written: sent again after a restart.
      relay.flush().catch(() => undefined);
      if (looksAtStanding) this.#tellStanding(id, relay, now);
    }
    if (!looksAtStanding) return;
    for (const [id, state] of this.#options.situation.relayStates) {
      if (this.#relays.has(id)) continue;
      // Switched off, also while the centre was stopped.
      if (state.link !== undefined) this.#say(id, 'ended');
      if (state.behindSince !== undefined) this.#sayBehind(id, false);
    }
  }

  /** Only what has changed goes into the journal; what it holds already is in the situation. */
  #tellStanding(id: string, relay: Relay, now: number): void {
    const { state, error } = relay.standing;
    const told = this.#options.situation.relayStates.get(id);
    if (state === 'connected' && told?.link?.state !== 'connected') this.#say(id, 'connected');
    else if (state === 'away' && told?.link?.state !== 'away') this.#say(id, 'away', error);
    else if (state === 'idle' && told?.link !== undefined) this.#say(id, 'ended');
    const { oldestOwedAt = Infinity } = relay.counts;
    const isBehind = now - oldestOwedAt > 1_000 * relay.target.backlogFaultS;
    if (isBehind !== (told?.behindSince !== undefined)) this.#sayBehind(id, isBehind);
  }

  #say(relayId: string, state: 'connected' | 'away' | 'ended', error?: string): void {
    this.#once(`${relayId}/link/${state}`, () =>
      this.#journal.note({ kind: 'link', relayId, state, ...(error !== undefined && { error }) }),
    );
  }

  #sayBehind(relayId: string, isBehind: boolean): void {
    this.#once(`${relayId}/behind/${isBehind}`, () => this.#journal.note({ kind: 'backlog', relayId, isBehind }));
  }

  readonly #saidAt = new Map<string, number>();

  /** Between the entry and its application the situation still says the old: not told again every second. */
  #once(what: string, say: () => void): void {
    const now = this.#options.clock.now();
    if (now - (this.#saidAt.get(what) ?? -Infinity) < 5_000) return;
    this.#saidAt.set(what, now);
    say();
  }
}

const isSameWay = (one: RelayWithDefaults, other: RelayWithDefaults): boolean =>
  one.host === other.host && one.port === other.port && one.sourceAddress === other.sourceAddress;

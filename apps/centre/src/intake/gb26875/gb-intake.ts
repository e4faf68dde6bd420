import {
  decodeGbFrame,
  encodeGbFrame,
  readGbHead,
  standardGbProfile,
  type GbFrame,
  type GbProfile,
} from '@fengsui/protocol';
import type { Lane } from '../../journal/entry.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import { gbFrameIdentity } from '../../situation/gb26875/frame-identity.ts';
import type { GbSituation, StoredGbFrame } from '../../situation/gb26875/gb-situation.ts';
import type { DeviceLink } from './device-link.ts';
import { DeviceLinks, type Elsewhere, type OtherDoors, type Transmit } from './device-links.ts';
import { GbAdmission } from './gb-admission.ts';
import { GbJournal } from './gb-journal.ts';
import type { GbPath } from './gb-path.ts';
import { careFor } from './link-care.ts';
import type { ReceiptOrders } from './receipt-orders.ts';
import { noRelay, type RelayAnswer, type RelayDoor } from './relay-door.ts';
import { command, replyTo, treatmentOf } from './reply.ts';
import { ResendLedger } from './resend-ledger.ts';
import { tellsFire } from './tells-fire.ts';
import type { GbRequest, GbResult } from './transactions.ts';

export type GbIntakeOptions = {
  readonly journal: JournalWriter;
  readonly registry: Registry;
  readonly gb: Pick<GbSituation, 'profileOf' | 'profiles'>;
  readonly orders: ReceiptOrders;
  readonly clock: Clock;
  readonly log: Log;
  readonly patrolMs?: number;
  readonly replyTimeoutMs?: number;
  readonly relay?: RelayDoor;
  /** There are other doors, and a device may have been at one of them before. */
  readonly others?: OtherDoors;
};

/** A frame with all that is known of it. */
type Taken = {
  readonly path: GbPath;
  readonly link: DeviceLink;
  readonly device: DeviceRecord;
  readonly bytes: Uint8Array;
  readonly frame: GbFrame;
  readonly profile: GbProfile;
  readonly order: number;
};

/** Our address until a device has said what it calls us. */
const OWN_ADDRESS = '010000000000';
const FRAMING_QUIET_MS = 10_000;
const DEFAULT_PATROL_MS = 30 * 60_000;
const NOBODY = '000000000000';

/**
 * What frames become, whatever carries them: whose they are, whether they come again, which lane, which reply. A frame
 * is confirmed when it survives `kill -9`, never before.
 */
export class GbIntake {
  /** Frames of all connections that have been read and not dealt with: connections count them here. */
  inHand = 0;
  readonly #options: GbIntakeOptions;
  readonly #journal: GbJournal;
  readonly #relay: RelayDoor;
  readonly #resends = new ResendLedger();
  readonly #links: DeviceLinks;
  readonly #admission: GbAdmission;
  readonly #framingToldAt = new WeakMap<GbPath, number>();
  #frames = 0;

  constructor(options: GbIntakeOptions) {
    this.#options = options;
    this.#relay = options.relay ?? noRelay;
    this.#journal = new GbJournal(options.journal, options.registry, options.clock);
    const { patrolMs = DEFAULT_PATROL_MS } = options;
    this.#links = new DeviceLinks({ ...options, patrolMs }, this.#journal, this.#transmit);
    this.#admission = new GbAdmission(options.registry, this.#links, this.#journal, options.log);
  }

  /** Newest frames of before the start, oldest first: a resend of one of them is not applied again. */
  restore(recent: readonly StoredGbFrame[]): void {
    for (const { deviceId, serial, ...frame } of recent) this.#resends.restore(deviceId, serial, frame);
  }

  /** Frames of registered devices since the start, heartbeats included. */
  get frameCount(): number {
    return this.#frames;
  }

  /** Devices whose way here is open. */
  get linkCount(): number {
    return this.#links.openCount;
  }

  isConnected(deviceId: string): boolean {
    return this.#links.of(deviceId)?.path?.isOpen === true;
  }

  /** Whether a device has been recognised on the path. */
  isIdentified(path: GbPath): boolean {
    return this.#links.hasDeviceOn(path);
  }

  /** The receipt order of a frame, to be drawn when it arrives. */
  nextOrder(): number {
    return this.#options.orders.next();
  }

  /** Takes a sound frame. Resolves when it has been dealt with, for the reader to be held back meanwhile. */
  async take(path: GbPath, bytes: Uint8Array, order = this.nextOrder()): Promise<void> {
    try {
      await this.#take(path, bytes, order);
    } catch (error) {
      // Not answered, so it will come again. While the centre closes, the journal takes nothing more.
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn('GB/T 26875.3: frame not taken', { remote: path.remote, reason });
    }
  }

  async #take(path: GbPath, bytes: Uint8Array, order: number): Promise<void> {
    const now = this.#options.clock.now();
    const found = this.#admission.recognise(path, bytes, now);
    if (found === undefined) return;
    const { link, device } = found;
    this.#frames++;
    if (link.path === path) link.heardAt = now;
    const profile = this.#options.gb.profileOf(device);
    const decoded = decodeGbFrame(bytes, profile);
    if (decoded.kind === 'discarded') return;
    const { frame } = decoded;
    if (frame.destination !== NOBODY) link.ownAddress = frame.destination;
    const treatment = treatmentOf(frame, profile);
    const taken = { path, link, device, bytes, frame, profile, order };
    if (this.#relay.isForOther(device, bytes)) return this.#passReply(taken, treatment === 'response');
    switch (treatment) {
      case 'heartbeat':
        this.#noteHeard(link, device, now);
        this.#passOn(taken, 'confirm');
        return;
      case 'store':
      case 'storeAndDeny':
        await this.#store(taken, treatment === 'store' ? 'confirm' : 'deny');
        return;
      case 'response':
        // The response is data: it is stored before the query counts as answered.
        if (!link.transactions.expects(frame, now)) return;
        await this.#append(taken, this.#laneOf(taken));
        link.transactions.answered(frame, this.#options.clock.now());
        return;
      case 'confirmation':
        this.#noteHeard(link, device, now);
        link.transactions.confirmed(frame.serial, now);
        return;
      case 'denial':
        this.#noteHeard(link, device, now);
        link.transactions.denied(frame.serial, now);
        return;
      case 'refuseDownstream':
        path.send(replyTo(frame, 'deny', now, profile));
        this.#admission.tellStranger('downstreamCommand', path, bytes, device, now);
        return;
      case 'deny':
        this.#noteHeard(link, device, now);
        this.#passOn(taken, 'deny');
        return;
      case 'ignore':
        this.#noteHeard(link, device, now);
        this.#relay.pass(device, bytes, (answer) => answer !== undefined && path.send(answer));
        this.#options.log.debug('GB/T 26875.3: command of the maker', { deviceId: device.id, command: frame.command });
    }
  }

  /** A whole frame with a wrong checksum: an upload is denied, so that the device sends it again (6.5.3). */
  takeDamaged(path: GbPath, bytes: Uint8Array): void {
    const { gb, clock } = this.#options;
    const device = this.#admission.ownerOf(path, bytes);
    if (device === undefined) return;
    const profile = gb.profileOf(device);
    const head = readGbHead(bytes, profile);
    if (head.command === command.send) path.send(replyTo(head, 'deny', clock.now(), profile));
  }

  /** Bytes that are no frame, on a path whose device is known: shown to engineers, not each of them. */
  noteFraming(path: GbPath, bytes: Uint8Array, reason: string): void {
    const now = this.#options.clock.now();
    if (now - (this.#framingToldAt.get(path) ?? -Infinity) < FRAMING_QUIET_MS) return;
    const [link] = this.#links.on(path);
    const device = link === undefined ? undefined : this.#options.registry.device(link.deviceId);
    if (device === undefined) return;
    this.#framingToldAt.set(path, now);
    this.#journal.note(device, { kind: 'framing', reason }, bytes);
  }

  /** The connection is closed, or a peer of datagrams is forgotten. */
  gone(path: GbPath): void {
    this.#links.gone(path);
  }

  /** The device speaks at another door now. */
  superseded(deviceId: string, elsewhere: Elsewhere): void {
    if (this.#links.superseded(deviceId, elsewhere, this.#options.clock.now())) this.#resends.forgetDevice(deviceId);
  }

  /** Whether the device hears another centre: we ask it nothing. */
  isListening(deviceId: string): boolean {
    const device = this.#options.registry.device(deviceId);
    return device !== undefined && this.#relay.isListening(device);
  }

  /** Bytes of another centre, as they are; false when the device is not connected. */
  send(deviceId: string, bytes: Uint8Array): boolean {
    const path = this.#links.of(deviceId)?.path;
    if (path?.isOpen !== true) return false;
    path.send(bytes);
    return true;
  }

  /** Has the centre ask something of a device; undefined when it is not connected. */
  async ask(deviceId: string, request: GbRequest): Promise<GbResult | undefined> {
    const link = this.#links.of(deviceId);
    const isConnected = link?.path?.isOpen === true;
    const now = this.#options.clock.now();
    const result = isConnected ? await link.transactions.ask(request, now) : undefined;
    this.#journal.transaction(this.#options.registry.device(deviceId), request, result, now);
    return result;
  }

  /** Once a second: time-outs, greetings, clock, patrol. */
  sweep(): void {
    const now = this.#options.clock.now();
    const { registry, patrolMs = DEFAULT_PATROL_MS } = this.#options;
    for (const link of this.#links.all) {
      link.transactions.tick(now);
      const device = registry.device(link.deviceId);
      if (device === undefined || link.path?.isOpen !== true) continue;
      // Its centre is another: that one sets its clock and asks it.
      if (this.#relay.isListening(device)) continue;
      careFor(link, device, now, patrolMs, (request) => this.ask(link.deviceId, request));
    }
  }

  async #store(taken: Taken, reply: 'confirm' | 'deny'): Promise<void> {
    const { link, device, bytes, frame } = taken;
    const receivedAt = this.#options.clock.now();
    const identity = gbFrameIdentity(bytes);
    const original = this.#resends.original(device.id, frame.serial, identity, receivedAt);
    if (original !== undefined) {
      this.#noteHeard(link, device, receivedAt);
      await original.durable;
      this.#relay.again(device, bytes, this.#answerOf(taken, reply));
      return;
    }
    const lane = this.#laneOf(taken);
    const relayIds = this.#relay.owedTo(device, lane);
    const mayRepeat = this.#options.others !== undefined && !this.#resends.knows(device.id, frame.serial);
    const durable = this.#append(taken, lane, { relay: relayIds, mayRepeat });
    const seen = { ...identity, receivedAt, durable };
    this.#resends.record(device.id, frame.serial, seen);
    // Not durable: when it comes again it is new.
    durable.catch(() => this.#resends.forget(device.id, frame.serial, seen));
    await durable;
    const { order } = taken;
    const answer = this.#answerOf(taken, reply);
    this.#relay.take({ device, relayIds, order, lane, receivedAt, bytes }, answer);
  }

  /** The other centre's confirm when it is the device's centre and comes in time; else ours. */
  #answerOf({ path, frame, profile }: Taken, reply: 'confirm' | 'deny'): RelayAnswer {
    return (confirm) => path.send(confirm ?? replyTo(frame, reply, this.#options.clock.now(), profile));
  }

  #passOn(taken: Taken, reply: 'confirm' | 'deny'): void {
    this.#relay.pass(taken.device, taken.bytes, this.#answerOf(taken, reply));
  }

  /** What a device answers to another centre. Data of it is ours too, before that centre has it. */
  async #passReply(taken: Taken, isData: boolean): Promise<void> {
    const { link, device, bytes } = taken;
    if (isData) await this.#append(taken, this.#laneOf(taken));
    else this.#noteHeard(link, device, this.#options.clock.now());
    this.#relay.reply(device, bytes);
  }

  /** A frame that tells of a fire goes before everything that waits. */
  #laneOf({ frame, profile }: Taken): Lane {
    return tellsFire(frame.unit, profile) ? 'alarm' : 'bulk';
  }

  async #append(
    { link, device, bytes, order }: Taken,
    lane: Lane,
    more: { readonly relay?: readonly string[]; readonly mayRepeat?: boolean } = {},
  ): Promise<void> {
    link.notedAt = link.heardAt;
    await this.#journal.frame(lane, device, bytes, { order, ...more });
  }

  #noteHeard(link: DeviceLink, device: DeviceRecord, now: number): void {
    if (now - link.notedAt < device.reportingIntervalMs / 2) return;
    link.notedAt = now;
    this.#journal.heard(device);
  }

  readonly #transmit: Transmit = (link, serial, commandByte, unit, now) => {
    const { registry, gb } = this.#options;
    const device = registry.device(link.deviceId);
    const { path } = link;
    if (device?.gb === undefined || path?.isOpen !== true) return false;
    const profile = gb.profileOf(device);
    path.send(
      encodeGbFrame(
        {
          serial,
          version: profile.version ?? standardGbProfile.version ?? { major: 1, user: 0 },
          sentAt: now,
          source: link.ownAddress ?? OWN_ADDRESS,
          destination: device.gb.address,
          command: commandByte,
          unit,
        },
        profile,
      ),
    );
    return true;
  };
}

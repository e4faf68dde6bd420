import type { GbUnit } from '@fengsui/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import type { GbSituation } from '../../situation/gb26875/gb-situation.ts';
import { DeviceLink } from './device-link.ts';
import type { GbJournal } from './gb-journal.ts';
import type { GbPath } from './gb-path.ts';
import type { ReceiptOrders } from './receipt-orders.ts';

/** Sends a frame of the centre's own to the device of a link; false when it is not connected. */
export type Transmit = (link: DeviceLink, serial: number, command: number, unit: GbUnit, now: number) => boolean;

/** How a device speaks at another door; `order`: the receipt order at which it began to. */
export type Elsewhere = Pick<GbPath, 'address' | 'isStream'> & { readonly order: number };

/** Where this door is one of several. */
export type OtherDoors = {
  /** Sessions are numbered from here on, so that a number tells the door. */
  readonly firstSession: number;
  /** The others are to be told that the device speaks here now. */
  readonly opened: (deviceId: string, here: Elsewhere) => void;
};

export type DeviceLinksOptions = {
  readonly registry: Registry;
  readonly gb: Pick<GbSituation, 'profiles'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly patrolMs: number;
  readonly replyTimeoutMs?: number;
  readonly orders: ReceiptOrders;
  readonly others?: OtherDoors;
};

const CLASH_QUIET_MS = 60_000;
const ALIVE_MS = 60_000;
/** The confirm of its first frame is on its way before the centre asks anything. */
const GREET_AFTER_MS = 1_000;

/** Which device speaks over which path: one connection may carry several, each by its own source address. */
export class DeviceLinks {
  readonly #options: DeviceLinksOptions;
  readonly #journal: GbJournal;
  readonly #transmit: Transmit;
  readonly #links = new Map<string, DeviceLink>();
  /** By source address. */
  readonly #ofPath = new WeakMap<GbPath, Map<string, DeviceLink>>();
  #sessions: number;

  constructor(options: DeviceLinksOptions, journal: GbJournal, transmit: Transmit) {
    this.#options = options;
    this.#journal = journal;
    this.#transmit = transmit;
    this.#sessions = options.others?.firstSession ?? 0;
  }

  get all(): Iterable<DeviceLink> {
    return this.#links.values();
  }

  get openCount(): number {
    let count = 0;
    for (const { path } of this.#links.values()) if (path?.isOpen === true) count++;
    return count;
  }

  of(deviceId: string): DeviceLink | undefined {
    return this.#links.get(deviceId);
  }

  on(path: GbPath): readonly DeviceLink[] {
    return [...(this.#ofPath.get(path)?.values() ?? [])];
  }

  hasDeviceOn(path: GbPath): boolean {
    return (this.#ofPath.get(path)?.size ?? 0) > 0;
  }

  /** The link of a device that was heard on the path before and still speaks over it. */
  known(path: GbPath, source: string, device: DeviceRecord): DeviceLink | undefined {
    const link = this.#ofPath.get(path)?.get(source);
    return link?.deviceId === device.id && link.path === path ? link : undefined;
  }

  /** The newest path of an address counts; an older one that still lives may belong to somebody else. */
  bind(path: GbPath, source: string, device: DeviceRecord, now: number): DeviceLink {
    const link = this.#linkOf(device);
    const old = link.path;
    if (old !== undefined && old !== path && old.isOpen) {
      // Whoever writes a datagram can write any sender on it: it is heard, and does not end a connection that lives.
      const isBesides = old.isStream && !path.isStream && now - link.heardAt < ALIVE_MS;
      if (isBesides || link.takeOvers.note(old.address, path.address, link.heardAt, now)) {
        this.#tellClash(link, device, [old.remote, path.remote], now);
      }
      if (isBesides) return link;
      this.#detach(link, old, now);
    }
    if (!path.isStream && now - link.connectedElsewhereAt < ALIVE_MS) return link;
    this.#warnOfMissingProfile(device);
    link.path = path;
    link.heardAt = now;
    link.greetAt = now + GREET_AFTER_MS;
    link.patrolAt = now + this.#options.patrolMs;
    const ofPath = this.#ofPath.get(path) ?? new Map<string, DeviceLink>();
    this.#ofPath.set(path, ofPath.set(source, link));
    this.#open(link, device, path);
    return link;
  }

  /**
   * The device speaks at another door: ours gives way as it would to a newer path here, and the same device that lives
   * on a connection here does not give way to a datagram there. False when it is ours still.
   */
  superseded(deviceId: string, elsewhere: Elsewhere, now: number): boolean {
    const link = this.#links.get(deviceId);
    if (link === undefined) return true;
    const { path } = link;
    const device = this.#options.registry.device(deviceId);
    if (path?.isOpen === true && device !== undefined) {
      // Its word and the device have crossed on their way: what the journal says last is to be that it is here.
      if (elsewhere.order < link.openedOrder) {
        this.#open(link, device, path);
        return false;
      }
      const isBesides = path.isStream && !elsewhere.isStream && now - link.heardAt < ALIVE_MS;
      if (isBesides || link.takeOvers.note(path.address, elsewhere.address, link.heardAt, now))
        this.#tellClash(link, device, [path.remote, elsewhere.address], now);
      if (isBesides) {
        this.#open(link, device, path);
        return false;
      }
      this.#detach(link, path, now);
      link.path = undefined;
      this.#journal.session(device, link.session, 'closed');
    }
    if (elsewhere.isStream) link.connectedElsewhereAt = now;
    return true;
  }

  /** The connection is closed, or a peer of datagrams is forgotten. */
  gone(path: GbPath): void {
    for (const link of this.on(path)) {
      if (link.path !== path) continue;
      link.path = undefined;
      const device = this.#options.registry.device(link.deviceId);
      if (device !== undefined) this.#journal.session(device, link.session, 'closed');
      link.transactions.drop(this.#options.clock.now());
    }
    this.#ofPath.delete(path);
  }

  #open(link: DeviceLink, device: DeviceRecord, path: GbPath): void {
    const { orders, others } = this.#options;
    link.session = ++this.#sessions;
    link.openedOrder = orders.next();
    this.#journal.session(device, link.session, 'opened');
    others?.opened(device.id, { address: path.address, isStream: path.isStream, order: link.openedOrder });
  }

  /** A path that no device speaks over any more is closed. */
  #detach(link: DeviceLink, path: GbPath, now: number): void {
    const ofPath = this.#ofPath.get(path);
    for (const [source, other] of ofPath ?? []) if (other === link) ofPath?.delete(source);
    if (ofPath?.size === 0) path.close('another connection speaks under its address');
    link.transactions.drop(now);
  }

  #linkOf(device: DeviceRecord): DeviceLink {
    const known = this.#links.get(device.id);
    if (known !== undefined) return known;
    const link = new DeviceLink(device.id, this.#transmit, this.#options.replyTimeoutMs);
    this.#links.set(device.id, link);
    return link;
  }

  #tellClash(link: DeviceLink, device: DeviceRecord, remotes: readonly string[], now: number): void {
    if (now - link.clashToldAt < CLASH_QUIET_MS) return;
    link.clashToldAt = now;
    this.#options.log.warn('GB/T 26875.3: two peers under one address', { deviceId: device.id, remotes });
    this.#journal.note(device, { kind: 'addressClash', remotes });
  }

  /** Read as the standard has it: what does not fit is quarantined, a fire bit in its place is told. */
  #warnOfMissingProfile({ id, gb }: DeviceRecord): void {
    const { gb: situation, log } = this.#options;
    if (gb?.profile === undefined || situation.profiles.has(gb.profile)) return;
    log.warn('GB/T 26875.3: the profile of a device is not there', { deviceId: id, profile: gb.profile });
  }
}

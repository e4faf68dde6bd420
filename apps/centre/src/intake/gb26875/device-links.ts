import type { GbUnit } from '@fengsui/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import type { GbSituation } from '../../situation/gb26875/gb-situation.ts';
import { DeviceLink } from './device-link.ts';
import type { GbJournal } from './gb-journal.ts';
import type { GbPath } from './gb-path.ts';

/** Sends a frame of the centre's own to the device of a link; false when it is not connected. */
export type Transmit = (link: DeviceLink, serial: number, command: number, unit: GbUnit, now: number) => boolean;

export type DeviceLinksOptions = {
  readonly registry: Registry;
  readonly gb: GbSituation;
  readonly clock: Clock;
  readonly log: Log;
  readonly patrolMs: number;
  readonly replyTimeoutMs?: number;
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
  #sessions = 0;

  constructor(options: DeviceLinksOptions, journal: GbJournal, transmit: Transmit) {
    this.#options = options;
    this.#journal = journal;
    this.#transmit = transmit;
  }

  get all(): Iterable<DeviceLink> {
    return this.#links.values();
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
        this.#tellClash(link, device, old, path, now);
      }
      if (isBesides) return link;
      const others = this.#ofPath.get(old);
      others?.delete(source);
      if (others?.size === 0) old.close('another connection speaks under its address');
      link.transactions.drop(now);
    }
    this.#warnOfMissingProfile(device);
    link.path = path;
    link.session = ++this.#sessions;
    link.heardAt = now;
    link.greetAt = now + GREET_AFTER_MS;
    link.patrolAt = now + this.#options.patrolMs;
    const ofPath = this.#ofPath.get(path) ?? new Map<string, DeviceLink>();
    this.#ofPath.set(path, ofPath.set(source, link));
    this.#journal.session(device, link.session, 'opened');
    return link;
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

  #linkOf(device: DeviceRecord): DeviceLink {
    const known = this.#links.get(device.id);
    if (known !== undefined) return known;
    const link = new DeviceLink(device.id, this.#transmit, this.#options.replyTimeoutMs);
    this.#links.set(device.id, link);
    return link;
  }

  #tellClash(link: DeviceLink, device: DeviceRecord, old: GbPath, path: GbPath, now: number): void {
    if (now - link.clashToldAt < CLASH_QUIET_MS) return;
    link.clashToldAt = now;
    const remotes = [old.remote, path.remote];
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

import type { GbMeta } from '../../journal/gb-meta.ts';
import type { Log } from '../../platform/log.ts';
import { admitted } from '../../registry/device-life.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import { addressListOf } from './address-list.ts';
import type { DeviceLink } from './device-link.ts';
import type { DeviceLinks } from './device-links.ts';
import type { GbJournal } from './gb-journal.ts';
import type { GbPath } from './gb-path.ts';
import { Strangers } from './strangers.ts';

type Refusal = Extract<GbMeta, { kind: 'unauthorised' }>['reason'];

/** Whose a frame is, and whether it may come: by its source address and where it came from. */
export class GbAdmission {
  readonly #registry: Registry;
  readonly #links: DeviceLinks;
  readonly #journal: GbJournal;
  readonly #log: Log;
  readonly #strangers = new Strangers();

  constructor(registry: Registry, links: DeviceLinks, journal: GbJournal, log: Log) {
    this.#registry = registry;
    this.#links = links;
    this.#journal = journal;
    this.#log = log;
  }

  /** undefined when it must not come, which the device is not told. */
  recognise(
    path: GbPath,
    bytes: Uint8Array,
    now: number,
  ): { readonly link: DeviceLink; readonly device: DeviceRecord } | undefined {
    const source = sourceOf(bytes);
    const device = this.#registry.deviceByGbAddress(source);
    const refuse = (reason: Refusal): undefined => this.tellStranger(reason, path, bytes, device, now);
    if (device === undefined) return refuse('unknownAddress');
    if (admitted(device) !== 'accepted') return refuse('revokedDevice');
    const known = this.#links.known(path, source, device);
    if (known === undefined && !mayComeFrom(device, path)) return refuse('addressNotAllowed');
    return { link: known ?? this.#links.bind(path, source, device, now), device };
  }

  /** The device of a frame that cannot be read to its end. */
  ownerOf(path: GbPath, bytes: Uint8Array): DeviceRecord | undefined {
    const device = this.#registry.deviceByGbAddress(sourceOf(bytes));
    return device !== undefined && admitted(device) === 'accepted' && mayComeFrom(device, path) ? device : undefined;
  }

  tellStranger(
    reason: Refusal,
    path: GbPath,
    bytes: Uint8Array,
    device: DeviceRecord | undefined,
    now: number,
  ): undefined {
    const address = sourceOf(bytes);
    const count = this.#strangers.note(`${reason}/${address}/${path.address}`, now);
    if (count === undefined) return;
    const { remote } = path;
    this.#log.warn('GB/T 26875.3: frame not taken', { reason, address, remote, count });
    this.#journal.note(device, { kind: 'unauthorised', reason, address, remote, count }, bytes);
  }
}

/** The source address of a whole frame. */
const sourceOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(12, 18)).toString('hex');

function mayComeFrom({ gb }: DeviceRecord, path: GbPath): boolean {
  if (gb?.allow === undefined || gb.allow.length === 0) return true;
  try {
    return addressListOf(gb.allow).allows(path.address);
  } catch {
    // A list nobody can read allows nobody.
    return false;
  }
}

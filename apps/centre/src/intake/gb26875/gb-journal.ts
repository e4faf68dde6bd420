import type { Lane, ReportMeta } from '../../journal/entry.ts';
import type { GbMeta } from '../../journal/gb-meta.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Registry } from '../../registry/registry.ts';
import type { GbRequest, GbResult } from './transactions.ts';

const ONLINE = new TextEncoder().encode('{"online":true}');

/** Writes what the door has to say into the journal. */
export class GbJournal {
  readonly #journal: JournalWriter;
  readonly #registry: Registry;
  readonly #clock: Clock;

  constructor(journal: JournalWriter, registry: Registry, clock: Clock) {
    this.#journal = journal;
    this.#registry = registry;
    this.#clock = clock;
  }

  /** Resolves when the frame is durable. */
  async frame(
    lane: Lane,
    device: DeviceRecord,
    frame: Uint8Array,
    {
      order,
      relay = [],
      mayRepeat = false,
    }: { readonly order: number; readonly relay?: readonly string[]; readonly mayRepeat?: boolean },
  ): Promise<void> {
    const more = { ...(relay.length > 0 && { relay }), ...(mayRepeat && { mayRepeat }) };
    await this.#append(lane, this.#meta(device, { kind: 'frame', order, ...more }), frame);
  }

  /** Nobody waits for it; while the journal is closing there is nobody left to tell. */
  note(device: DeviceRecord | undefined, gb: Exclude<GbMeta, { kind: 'frame' }>, payload?: Uint8Array): void {
    const lane = gb.kind === 'transaction' || gb.kind === 'framing' ? 'bulk' : 'alarm';
    this.#append(lane, this.#meta(device, gb), payload).catch(() => undefined);
  }

  /** How a transaction ended; undefined: the device was not connected. */
  transaction(
    device: DeviceRecord | undefined,
    { command, actId }: GbRequest,
    result: GbResult | undefined,
    now: number,
  ): void {
    // What the centre does by itself and succeeds in is no news.
    const isQuiet = actId === undefined && (result?.outcome === 'confirmed' || result?.outcome === 'answered');
    if (device === undefined || isQuiet) return;
    const { outcome = 'notConnected', serial = -1, type = 0, transmissions = 0, startedAt = now } = result ?? {};
    const ended = { command, outcome, serial, type, transmissions, startedAt };
    this.note(device, { kind: 'transaction', ...ended, ...(actId !== undefined && { actId }) });
  }

  session(device: DeviceRecord, session: number, state: 'opened' | 'closed'): void {
    const meta = { ...this.#presence(device), session, state };
    this.#append('bulk', meta).catch(() => undefined);
  }

  /** A heartbeat is not stored; that the device lives is. */
  heard(device: DeviceRecord): void {
    this.#append('bulk', this.#presence(device), ONLINE).catch(() => undefined);
  }

  #meta(device: DeviceRecord | undefined, gb: GbMeta): ReportMeta {
    return { ...this.#about(device), channel: 'gb26875', live: true, gb };
  }

  #presence(device: DeviceRecord): ReportMeta {
    return { ...this.#about(device), channel: 'presence', live: true };
  }

  #about(device: DeviceRecord | undefined): Pick<ReportMeta, 'deviceId' | 'venueId' | 'origin' | 'receivedAt'> {
    const { id = '', venueId = '', origin = 'live' } = device ?? {};
    return { deviceId: id, venueId, origin, receivedAt: this.#clock.now() };
  }

  async #append(lane: Lane, meta: ReportMeta, payload?: Uint8Array): Promise<void> {
    const partition = this.#registry.partitionOf(meta.venueId);
    const entry = { kind: 'report', partition, appendedAt: meta.receivedAt, meta } as const;
    await this.#journal.append(lane, [payload === undefined ? entry : { ...entry, payload }]);
  }
}

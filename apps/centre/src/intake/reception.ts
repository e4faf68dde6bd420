import { localActionKind } from '@fengsui/alarm';
import {
  decodeCaptureChunk,
  decodeEvent,
  decodePresence,
  decodeReply,
  decodeTelemetry,
  parseTopic,
  type Telemetry,
  type ParsedTopic,
} from '@fengsui/protocol';
import type { Lane, NewEntry, ReportMeta } from '../journal/entry.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { DiskRoom } from '../platform/disk-watch.ts';
import { admitted, lifeOf } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import type { Admission, DeviceGate, Received, SessionOpening, Verdict } from './device-door.ts';
import { deviceFlow, FlowLimit, gatewayFlow } from './flow-limit.ts';
import { MalformedRate } from './malformed-rate.ts';
import { isStillValid, matchSecret } from './device-credential.ts';
import { verifySecret } from './device-secret.ts';
import { SequenceTracker } from './sequence-tracker.ts';

/**
 * Everything that the way in needs of the rest of the centre. Beside the worker it is the situation's own; at a gateway
 * the registry follows the leader's, and numbers are learned from the store.
 */
export type ReceptionOptions = {
  readonly journal: JournalWriter;
  readonly registry: Registry;
  readonly clock: Clock;
  /** Highest seq applied so far, for devices not heard of since the start. */
  readonly highestApplied: (deviceId: string, epoch: string) => number | undefined;
  /** Where `highestApplied` must be asked for first: undefined once it is known. Never rejects. */
  readonly learnNumbers?: (senderId: string, deviceId: string) => Promise<void> | undefined;
  readonly onSession?: (deviceId: string, state: 'opened' | 'closed') => void;
  /** A device has used its new secret: the old one may end. */
  readonly onSecretRotated?: (deviceId: string) => void;
  /** What the disk has room for; default: everything. */
  readonly room?: () => DiskRoom;
};

/** What is not taken from a device at each room. Presence is small, and says who is there. */
const refused: Readonly<Record<DiskRoom, readonly ReportMeta['channel'][]>> = {
  ample: [],
  tight: ['capture'],
  low: ['capture', 'telemetry', 'event', 'unreadable'],
  last: ['capture', 'telemetry', 'event', 'unreadable', 'presence'],
};
const REFUSED: Admission = { holdMs: 0, close: false, isRefused: true };

type Sorted =
  | (Pick<ReportMeta, 'channel' | 'live' | 'captureId' | 'reason'> & { readonly telemetry?: Telemetry })
  | (Pick<ReportMeta, 'channel' | 'live'> & { readonly urgent: true });

/**
 * The one way in for reports, whatever the protocol: authenticates, sorts into a lane, journals. It decides nothing
 * about alarms; it reads a payload only to find seq (is it live?) and whether it can be read at all.
 */
export class Reception implements DeviceGate {
  readonly #options: ReceptionOptions;
  readonly #tracker: SequenceTracker;
  readonly #malformed = new MalformedRate();
  readonly #flow = new FlowLimit();
  #received = 0;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#tracker = new SequenceTracker(options.highestApplied);
  }

  /** Reports taken since the start. */
  get receivedCount(): number {
    return this.#received;
  }

  authenticate(deviceId: string, secret: string): Verdict {
    const device = this.#options.registry.device(deviceId);
    if (device === undefined) {
      verifySecret(secret, undefined); // the same work for an unknown name
      return 'unknownDevice';
    }
    const match = matchSecret(device, secret, this.#options.clock.now());
    if (match === undefined) return 'wrongSecret';
    if (admitted(device) !== 'accepted') return 'revoked';
    if (match === 'current' && device.oldSecret !== undefined) this.#options.onSecretRotated?.(deviceId);
    return 'accepted';
  }

  authenticateCertificate(deviceId: string): Verdict {
    const device = this.#options.registry.device(deviceId);
    if (device === undefined) return 'unknownDevice';
    return admitted(device) === 'accepted' ? 'accepted' : 'revoked';
  }

  isStillValid(deviceId: string, secretSha256: string | undefined): boolean {
    // By certificate: it holds as long as the device may connect at all.
    if (secretSha256 === undefined) return this.authenticateCertificate(deviceId) === 'accepted';
    return isStillValid(this.#options.registry.device(deviceId), secretSha256);
  }

  async receive({ deviceId, topic, payload }: Received): Promise<Admission> {
    const receivedAt = this.#options.clock.now();
    const sender = this.#options.registry.device(deviceId);
    if (sender === undefined) throw new Error(`device ${deviceId} is not registered`);
    // Revoked while its connection was open: nothing more is taken from it.
    const admission = admitted(sender);
    if (admission !== 'accepted') throw new Error(`device ${deviceId} is ${admission}`);
    // Before it counts as the newest of its epoch: when it comes again it is what it is then.
    const parsed = parseTopic(topic);
    if (parsed.kind !== 'event' && this.#isRefused(parsed.kind)) return REFUSED;
    const addressed = this.#addressedDevice(sender, parsed);
    // Awaited only where there is something to wait for: a turn of the event loop per report is dear.
    const learning = addressed === undefined ? undefined : this.#options.learnNumbers?.(deviceId, addressed.id);
    if (learning !== undefined) await learning;
    const sorted: Sorted =
      addressed === undefined
        ? unreadable(this.#isRetiredChild(sender, parsed) ? 'retiredDevice' : 'foreignTopic')
        : this.#sort(addressed.id, parsed, payload);
    if (!('urgent' in sorted) && this.#isRefused(sorted.channel)) return REFUSED;
    const device = addressed ?? sender;
    const meta: ReportMeta = {
      deviceId: device.id,
      venueId: device.venueId,
      origin: device.origin,
      receivedAt,
      channel: sorted.channel,
      live: sorted.live,
      ...('captureId' in sorted && sorted.captureId !== undefined ? { captureId: sorted.captureId } : {}),
      ...('reason' in sorted && sorted.reason !== undefined
        ? { reason: sorted.reason, topic: topic.slice(0, 256) }
        : {}),
    };
    const lane: Lane = 'urgent' in sorted ? 'alarm' : 'bulk';
    await this.#append(lane, meta, payload, 'telemetry' in sorted ? sorted.telemetry : undefined);
    this.#received++;
    const { holdMs, close } = this.#malformed.admit(deviceId, sorted.channel === 'unreadable', receivedAt);
    const bounds = this.#options.registry.isGateway(deviceId) ? gatewayFlow : deviceFlow;
    return { holdMs: Math.max(holdMs, this.#flow.admit(deviceId, bounds, receivedAt)), close };
  }

  /** An event may be an alarm: that is seen only when it is read. */
  #isRefused(kind: string): boolean {
    const room = this.#options.room?.() ?? 'ample';
    return refused[room].some((channel) => channel === kind);
  }

  mayHearCommandsOf(listenerId: string, deviceId: string): boolean {
    const listener = this.#options.registry.device(listenerId);
    return listener !== undefined && this.#ownOrChild(listener, deviceId) !== undefined;
  }

  gatewayOf(deviceId: string): string | undefined {
    return this.#options.registry.device(deviceId)?.parentId;
  }

  sessionOpened(deviceId: string, session: number, { address, tookOver }: SessionOpening = { tookOver: false }): void {
    const from = address === undefined ? {} : { address };
    this.#session(deviceId, session, 'opened', { ...from, ...(tookOver && { tookOver }) });
    this.#options.onSession?.(deviceId, 'opened');
  }

  sessionClosed(deviceId: string, session: number, isSuperseded = false): void {
    this.#malformed.forget(deviceId);
    this.#session(deviceId, session, 'closed', isSuperseded ? { tookOver: true } : {});
    this.#options.onSession?.(deviceId, 'closed');
  }

  #session(
    deviceId: string,
    session: number,
    state: 'opened' | 'closed',
    opening: { readonly address?: string; readonly tookOver?: true } = {},
  ): void {
    const device = this.#options.registry.device(deviceId);
    if (device === undefined) return;
    const meta: ReportMeta & { state: string } = {
      deviceId,
      venueId: device.venueId,
      origin: device.origin,
      receivedAt: this.#options.clock.now(),
      channel: 'presence',
      live: true,
      session,
      state,
      ...opening,
    };
    // Nobody waits for it; while the journal is closing there is nobody left to tell.
    this.#append('bulk', meta).catch(() => undefined);
  }

  /** The device a topic belongs to: the sender's own, or a child's when the sender is its gateway. */
  #addressedDevice(sender: DeviceRecord, parsed: ParsedTopic): DeviceRecord | undefined {
    if (parsed.kind === 'foreign' || parsed.kind === 'command' || parsed.kind === 'time') return undefined;
    return this.#ownOrChild(sender, parsed.deviceId);
  }

  #ownOrChild(sender: DeviceRecord, deviceId: string): DeviceRecord | undefined {
    if (deviceId === sender.id) return sender;
    const { registry } = this.#options;
    if (registry.model(sender.model)?.gateway !== true) return undefined;
    const child = registry.device(deviceId);
    return child?.parentId === sender.id && lifeOf(child) !== 'retired' ? child : undefined;
  }

  /** A gateway that still speaks for a device which was taken down: kept as the gateway's own unusable message. */
  #isRetiredChild(sender: DeviceRecord, parsed: ParsedTopic): boolean {
    const child = 'deviceId' in parsed ? this.#options.registry.device(parsed.deviceId) : undefined;
    return child?.parentId === sender.id && lifeOf(child) === 'retired';
  }

  #sort(deviceId: string, parsed: ParsedTopic, payload: Uint8Array): Sorted {
    switch (parsed.kind) {
      case 'telemetry': {
        const telemetry = decodeTelemetry(payload);
        if (telemetry.kind === 'discarded') return unreadable(telemetry.reason);
        const live = this.#tracker.isLive(deviceId, telemetry.epoch, telemetry.seq);
        return { channel: 'telemetry', live, telemetry };
      }
      case 'event': {
        const event = decodeEvent(payload);
        if (event.kind === 'discarded') return unreadable(event.reason);
        const live = this.#tracker.isLive(deviceId, event.epoch, event.seq);
        // A load that was switched on is history; everything else may be an alarm.
        const isHistory = event.isMomentary && event.eventKind !== localActionKind;
        return isHistory ? { channel: 'event', live } : { channel: 'event', live, urgent: true };
      }
      case 'capture': {
        const chunk = decodeCaptureChunk(payload);
        if (chunk.kind === 'discarded') return unreadable(chunk.reason);
        const header = chunk.header;
        const live = header === undefined || this.#tracker.isLive(deviceId, header.epoch, header.seq);
        return { channel: 'capture', live, captureId: parsed.captureId };
      }
      case 'presence': {
        const presence = decodePresence(payload);
        return presence.kind === 'discarded' ? unreadable(presence.reason) : { channel: 'presence', live: true };
      }
      case 'reply': {
        const reply = decodeReply(payload);
        return reply.kind === 'discarded' ? unreadable(reply.reason) : { channel: 'reply', live: true, urgent: true };
      }
      default:
        return unreadable('unexpectedTopic');
    }
  }

  async #append(lane: Lane, meta: ReportMeta, payload?: Uint8Array, decoded?: Telemetry): Promise<void> {
    const { journal, registry } = this.#options;
    const partition = registry.partitionOf(meta.venueId);
    const kind = meta.channel === 'reply' ? 'commandReply' : 'report';
    const entry: NewEntry = {
      kind,
      partition,
      appendedAt: meta.receivedAt,
      meta,
      ...(payload !== undefined && { payload }),
      ...(decoded !== undefined && { decoded }),
    };
    await journal.append(lane, [entry]);
  }
}

const unreadable = (reason: string): Sorted => ({ channel: 'unreadable', live: false, reason });

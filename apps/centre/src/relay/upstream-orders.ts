import { decodeGbFrame, encodeGbFrame, gbUnitTypeOf, type GbFrame, type GbProfile } from '@fengsui/protocol';
import { command } from '../intake/gb26875/reply.ts';
import type { GbReach } from '../intake/gb26875/gb-doors.ts';
import type { Clock } from '../platform/clock.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { RelayWithDefaults } from '../registry/relay-targets.ts';
import { wireSerial } from './relay-frame.ts';

const ON_DUTY_CHECK = 91;
/** Longer than four transmissions to a device that does not answer. */
const ORDER_KEPT_MS = 60_000;
const MOST_ORDERS = 64;
const COUNT_EVERY_MS = 60_000;

/** The way to devices, as the door has it. */
export type DevicePort = Pick<GbReach, 'isConnected' | 'send' | 'ask'>;

export type OrderNote = {
  readonly relayId: string;
  readonly deviceId: string;
  readonly command: number;
  readonly type: number;
  readonly isRefused: boolean;
  readonly count: number;
};

export type UpstreamOrdersOptions = {
  readonly clock: Clock;
  readonly profileOf: (device: DeviceRecord) => GbProfile;
  readonly port: DevicePort;
  /** To the other centre, on the connection of this device. */
  readonly reply: (relayId: string, deviceId: string, bytes: Uint8Array) => void;
  /** Controls, and what was refused: not each of them, but counted. */
  readonly onNote: (note: OrderNote) => void;
};

/**
 * What another centre wants of a device. While it answers the devices, everything goes through; while we do, what the
 * relay lets it: queries, on-duty checks. A clock has one master.
 */
export class UpstreamOrders {
  readonly #options: UpstreamOrdersOptions;
  /** Under way to a device, by device and serial: when they came. */
  readonly #passed = new Map<string, number>();
  readonly #notes = new Map<string, { count: number; toldAt: number }>();
  readonly #counts = new Map<
    string,
    { passed: number; refused: number; lastRefused?: { at: number; deviceId: string; type: number } }
  >();

  constructor(options: UpstreamOrdersOptions) {
    this.#options = options;
  }

  countsOf(relayId: string) {
    return this.#counts.get(relayId) ?? { passed: 0, refused: 0 };
  }

  /** @param device undefined on a connection of several devices: nobody knows whom it means. */
  take(target: RelayWithDefaults, device: DeviceRecord | undefined, bytes: Uint8Array): void {
    const decoded = decodeGbFrame(bytes, device === undefined ? undefined : this.#options.profileOf(device));
    if (decoded.kind === 'discarded') return;
    const { frame } = decoded;
    if (device === undefined) return this.#refuse(target, '', frame);
    const { port } = this.#options;
    // Nobody there: as on a line of its own, it gets no answer.
    if (!port.isConnected(device.id)) return;
    if (target.mode === 'listening') {
      this.#note(target, device.id, frame, false);
      this.#remember(`${device.id}/${wireSerial(bytes)}`);
      port.send(device.id, bytes);
      return;
    }
    const isRead = frame.command === command.request && target.passReads;
    const type = gbUnitTypeOf(frame.unit);
    const isDutyCheck = frame.command === command.control && type === ON_DUTY_CHECK && target.passDutyChecks;
    if (isRead || isDutyCheck) void this.#ask(target, device, frame);
    else this.#refuse(target, device.id, frame);
  }

  /** A confirm, response or deny of a device ends an order that went to it as it was. */
  isPending(deviceId: string, bytes: Uint8Array): boolean {
    return this.#passed.has(`${deviceId}/${wireSerial(bytes)}`);
  }

  ended(deviceId: string, bytes: Uint8Array): void {
    this.#passed.delete(`${deviceId}/${wireSerial(bytes)}`);
  }

  /** In our own words and under our own serial; the answer under the other centre's. */
  async #ask(target: RelayWithDefaults, device: DeviceRecord, frame: GbFrame): Promise<void> {
    this.#note(target, device.id, frame, false);
    const { port, clock } = this.#options;
    const kind = frame.command === command.request ? command.request : command.control;
    const result = await port.ask(device.id, { command: kind, unit: frame.unit });
    if (result === undefined) return;
    const sentAt = clock.now();
    if (result.outcome === 'answered' && result.frame !== undefined)
      return this.#answer(target, device, frame, { ...result.frame, command: command.response, sentAt });
    const empty = { ...frame, unit: { kind: 'empty' } as const, sentAt };
    if (result.outcome === 'confirmed') this.#answer(target, device, frame, { ...empty, command: command.confirm });
    else if (result.outcome === 'denied') this.#answer(target, device, frame, { ...empty, command: command.deny });
  }

  #refuse(target: RelayWithDefaults, deviceId: string, frame: GbFrame): void {
    this.#note(target, deviceId, frame, true);
    if (frame.command !== command.control && frame.command !== command.request) return;
    const sentAt = this.#options.clock.now();
    const { source, destination } = frame;
    const deny = {
      ...frame,
      source: destination,
      destination: source,
      command: command.deny,
      unit: { kind: 'empty' } as const,
      sentAt,
    };
    this.#options.reply(target.id, deviceId, encodeGbFrame(deny));
  }

  #answer(target: RelayWithDefaults, device: DeviceRecord, asked: GbFrame, answer: GbFrame): void {
    const { serial, version, source, destination } = asked;
    const { sentAtHex: _none, ...rest } = answer;
    const frame: GbFrame = { ...rest, serial, version, source: destination, destination: source };
    this.#options.reply(target.id, device.id, encodeGbFrame(frame, this.#options.profileOf(device)));
  }

  #remember(key: string): void {
    const now = this.#options.clock.now();
    this.#passed.delete(key);
    this.#passed.set(key, now);
    const device = key.slice(0, key.lastIndexOf('/') + 1);
    const ofDevice = [...this.#passed.keys()].filter((one) => one.startsWith(device));
    for (const old of ofDevice.slice(0, -MOST_ORDERS)) this.#passed.delete(old);
  }

  /** Once in a while: what no device answered. */
  sweep(now: number): void {
    for (const [key, at] of this.#passed) {
      if (now - at <= ORDER_KEPT_MS) return;
      this.#passed.delete(key);
    }
  }

  #note(target: RelayWithDefaults, deviceId: string, frame: GbFrame, isRefused: boolean): void {
    const now = this.#options.clock.now();
    const type = gbUnitTypeOf(frame.unit) ?? 0;
    const counts = this.#counts.get(target.id) ?? { passed: 0, refused: 0 };
    this.#counts.set(target.id, {
      ...counts,
      ...(isRefused
        ? { refused: counts.refused + 1, lastRefused: { at: now, deviceId, type } }
        : { passed: counts.passed + 1 }),
    });
    // Queries that go through change nothing at the device: counted alone.
    if (!isRefused && frame.command !== command.control) return;
    const key = `${target.id}/${deviceId}/${frame.command}/${type}/${isRefused}`;
    const known = this.#notes.get(key) ?? { count: 0, toldAt: -Infinity };
    this.#notes.set(key, known);
    known.count++;
    if (now - known.toldAt < COUNT_EVERY_MS) return;
    const { count } = known;
    known.count = 0;
    known.toldAt = now;
    this.#options.onNote({ relayId: target.id, deviceId, command: frame.command, type, isRefused, count });
  }
}

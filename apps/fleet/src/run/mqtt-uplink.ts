import { encodePresence, topicOf } from '@fengsui/protocol';
import { MqttLink } from '../mqtt/mqtt-link.ts';
import { publishPacket } from '../mqtt/packets.ts';
import type { PlannedDevice } from '../plan/fleet-plan.ts';
import { garbageOf, payloadOf, topicOfReport, type RunMark } from '../report/payload.ts';
import type { Transmission, Uplink, UplinkTold, Waiting } from './transmission.ts';

/** A lost acknowledgement: long enough for the centre to have the report, too short for its fdatasync. */
const CUT_AFTER_MS = 2;
const PRESENCE_MS = 30_000;

export type MqttUplinkOptions = {
  readonly centre: URL;
  /** Who logs in: a gateway, or the device itself. */
  readonly id: string;
  readonly model: string;
  readonly secret: string;
  readonly devices: readonly PlannedDevice[];
  readonly mark: RunMark;
  /** Unacknowledged at once. */
  readonly window: number;
};

type InFlight = { readonly transmission?: Transmission };

export class MqttUplink implements Uplink {
  readonly #options: MqttUplinkOptions;
  readonly #told: UplinkTold;
  #link: MqttLink | undefined;
  readonly #waiting: Waiting[] = [];
  #head = 0;
  /** Not acknowledged when the connection ended: first in line, in their order. */
  #again: Transmission[] = [];
  /** Duplicates and garbage: nobody misses them. */
  #extras: (Transmission | number)[] = [];
  #inFlight = new Map<number, InFlight>();
  #prepared: Uint8Array[] = [];
  #cutsNext = false;
  #packetId = 0;
  #garbageCount = 0;
  #presence: NodeJS.Timeout | undefined;

  constructor(options: MqttUplinkOptions, told: UplinkTold) {
    this.#options = options;
    this.#told = told;
  }

  get pending(): number {
    let flying = 0;
    for (const { transmission } of this.#inFlight.values()) if (transmission !== undefined) flying++;
    return this.waiting + this.#again.length + flying;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  get isOpen(): boolean {
    return this.#link?.isOpen === true;
  }

  connect(): void {
    const { centre, id, secret } = this.#options;
    this.#link = new MqttLink(centre, id, secret, {
      opened: () => {
        this.#tellPresence();
        if (this.#options.model === 'generic-gateway')
          this.#presence = setInterval(() => this.#tellPresence(), PRESENCE_MS);
        this.#told.opened();
        this.#told.hasWork();
      },
      acknowledged: (packetId) => this.#onAcknowledged(packetId),
      closed: (why, refusal) => {
        this.#onClosed();
        this.#told.closed(why, refusal);
      },
    });
  }

  offer(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#inFlight.size < this.#options.window) this.#told.hasWork();
  }

  prepare(): void {
    const link = this.#link;
    if (link?.isOpen !== true || link.isClogged) return;
    const room = (): boolean => this.#inFlight.size < this.#options.window && !this.#cutsNext;
    while (room() && this.#again.length > 0) this.#put(this.#again.shift() as Transmission);
    while (room() && this.#extras.length > 0) this.#putExtra(this.#extras.shift() as Transmission | number);
    while (room() && this.waiting > 0) {
      const waiting = this.#waiting[this.#head++] as Waiting;
      const transmission = this.#told.make(waiting);
      if (transmission === undefined) continue;
      if (waiting.due.bringsGarbage) this.#extras.push(transmission.device);
      this.#put(transmission);
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
  }

  transmit(): void {
    if (this.#prepared.length === 0) return;
    const link = this.#link;
    const packets = this.#prepared;
    this.#prepared = [];
    if (link?.isOpen !== true) return;
    link.send(packets);
    if (this.#cutsNext) setTimeout(() => link.cut(), CUT_AFTER_MS);
  }

  cut(): void {
    this.#link?.cut();
  }

  leave(): void {
    clearInterval(this.#presence);
    this.#link?.leave();
  }

  #put(transmission: Transmission): void {
    const { devices, mark } = this.#options;
    const device = devices[transmission.device] as PlannedDevice;
    if (transmission.isAgain) this.#told.count('resent');
    if (transmission.losesAck) {
      transmission.losesAck = false;
      this.#cutsNext = true;
    }
    this.#publish(
      topicOfReport(device.id, transmission.kind),
      payloadOf(device, transmission, mark),
      { transmission },
      transmission.isAgain,
    );
  }

  #putExtra(extra: Transmission | number): void {
    const { devices, mark } = this.#options;
    if (typeof extra === 'number') {
      this.#told.count('garbage');
      const device = devices[extra] as PlannedDevice;
      return this.#publish(topicOf('telemetry', device.id), garbageOf(mark.seed, this.#garbageCount++), {}, false);
    }
    this.#told.count('duplicates');
    const device = devices[extra.device] as PlannedDevice;
    this.#publish(topicOfReport(device.id, extra.kind), payloadOf(device, extra, mark), {}, true);
  }

  #publish(topic: string, payload: Uint8Array, inFlight: InFlight, isAgain: boolean): void {
    do this.#packetId = (this.#packetId % 0xffff) + 1;
    while (this.#inFlight.has(this.#packetId));
    this.#inFlight.set(this.#packetId, inFlight);
    this.#prepared.push(publishPacket(topic, this.#packetId, payload, isAgain));
  }

  #tellPresence(): void {
    const { id, model } = this.#options;
    this.#publish(topicOf('presence', id), encodePresence({ online: true, model }), {}, false);
    this.transmit();
  }

  #onAcknowledged(packetId: number): void {
    const transmission = this.#inFlight.get(packetId)?.transmission;
    this.#inFlight.delete(packetId);
    if (transmission !== undefined) {
      this.#told.acknowledged(transmission);
      if (transmission.isDuplicated) this.#extras.push(transmission);
    }
    if (this.#again.length + this.#extras.length + this.waiting > 0) this.#told.hasWork();
  }

  #onClosed(): void {
    clearInterval(this.#presence);
    const cutOff = [...this.#inFlight.values()].flatMap(({ transmission }) =>
      transmission === undefined ? [] : [transmission],
    );
    for (const transmission of cutOff) transmission.isAgain = true;
    this.#again = [...cutOff, ...this.#again];
    this.#inFlight = new Map();
    this.#extras = [];
    this.#prepared = [];
    this.#cutsNext = false;
  }
}

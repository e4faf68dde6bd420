import { Buffer } from 'node:buffer';
import { createGbDoors, type GbPlace } from '../intake/gb26875/gb-doors.ts';
import type { GbDoor } from '../intake/gb26875/gb-door.ts';
import type { Elsewhere } from '../intake/gb26875/device-links.ts';
import type { GbIntake } from '../intake/gb26875/gb-intake.ts';
import { ClockedOrders } from '../intake/gb26875/receipt-orders.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Registry } from '../registry/registry.ts';
import type { GbSituation } from '../situation/gb26875/gb-situation.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { firstSessionOf, readWord } from './cluster-words.ts';
import { gatewayRelays } from './gateway-relays.ts';
import {
  gbSubjects,
  readRequest,
  sayResult,
  type GbDoorAnswer,
  type GbDoorQuestion,
  type GbDoorWord,
} from './gb-words.ts';
import { BEAT_EVERY_MS } from './leader-news.ts';

export type GatewayGbOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  readonly gateway: number;
  readonly place: GbPlace;
  readonly journal: JournalWriter;
  readonly registry: Registry;
  /** How makes deviate: the same as at the centre, or a frame is put into the wrong lane. */
  readonly profiles: Pick<GbSituation, 'profileOf' | 'profiles'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs?: number;
};

/**
 * GB/T 26875.3 at a gateway: frames are confirmed when the journal has them, whether a centre leads or not. Clock, state
 * and patrol of a device are the gateway's matter; what people ask of it comes from the centre.
 */
export class GatewayGb {
  readonly #options: GatewayGbOptions;
  readonly #orders: ClockedOrders;
  readonly #intake: GbIntake;
  readonly #door: GbDoor;
  #opened = new Map<string, Elsewhere & { readonly deviceId: string }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GatewayGbOptions) {
    this.#options = options;
    const { gateway, clock, profiles: gb } = options;
    this.#orders = new ClockedOrders(() => clock.now(), gateway);
    const { intake, door } = createGbDoors(options.place, {
      ...options,
      gb,
      orders: this.#orders,
      relay: gatewayRelays(options.registry),
      others: {
        firstSession: firstSessionOf(gateway),
        opened: (deviceId, here) => this.#tellOpened({ deviceId, ...here }),
      },
    });
    this.#intake = intake;
    this.#door = door;
  }

  get linkCount(): number {
    return this.#intake.linkCount;
  }

  get frameCount(): number {
    return this.#intake.frameCount;
  }

  /** The port. */
  async start(): Promise<number> {
    const { bus, prefix, gateway, everyMs = BEAT_EVERY_MS } = this.#options;
    const subjects = gbSubjects(prefix);
    bus.subscribe(subjects.doors, (message) => {
      const word = readWord<GbDoorWord>(message, ['order', 'opened']);
      if (word !== undefined && word.gateway !== gateway) this.#hear(word);
    });
    bus.answer(subjects.door(gateway), async (message): Promise<GbDoorAnswer> => {
      const question = readWord<GbDoorQuestion>(message, ['ask', 'send']);
      return question === undefined ? { isSent: false } : this.#answer(question);
    });
    const port = await this.#door.start();
    this.#timer = setInterval(() => this.#say({ kind: 'order' }), everyMs);
    return port;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#door.stop();
  }

  #hear({ gateway, highestOrder, links = [] }: GbDoorWord): void {
    this.#orders.hear(highestOrder, this.#options.gateway < gateway);
    for (const { deviceId, ...elsewhere } of links) this.#intake.superseded(deviceId, elsewhere);
  }

  async #answer(question: GbDoorQuestion): Promise<GbDoorAnswer> {
    if (question.kind === 'send')
      return { isSent: this.#intake.send(question.deviceId, Buffer.from(question.bytes, 'base64')) };
    const result = await this.#intake.ask(question.deviceId, readRequest(question.request));
    return result === undefined ? { isSent: false } : { isSent: true, result: sayResult(result) };
  }

  /** Those of one turn of the event loop are told together: a thousand come back at once. */
  #tellOpened(link: Elsewhere & { readonly deviceId: string }): void {
    this.#opened.set(link.deviceId, link);
    if (this.#opened.size > 1) return;
    setImmediate(() => {
      const links = [...this.#opened.values()];
      this.#opened = new Map();
      this.#say({ kind: 'opened', links });
    });
  }

  #say(word: Omit<GbDoorWord, 'gateway' | 'highestOrder'>): void {
    const { bus, prefix, gateway } = this.#options;
    bus.publish(gbSubjects(prefix).doors, { ...word, gateway, highestOrder: this.#orders.highest });
  }
}

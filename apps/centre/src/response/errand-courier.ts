import { commandLifetimeMs, type CommandName } from '@fengsui/protocol';
import type { Log } from '../platform/log.ts';
import type { Effects } from '../situation/effects.ts';
import type { KeptCommand } from '../situation/kept-command.ts';
import type { Store } from '../store/store.ts';
import { sendOrder, type SendOrderParts } from './send-order.ts';

export type CourierParts = SendOrderParts & { readonly store: Store; readonly log: Log };

/** What is carried, and when it has arrived. */
export type ErrandKind<Item extends { readonly id: string; readonly deviceId: string }> = {
  readonly command: CommandName;
  /** What no device has answered for good, oldest first. */
  undelivered(): Promise<readonly Item[]>;
  /** What a commit brings to carry. */
  newsOf(effects: Effects): readonly Item[];
  /** The item that a command of this name carried. */
  idOf(command: KeptCommand): string | undefined;
  /** The device has it, or never will. */
  isFinal(command: KeptCommand): boolean;
  /** Undefined: nothing is to be carried any more. */
  orderOf(item: Item): Promise<Order | undefined>;
  /** What is newer makes what waits for the same device needless. */
  readonly newestOnly?: true;
};

export type Order = { readonly args: Readonly<Record<string, unknown>>; readonly reason: string; readonly by: string };

/** What one device has still to be told, oldest first, and when it may be told again. */
type Errand<Item> = { readonly waiting: Map<string, Item>; notBefore: number; failures: number };

const LOOK_EVERY_MS = 2_000;
/** After a command that was not answered, or was refused for a passing reason. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** A reply may come this long after the command expired. */
const REPLY_MS = commandLifetimeMs + 10_000;

/**
 * Carries to devices what waits for them: signed commands, one after the other in their order, when a device is
 * connected. What is delivered is on record as a command with its reply; nothing is kept here that the store does not
 * know.
 */
export class ErrandCourier<Item extends { readonly id: string; readonly deviceId: string }> {
  readonly #parts: CourierParts;
  readonly #kind: ErrandKind<Item>;
  readonly #errands = new Map<string, Errand<Item>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: CourierParts, kind: ErrandKind<Item>) {
    this.#parts = parts;
    this.#kind = kind;
  }

  async start(): Promise<void> {
    for (const item of await this.#kind.undelivered()) this.#take(item);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Told of every commit. */
  follow(effects: Effects): void {
    for (const item of this.#kind.newsOf(effects)) this.#take(item);
    for (const command of effects.commands.values()) {
      if (command.name !== this.#kind.command) continue;
      const id = this.#kind.idOf(command);
      const errand = this.#errands.get(command.deviceId);
      if (id === undefined || errand === undefined) continue;
      if (this.#kind.isFinal(command)) {
        errand.waiting.delete(id);
        Object.assign(errand, { notBefore: 0, failures: 0 });
        if (errand.waiting.size === 0) this.#errands.delete(command.deviceId);
      } else if (command.state !== 'requested' && command.state !== 'sent') this.#pause(errand);
    }
  }

  #take(item: Item): void {
    let errand = this.#errands.get(item.deviceId);
    if (errand === undefined) {
      errand = { waiting: new Map(), notBefore: 0, failures: 0 };
      this.#errands.set(item.deviceId, errand);
    }
    if (errand.waiting.has(item.id)) return;
    if (this.#kind.newestOnly === true) errand.waiting.clear();
    errand.waiting.set(item.id, item);
  }

  #pause(errand: Errand<Item>): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** errand.failures);
    Object.assign(errand, { notBefore: this.#parts.clock.now() + pauseMs, failures: errand.failures + 1 });
  }

  #look(): void {
    const { clock, situation, commands, log } = this.#parts;
    const now = clock.now();
    for (const [deviceId, errand] of this.#errands) {
      const [item] = errand.waiting.values();
      if (item === undefined || now < errand.notBefore || situation.isIdentitySuspect(deviceId)) continue;
      if (!commands.isReachable(deviceId)) continue;
      errand.notBefore = now + REPLY_MS;
      this.#send(item).catch((error: unknown) => {
        this.#pause(errand);
        const reason = error instanceof Error ? error.message : String(error);
        log.warn('errand not sent', { deviceId, command: this.#kind.command, error: reason });
      });
    }
  }

  async #send(item: Item): Promise<void> {
    const { deviceId } = item;
    const device = this.#parts.situation.registry.device(deviceId);
    const order = device === undefined ? undefined : await this.#kind.orderOf(item);
    if (device === undefined || order === undefined) {
      this.#errands.get(deviceId)?.waiting.delete(item.id);
      return;
    }
    await sendOrder(this.#parts, { device, name: this.#kind.command, ...order });
  }
}

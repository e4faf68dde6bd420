import { isClosedWorkOrder } from '@fengsui/protocol';
import { ShardNumbers } from '../situation/shard-numbers.ts';
import type { KeptWorkOrder } from './kept-work-order.ts';
import { defaultWorkRules, type WorkRules } from './work-rules.ts';

/** What is remembered of an order that is over, to know a fault that comes back. */
export type ClosedOrder = Pick<KeptWorkOrder, 'id' | 'deviceId' | 'repeatCount'> & {
  readonly closedAt: number;
  readonly kinds: readonly string[];
};

/** The orders that are not closed, and the last that was for each device; in memory, rebuilt at the start. */
export class WorkBook {
  rules: WorkRules = defaultWorkRules;
  readonly numbers = new ShardNumbers();
  readonly #open = new Map<string, KeptWorkOrder>();
  readonly #byRoot = new Map<string, string>();
  readonly #byCondition = new Map<string, string>();
  readonly #repaired = new Map<string, string>();
  readonly #openByRule = new Map<string, number>();
  readonly #closed = new Map<string, ClosedOrder>();
  /** Conditions that would open an order if their venue had not as many as the rules allow; with their venue. */
  readonly heldBack = new Map<string, string>();

  get(id: string): KeptWorkOrder | undefined {
    return this.#open.get(id);
  }

  open(): IterableIterator<KeptWorkOrder> {
    return this.#open.values();
  }

  /** The open order of a device, or of the gateway it is behind. */
  ofRoot(deviceId: string, gatewayId: string | undefined): KeptWorkOrder | undefined {
    const id = this.#byRoot.get(deviceId) ?? this.#byRoot.get(gatewayId ?? '');
    return id === undefined ? undefined : this.#open.get(id);
  }

  ofCondition(conditionId: string): KeptWorkOrder | undefined {
    const id = this.#byCondition.get(conditionId);
    return id === undefined ? undefined : this.#open.get(id);
  }

  /** The order that waits for this device to show that it is repaired. */
  awaiting(deviceId: string): KeptWorkOrder | undefined {
    const id = this.#repaired.get(deviceId);
    return id === undefined ? undefined : this.#open.get(id);
  }

  openByRule(venueId: string): number {
    return this.#openByRule.get(venueId) ?? 0;
  }

  lastClosed(deviceId: string): ClosedOrder | undefined {
    return this.#closed.get(deviceId);
  }

  /** Keeps the order as it is now; a closed one leaves and is remembered. */
  put(order: KeptWorkOrder): void {
    const before = this.#open.get(order.id);
    if (before !== undefined) this.#forget(before);
    this.numbers.given(order.number);
    if (isClosedWorkOrder(order.state)) {
      this.remember(order);
      return;
    }
    this.#open.set(order.id, order);
    this.#byRoot.set(order.deviceId, order.id);
    for (const { conditionId } of order.faults) this.#byCondition.set(conditionId, order.id);
    if (order.state === 'repaired') this.#repaired.set(order.deviceId, order.id);
    if (order.openedBy === undefined) this.#countByRule(order.place.venueId, 1);
  }

  /** Called off by a person means that nothing was repaired: what comes then is no repetition. */
  remember({ id, deviceId, closedAt, closedBy, faults, repeatCount, state }: KeptWorkOrder): void {
    if (closedAt === undefined || (state === 'cancelled' && closedBy !== undefined)) return;
    const kinds = [...new Set(faults.map(({ kind }) => kind))];
    this.#closed.set(deviceId, { id, deviceId, closedAt, kinds, repeatCount });
  }

  #forget(order: KeptWorkOrder): void {
    this.#open.delete(order.id);
    if (this.#byRoot.get(order.deviceId) === order.id) this.#byRoot.delete(order.deviceId);
    if (this.#repaired.get(order.deviceId) === order.id) this.#repaired.delete(order.deviceId);
    for (const { conditionId } of order.faults)
      if (this.#byCondition.get(conditionId) === order.id) this.#byCondition.delete(conditionId);
    if (order.openedBy === undefined) this.#countByRule(order.place.venueId, -1);
  }

  #countByRule(venueId: string, change: number): void {
    const count = this.openByRule(venueId) + change;
    if (count > 0) this.#openByRule.set(venueId, count);
    else this.#openByRule.delete(venueId);
  }
}

/** Messages a second that a device may send for good, and how many it may send at once: an outbox that catches up. */
export type FlowBounds = { readonly perSecond: number; readonly burst: number };

/** Far above what any device of one venue has to say; below what would keep the journal from the others. */
export const deviceFlow: FlowBounds = { perSecond: 1_000, burst: 20_000 };
/** Speaks for all that stand behind it. */
export const gatewayFlow: FlowBounds = { perSecond: 10_000, burst: 100_000 };

const LONGEST_HOLD_MS = 1_000;

type Bucket = { readonly left: number; readonly at: number };

/**
 * A token bucket per device. Who sends more is read more slowly: nothing is refused or lost, it waits at the sender, and
 * the others are served meanwhile.
 */
export class FlowLimit {
  readonly #buckets = new Map<string, Bucket>();

  /** Counts one message; how long its answer shall wait, 0 while the device keeps within its bounds. */
  admit(deviceId: string, { perSecond, burst }: FlowBounds, now: number): number {
    const before = this.#buckets.get(deviceId) ?? { left: burst, at: now };
    // A clock that went back gives nothing.
    const gained = (Math.max(0, now - before.at) * perSecond) / 1000;
    // A debt is bounded too: who was held back for long enough is not held back for ever.
    const left = Math.max(-perSecond, Math.min(burst, before.left + gained) - 1);
    this.#buckets.set(deviceId, { left, at: now });
    return left >= 0 ? 0 : Math.min(LONGEST_HOLD_MS, Math.ceil((-left * 1000) / perSecond));
  }
}

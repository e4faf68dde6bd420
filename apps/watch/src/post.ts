import type { Call } from './outage.ts';

/** A call on its way over one channel. */
export type Delivery = {
  readonly channel: string;
  readonly call: Call;
  readonly tries: number;
  readonly nextAt: number;
};

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 120_000;
/** A channel that was away for so long gets the newest; the oldest are given up, and said. */
const KEPT_PER_CHANNEL = 20;

/** Adds a call to every channel's queue. A reminder takes the place of one that has not left yet. */
export function enqueue(deliveries: readonly Delivery[], channels: readonly string[], call: Call): readonly Delivery[] {
  const others = call.kind === 'reminder' ? deliveries.filter((held) => held.call.kind !== 'reminder') : deliveries;
  const grown = [...others, ...channels.map((channel) => ({ channel, call, tries: 0, nextAt: call.at }))];
  return channels.flatMap((channel) => grown.filter((held) => held.channel === channel).slice(-KEPT_PER_CHANNEL));
}

/** The next of each channel that is due: one after the other, so that "well again" never comes before "down". */
export function due(deliveries: readonly Delivery[], now: number): readonly Delivery[] {
  const firsts = new Map<string, Delivery>();
  for (const delivery of deliveries) if (!firsts.has(delivery.channel)) firsts.set(delivery.channel, delivery);
  // A clock that was set back must not hold a call for hours.
  return [...firsts.values()].filter(({ nextAt }) => nextAt <= now || nextAt > now + LONGEST_PAUSE_MS);
}

export const delivered = (deliveries: readonly Delivery[], done: Delivery): readonly Delivery[] =>
  deliveries.filter((held) => held.channel !== done.channel || held.call.id !== done.call.id);

/** It did not go: again after a pause that doubles, never given up for that. */
export function failed(deliveries: readonly Delivery[], tried: Delivery, now: number): readonly Delivery[] {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tried.tries, 10));
  return deliveries.map((held) =>
    held.channel === tried.channel && held.call.id === tried.call.id
      ? { ...held, tries: held.tries + 1, nextAt: now + pauseMs }
      : held,
  );
}

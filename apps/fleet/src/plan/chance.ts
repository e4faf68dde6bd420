/**
 * A number in [0, 1) that depends on its arguments alone: the plan of a run is the same in whatever order it is asked.
 *
 * @param stream names what is decided, so that two decisions on the same number are independent.
 */
export function chance(seed: number, stream: number, n: number): number {
  // Mixing steps of MurmurHash3's finaliser, once per argument.
  let hash = mix(seed | 0);
  hash = mix(hash ^ Math.imul(stream, 0x9e3779b1));
  hash = mix(hash ^ ((n % 0x1_0000_0000) | 0) ^ Math.imul(Math.floor(n / 0x1_0000_0000), 0x85ebca6b));
  return (hash >>> 0) / 0x1_0000_0000;
}

function mix(value: number): number {
  let hash = (value + 0x6d2b79f5) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** What a number is drawn for. */
export const streams = {
  order: 1,
  model: 2,
  jitter: 3,
  alarming: 4,
  raiseAt: 5,
  clears: 6,
  clearAt: 7,
  eventKind: 8,
  duplicate: 9,
  lostAck: 10,
  garbage: 11,
  skew: 12,
  silent: 13,
  reconnect: 14,
  value: 15,
} as const;

/** The centre's clock as last heard, carried on by our own monotonic one: nobody sets it back from this side. */
export type CentreClock = {
  hear(centreAt: number): void;
  /** Epoch ms of the centre; undefined before it was heard. */
  now(): number | undefined;
  /** What it was when it was heard first. */
  firstHeard(): number | undefined;
};

/** @param monotonicMs never goes back: `performance.now`. */
export function createCentreClock(monotonicMs: () => number): CentreClock {
  let heard: { readonly centreAt: number; readonly atMs: number } | undefined;
  let firstHeard: number | undefined;
  return {
    hear(centreAt) {
      firstHeard ??= centreAt;
      heard = { centreAt, atMs: monotonicMs() };
    },
    now: () => (heard === undefined ? undefined : heard.centreAt + (monotonicMs() - heard.atMs)),
    firstHeard: () => firstHeard,
  };
}

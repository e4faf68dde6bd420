import { DIMENSIONS } from './step-watch.ts';

/** The newest seconds of a circuit; pushing allocates nothing. */
export type RecentSeconds = {
  readonly push: (at: number, x: Float64Array) => void;
  /** Seconds that ended before `at`, oldest first, at most `SECONDS`; views, valid until the next push. */
  readonly before: (at: number) => readonly Float64Array[];
  readonly reset: () => void;
};

/** Two minutes: long enough for the covariance of eight dimensions, short enough to be the present background. */
const SECONDS = 128;

export function createRecentSeconds(): RecentSeconds {
  const ring = Array.from({ length: SECONDS }, () => new Float64Array(DIMENSIONS));
  const times = new Float64Array(SECONDS);
  let pushed = 0;
  let held = 0;
  return {
    push(at, x) {
      const slot = pushed++ % SECONDS;
      (ring[slot] as Float64Array).set(x);
      times[slot] = at;
      held = Math.min(SECONDS, held + 1);
    },
    before(at) {
      const found: Float64Array[] = [];
      for (let age = held - 1; age >= 0; age--) {
        const slot = (pushed - 1 - age + SECONDS) % SECONDS;
        if ((times[slot] as number) < at) found.push(ring[slot] as Float64Array);
      }
      return found;
    },
    reset() {
      held = 0;
    },
  };
}

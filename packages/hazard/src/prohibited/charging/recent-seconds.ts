import { DIMENSIONS } from './step-watch.ts';

/** The newest seconds of a circuit; pushing allocates once in 20 s. */
export type RecentSeconds = {
  readonly push: (at: number, x: Float64Array) => void;
  /** Seconds that ended before `at`, oldest first, at most `SECONDS`; views, valid until the next push. */
  readonly before: (at: number) => readonly Float64Array[];
  /** Means of 20 s that ended before `at`, since the last `restart`, oldest first, at most ten minutes of them. */
  readonly binsBefore: (at: number) => readonly Float64Array[];
  /** A step: older means belong to another level. */
  readonly restart: () => void;
  readonly reset: () => void;
};

/** Length of a mean, seconds. */
export const BIN_S = 20;
const MOST_BINS = 30;

/** Two minutes: long enough for the covariance of eight dimensions, short enough to be the present background. */
const SECONDS = 128;

export function createRecentSeconds(): RecentSeconds {
  const ring = Array.from({ length: SECONDS }, () => new Float64Array(DIMENSIONS));
  const times = new Float64Array(SECONDS);
  const sum = new Float64Array(DIMENSIONS);
  let bins: { readonly endedAt: number; readonly mean: Float64Array }[] = [];
  let summed = 0;
  let pushed = 0;
  let held = 0;
  const restart = (): void => {
    bins = [];
    sum.fill(0);
    summed = 0;
  };
  return {
    push(at, x) {
      const slot = pushed++ % SECONDS;
      (ring[slot] as Float64Array).set(x);
      times[slot] = at;
      held = Math.min(SECONDS, held + 1);
      for (let k = 0; k < DIMENSIONS; k++) sum[k] = (sum[k] as number) + (x[k] as number);
      if (++summed < BIN_S) return;
      bins.push({ endedAt: at, mean: sum.map((value) => value / BIN_S) });
      if (bins.length > MOST_BINS) bins.shift();
      sum.fill(0);
      summed = 0;
    },
    before(at) {
      const found: Float64Array[] = [];
      for (let age = held - 1; age >= 0; age--) {
        const slot = (pushed - 1 - age + SECONDS) % SECONDS;
        if ((times[slot] as number) < at) found.push(ring[slot] as Float64Array);
      }
      return found;
    },
    binsBefore: (at) => bins.filter(({ endedAt }) => endedAt < at).map(({ mean }) => mean),
    restart,
    reset() {
      held = 0;
      restart();
    },
  };
}

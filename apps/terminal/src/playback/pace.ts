/** When a block of samples is due, and which instant a sample stands for. */
export type Pace = {
  /** How long to wait until the sample at `signalMs` would have been taken; 0 when it is due or overdue. */
  waitMs(signalMs: number, now: number): number;
  /** The instant (epoch ms) that stands for `signalMs` in a report written now; never more than a second ahead of now. */
  stamp(signalMs: number, now: number): number;
};

/** Further off than this, the clock was set or the machine slept: signal time is tied to the clock anew. */
const MOST_OFF_MS = 2000;

/**
 * At speed 1 a sample's instant is the start of the run plus its place in the signal. At any other speed signal time
 * runs away from the clock, and a centre treats stamps from the future as a broken clock: reports then carry the
 * instant at which they were written, one ms later than the one before at least.
 *
 * @param speed signal time per wall time; Infinity = as fast as it can.
 * @throws RangeError for a speed that is not above 0.
 */
export function createPace(speed: number, startedAt: number): Pace {
  if (!(speed > 0)) throw new RangeError(`speed is ${speed}, expected a number above 0 or Infinity`);
  let anchorAt = startedAt;
  let lastStamp = -Infinity;
  let lastSignalMs = 0;
  return {
    waitMs(signalMs, now) {
      if (speed === Infinity) return 0;
      const waitMs = anchorAt + signalMs / speed - now;
      const stepMs = (signalMs - lastSignalMs) / speed;
      lastSignalMs = signalMs;
      if (waitMs >= -MOST_OFF_MS && waitMs <= stepMs + MOST_OFF_MS) return Math.max(0, waitMs);
      anchorAt = now - signalMs / speed;
      return 0;
    },
    stamp(signalMs, now) {
      if (speed === 1) return Math.round(anchorAt + signalMs);
      lastStamp = Math.max(lastStamp + 1, now);
      return lastStamp;
    },
  };
}

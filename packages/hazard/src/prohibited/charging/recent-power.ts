/** The power of a circuit over its newest seconds, fine enough to see a soft start; readings of a second are not. */
export type RecentPower = {
  /** A cycle, or a few; `at` = its end, ms. Unknown power (NaN) and going back in time begin anew. */
  readonly push: (at: number, activePowerW: number) => void;
  /**
   * Time from the first sign of a step until it stayed near its size, ms, for a step that began in the second before
   * `startedAt`. NaN when it was not watched, or when what ran before was too restless to see it.
   */
  readonly riseMs: (startedAt: number, stepW: number) => number;
};

/** Two cycles are one value: 20 s take 2 KB. */
const SLOT_MS = 40;
const SLOTS = 512;
const LONGEST_GAP_MS = 500;
/** Before the step: from … to, ms before the second in which it began had ended. */
const BEFORE_FROM_MS = 2200;
const BEFORE_TO_MS = 1200;
const LATEST_MS = 5000;
const BEGUN_RATIO = 0.06;
const RISEN_RATIO = 0.85;
/** Range of the old level, part of the step, beyond which its beginning and its end are hidden. */
const MOST_RESTLESS = 0.3;

/** Keeps the power of the newest 20 seconds. */
export function createRecentPower(): RecentPower {
  const ring = new Float32Array(SLOTS).fill(NaN);
  let newestSlot = -1;
  let lastAt = -Infinity;
  let sum = 0;
  let count = 0;
  const valueAt = (slot: number): number =>
    slot > newestSlot || slot <= newestSlot - SLOTS ? NaN : (ring[slot % SLOTS] as number);

  return {
    push(at, activePowerW) {
      const slot = Math.floor(at / SLOT_MS);
      if (!Number.isFinite(activePowerW) || at <= lastAt || at - lastAt > LONGEST_GAP_MS) {
        ring.fill(NaN);
        count = 0;
        sum = 0;
        newestSlot = -1;
        lastAt = Number.isFinite(activePowerW) ? at : -Infinity;
        if (!Number.isFinite(activePowerW)) return;
      }
      lastAt = at;
      if (slot !== newestSlot) {
        // Readings coarser than a slot hold until the next one.
        for (let empty = Math.max(newestSlot + 1, slot - SLOTS + 1); newestSlot >= 0 && empty < slot; empty++)
          ring[empty % SLOTS] = activePowerW;
        newestSlot = slot;
        sum = 0;
        count = 0;
      }
      sum += activePowerW;
      count++;
      ring[slot % SLOTS] = sum / count;
    },
    riseMs(startedAt, stepW) {
      const startSlot = Math.floor((startedAt - BEFORE_TO_MS) / SLOT_MS);
      const fromSlot = Math.floor((startedAt - BEFORE_FROM_MS) / SLOT_MS);
      const endSlot = Math.min(newestSlot, Math.floor((startedAt + LATEST_MS) / SLOT_MS));
      let low = Infinity;
      let high = -Infinity;
      let total = 0;
      for (let slot = fromSlot; slot < startSlot; slot++) {
        const value = valueAt(slot);
        if (Number.isNaN(value)) return NaN;
        low = Math.min(low, value);
        high = Math.max(high, value);
        total += value;
      }
      const restless = (high - low) / stepW;
      if (!(restless <= MOST_RESTLESS)) return NaN;
      const before = total / (startSlot - fromSlot);
      let begun = -1;
      let notRisen = -1;
      for (let slot = startSlot; slot <= endSlot; slot++) {
        const part = (valueAt(slot) - before) / stepW;
        if (Number.isNaN(part)) return NaN;
        if (begun < 0 && Math.abs(part) > BEGUN_RATIO + restless) begun = slot;
        if (part < RISEN_RATIO - restless) notRisen = slot;
      }
      // Still below at the end: it goes on rising, or this was not the step.
      if (begun < 0 || notRisen === endSlot) return notRisen === endSlot && begun >= 0 ? LATEST_MS : NaN;
      return Math.max(0, notRisen - begun + 1) * SLOT_MS;
    },
  };
}

/** The power of a circuit over its newest seconds, fine enough to see a soft start; readings of a second are not. */
export type RecentPower = {
  /** A cycle, or a few; `at` = its end, ms. Unknown power (NaN) and going back in time begin anew. */
  readonly push: (at: number, activePowerW: number) => void;
  /**
   * Time from the first sign of a step until it had reached its size and stayed there, ms, for a step that began in the
   * second before `startedAt`, or with the contact that closed at `contactAt`. NaN when it was not watched, or when what ran
   * before was too restless to see it. What another load does after the rise does not count.
   */
  readonly riseMs: (startedAt: number, stepW: number, contactAt?: number) => number;
};

/** Two cycles are one value: 20 s take 2 KB. */
const SLOT_MS = 40;
const SLOTS = 512;
const LONGEST_GAP_MS = 500;
/** Before the step: from … to, ms before the second in which it began had ended. */
const BEFORE_FROM_MS = 2200;
const BEFORE_TO_MS = 1200;
/** The same before a contact whose time is known. */
const CONTACT_FROM_MS = 1000;
const CONTACT_TO_MS = 120;
const LATEST_MS = 5000;
/** More than this part of the step after the inrush is another load's. */
const MOST_PART = 1.5;
/** An inrush is over after this time; a level lasts for longer. */
const HELD_SLOTS = 5;
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
    riseMs(startedAt, stepW, contactAt) {
      const slotAt = (at: number): number => Math.floor(at / SLOT_MS);
      const startSlot = slotAt(contactAt === undefined ? startedAt - BEFORE_TO_MS : contactAt - CONTACT_TO_MS);
      const fromSlot = slotAt(contactAt === undefined ? startedAt - BEFORE_FROM_MS : contactAt - CONTACT_FROM_MS);
      const endSlot = Math.min(newestSlot, slotAt((contactAt ?? startedAt) + LATEST_MS));
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
      let risen = -1;
      let held = 0;
      for (let slot = startSlot; slot <= endSlot && held < HELD_SLOTS; slot++) {
        const part = (valueAt(slot) - before) / stepW;
        if (Number.isNaN(part)) return NaN;
        if (begun < 0 && Math.abs(part) > BEGUN_RATIO + restless) begun = slot;
        if (part < RISEN_RATIO - restless) held = 0;
        else if (held++ === 0) risen = slot;
        if (held === HELD_SLOTS && part > MOST_PART + restless) return NaN;
      }
      if (begun < 0) return NaN;
      // Still below at the end: it goes on rising, or this was not the step.
      return held < HELD_SLOTS ? LATEST_MS : Math.max(0, risen - begun) * SLOT_MS;
    },
  };
}

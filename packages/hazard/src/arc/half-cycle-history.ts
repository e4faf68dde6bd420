/** The newest half-cycles, negative ones turned over, with what is said of one without knowing the load. */
export type HalfCycleHistory = {
  readonly points: number;
  /** Half-cycles taken so far; the newest has this number. */
  count(): number;
  /** Samples of all slots; those of the half-cycle `back` before the newest begin at `offset(back)`. */
  readonly samplesA: Float32Array;
  offset(back: number): number;
  /** 0 for a positive half-cycle, 1 for a negative one. */
  side(back: number): 0 | 1;
  add(currentA: Float64Array, polarity: 1 | -1): void;
  /** Mean |current|, A. */
  levelA(back: number): number;
  /** Largest step between two points over the largest value. */
  stepRatio(back: number): number;
  /**
   * Mean distance from what the half-cycles of the same polarity before it foretell, A: the one before, or the straight
   * line through two, whichever is nearer. Small while nothing changes and while something changes steadily.
   */
  surpriseA(back: number): number;
};

/** Half-cycles kept; a power of two. With their samples they are most of what a circuit's arc detection holds: 8 KiB. */
const KEPT = 32;
/** Half-cycles that a state may be learned from. */
export const MOST_LEARNED = 28;
/** Half-cycles before one that `surpriseA` needs. */
export const SURPRISE_REACH = 4;

export function createHalfCycleHistory(points: number): HalfCycleHistory {
  const samplesA = new Float32Array(KEPT * points);
  const sides = new Uint8Array(KEPT);
  let count = 0;
  const slot = (back: number): number => (count - back) & (KEPT - 1);
  const offset = (back: number): number => slot(back) * points;

  return {
    points,
    samplesA,
    count: () => count,
    offset,
    side: (back) => (sides[slot(back)] === 1 ? 1 : 0),
    add(currentA, polarity) {
      count++;
      sides[slot(0)] = polarity > 0 ? 0 : 1;
      const to = offset(0);
      for (let n = 0; n < points; n++) samplesA[to + n] = polarity * (currentA[n] as number);
    },
    levelA(back) {
      const from = offset(back);
      let sum = 0;
      for (let n = 0; n < points; n++) sum += Math.abs(samplesA[from + n] as number);
      return sum / points;
    },
    stepRatio(back) {
      const from = offset(back);
      let before = samplesA[from] as number;
      let peak = Math.abs(before);
      let step = 0;
      for (let n = 1; n < points; n++) {
        const value = samplesA[from + n] as number;
        const size = Math.abs(value);
        if (size > peak) peak = size;
        const move = Math.abs(value - before);
        if (move > step) step = move;
        before = value;
      }
      return peak > 0 ? step / peak : 0;
    },
    surpriseA(back) {
      const here = offset(back);
      const first = offset(back + 2);
      const second = offset(back + 4);
      let fromLast = 0;
      let fromLine = 0;
      for (let n = 0; n < points; n++) {
        const value = samplesA[here + n] as number;
        const before = samplesA[first + n] as number;
        fromLast += Math.abs(value - before);
        fromLine += Math.abs(value - 2 * before + (samplesA[second + n] as number));
      }
      return Math.min(fromLast, fromLine) / points;
    },
  };
}

import type { PulseAxis } from './pulse-axis.ts';

/** Neighbouring cycles of one side on one level of the background. */
export type LevelRun = {
  readonly from: number;
  /** One past the last cycle. */
  readonly to: number;
  /** Strength along the pulse axis, A. */
  readonly levelA: number;
  /** Noise of one of its cycles along the axis: a load that pulses is less steady while it is on. */
  readonly noiseA: number;
};

/** The levels that a background held on both sides of a switching. */
export type LevelRuns = {
  readonly before: readonly LevelRun[];
  readonly after: readonly LevelRun[];
  /** Noise of a cycle along the axis where it stands. */
  readonly noiseAt: (cycle: number) => number;
  /** Levels closer than this are one. */
  readonly toleranceA: number;
};

/** Noise beyond this part of the range is no noise but motion. */
const MOST_NOISE = 0.06;
/** Cycles of a run stay this many noises, or this part of the range, around its mean … */
const RUN_REACH = 3.5;
const LEAST_RUN_REACH = 0.035;
/** … and this far from the one before. */
const STEP_REACH = 6;
const LEAST_STEP = 0.012;
const SAME_LEVEL_NOISES = 3;
const SAME_LEVEL_RATIO = 0.06;

/** Finds the runs of at least two cycles on one level; what lies between them is an edge or a ramp. */
export function levelRuns({ along, rangeA, noiseA }: PulseAxis, eventIndex: number): LevelRuns {
  const isHigh = heights(along, eventIndex, rangeA);
  const most = MOST_NOISE * rangeA;
  const noises = { low: bendNoise(along, eventIndex, isHigh, false), high: bendNoise(along, eventIndex, isHigh, true) };
  const all = bendNoise(along, eventIndex, isHigh, undefined) ?? noiseA;
  const lowNoise = Math.min(most, Math.max(noiseA, noises.low ?? Math.min(all, noises.high ?? all)));
  const highNoise = Math.min(most, Math.max(noiseA, noises.high ?? Math.max(all, noises.low ?? 0)));
  const unknownNoise = Math.max(lowNoise, highNoise, Math.min(all, most));
  const noiseAt = (cycle: number): number => {
    const high = isHigh(cycle);
    return high === undefined ? unknownNoise : high ? highNoise : lowNoise;
  };
  const scan = (from: number, to: number): LevelRun[] => {
    const runs: LevelRun[] = [];
    let cycle = from;
    while (cycle < to) {
      const noise = noiseAt(cycle);
      const reach = Math.max(RUN_REACH * noise, LEAST_RUN_REACH * rangeA);
      const step = Math.max(STEP_REACH * noise, LEAST_STEP * rangeA);
      let end = cycle + 1;
      let mean = along[cycle] as number;
      while (end < to) {
        const value = along[end] as number;
        if (Math.abs(value - mean) > reach || Math.abs(value - (along[end - 1] as number)) > step) break;
        end++;
        mean += (value - mean) / (end - cycle);
      }
      if (end - cycle >= 2) {
        runs.push({ from: cycle, to: end, levelA: levelOf(along.subarray(cycle, end), mean), noiseA: noise });
      }
      cycle = end;
    }
    return runs;
  };
  return {
    before: scan(0, eventIndex),
    after: scan(eventIndex, along.length),
    noiseAt,
    toleranceA: Math.max(SAME_LEVEL_NOISES * Math.max(lowNoise, highNoise), SAME_LEVEL_RATIO * rangeA),
  };
}

/** The median where there are enough: the end of an edge may hang on to a run. */
function levelOf(values: Float64Array, mean: number): number {
  return values.length > 4 ? median([...values]) : mean;
}

/** Whether a cycle stands in the upper half; undefined on a side that did not go through most of the range. */
function heights(along: Float64Array, eventIndex: number, rangeA: number): (cycle: number) => boolean | undefined {
  const middles = [along.subarray(0, eventIndex), along.subarray(eventIndex)].map((side) => {
    const [low, high] = [Math.min(...side), Math.max(...side)];
    return high - low > rangeA / 2 ? (low + high) / 2 : undefined;
  });
  return (cycle) => {
    const middle = middles[cycle < eventIndex ? 0 : 1];
    return middle === undefined ? undefined : (along[cycle] as number) > middle;
  };
}

/** Noise from second differences, which a ramp does not have; undefined of fewer than three. `high` undefined: of all. */
function bendNoise(
  along: Float64Array,
  eventIndex: number,
  isHigh: (cycle: number) => boolean | undefined,
  high: boolean | undefined,
): number | undefined {
  const bends: number[] = [];
  for (let cycle = 1; cycle < along.length - 1; cycle++) {
    if (cycle === eventIndex || cycle === eventIndex - 1) continue;
    const three = [cycle - 1, cycle, cycle + 1];
    if (high !== undefined && !three.every((one) => isHigh(one) === high)) continue;
    const [left, here, right] = three.map((one) => along[one] as number) as [number, number, number];
    bends.push(Math.abs(right - 2 * here + left));
  }
  // The second difference of white noise has √6 times its deviation; the median of |x| is 0.6745 of it.
  return bends.length < 3 ? undefined : median(bends) / (Math.sqrt(6) * 0.6745);
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

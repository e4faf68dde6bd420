import type { Finding, FindingChannel } from './finding.ts';

/** Share of the peak-to-peak span within which samples count as one level when the codes are finer than that. */
const LEVEL_TOLERANCE = 0.0005;
/** A rounded peak falls by at most 4 tolerances one half-width beyond its flat part, a cut one by far more. */
const LEAST_DROP = 10;
/** Extremes nearer to zero than this share of the span are rests (half-wave loads), not a converter's end. */
const LEAST_EXTREME = 0.05;

/**
 * Finds flat tops: runs of equal samples at the largest or smallest value whose both flanks are cut off.
 *
 * A rounded peak y = c·x² that stays within a tolerance q over its half-width h has fallen by 4q at 2h; a clipped one
 * keeps its slope and has fallen by more. So quantised, peaky and noisy signals pass, and so do the zero rests of
 * rectifiers. A true square wave has clipped shape and is named: hence its certainty `maybe` when more than a third of
 * the samples are at the extremes.
 */
export function findClipping(channel: FindingChannel, values: Float64Array, framesPerCycle: number): Finding[] {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const span = max - min;
  if (!(span > 0 && span < Infinity)) return [];
  const tolerance = Math.max(smallestStep(values) / 2, LEVEL_TOLERANCE * span);
  const shortest = Math.max(3, Math.round(0.015 * framesPerCycle));
  const limits = { span, tolerance, shortest };
  const top = scanRuns(values, (value) => max - value, limits);
  const bottom = scanRuns(values, (value) => value - min, limits);
  const runs = { top: max > LEAST_EXTREME * span ? top : NONE, bottom: min < -LEAST_EXTREME * span ? bottom : NONE };
  const count = runs.top.count + runs.bottom.count;
  if (count === 0) return [];
  const levels = [runs.top.count > 0 ? max : undefined, runs.bottom.count > 0 ? min : undefined];
  const share = (runs.top.frames + runs.bottom.frames) / values.length;
  return [
    {
      kind: 'clipped',
      channel,
      certainty: share > 1 / 3 ? 'maybe' : 'certain',
      detail:
        `${count} flat tops of up to ${Math.max(runs.top.longest, runs.bottom.longest)} equal samples at ` +
        `${levels
          .filter((level) => level !== undefined)
          .map((level) => level.toPrecision(5))
          .join(' and ')}; ` +
        'expected rounded peaks: the input range was exceeded',
      firstFrame: Math.min(runs.top.firstFrame, runs.bottom.firstFrame),
    },
  ];
}

type Runs = { readonly count: number; readonly frames: number; readonly longest: number; readonly firstFrame: number };
const NONE: Runs = { count: 0, frames: 0, longest: 0, firstFrame: Infinity };

function scanRuns(
  values: Float64Array,
  depthOf: (value: number) => number,
  limits: { readonly span: number; readonly tolerance: number; readonly shortest: number },
): Runs {
  const depthAt = (frame: number): number => depthOf(values[frame] ?? NaN);
  let runs = NONE;
  for (let frame = 0; frame < values.length; frame++) {
    if (!(depthAt(frame) <= limits.tolerance)) continue;
    const start = frame;
    while (depthAt(frame + 1) <= limits.tolerance) frame++;
    const length = frame - start + 1;
    if (length < limits.shortest) continue;
    const beyond = Math.ceil(length / 2);
    const left = depthAt(start - beyond);
    const right = depthAt(frame + beyond);
    // A run at the very end of the recording has one flank only (NaN on the other): not decidable, so not named.
    if (!(left > LEAST_DROP * limits.tolerance && right > LEAST_DROP * limits.tolerance)) continue;
    runs = {
      count: runs.count + 1,
      frames: runs.frames + length,
      longest: Math.max(runs.longest, length),
      firstFrame: Math.min(runs.firstFrame, start),
    };
  }
  return runs;
}

/** Smallest difference between two distinct values of neighbouring size: one code of the converter. */
function smallestStep(values: Float64Array): number {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const span = (sorted.at(-1) ?? NaN) - (sorted[0] ?? NaN);
  let smallest = Infinity;
  for (let index = 1; index < sorted.length; index++) {
    const step = (sorted[index] as number) - (sorted[index - 1] as number);
    // Differences of rounding size are one code written in two ways.
    if (step > 1e-9 * span && step < smallest) smallest = step;
  }
  return smallest === Infinity ? 0 : smallest;
}

import { requireWithin } from '../require-within.ts';
import type { LoadClock } from './behaviour.ts';
import type { SettlingSpec } from './course-spec.ts';

/** Factor on a power since the contact closed. */
export type Settling = (clock: LoadClock) => number;

/** Throws RangeError naming the load, the field and the range expected. */
export function createSettling(place: string, spec: SettlingSpec | undefined): Settling {
  if (spec === undefined) return () => 1;
  const { fromRatio = 1, toRatio = 1, timeConstantMs } = spec;
  requireWithin(`${place}: settling.fromRatio`, fromRatio, 0.01, 10);
  requireWithin(`${place}: settling.toRatio`, toRatio, 0.01, 10);
  requireWithin(`${place}: settling.timeConstantMs`, timeConstantMs, 1, 1e8);
  return ({ waveMs, courseMs }) =>
    waveMs === Infinity ? toRatio : toRatio + (fromRatio - toRatio) * Math.exp(-courseMs / timeConstantMs);
}

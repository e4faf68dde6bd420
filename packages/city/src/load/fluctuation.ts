import { smoothNoiseAt } from '../random/noise-at.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import type { FluctuationSpec } from './course-spec.ts';

/** Factor on a power at an instant (ms of the waveform's clock): two octaves of smooth noise within 1 ± ratio. */
export type Fluctuation = (nowMs: number) => number;

/** Throws RangeError naming the load, the field and the range expected. */
export function createFluctuation(place: string, spec: FluctuationSpec | undefined, random: RandomStream): Fluctuation {
  if (spec === undefined) return () => 1;
  requireWithin(`${place}: fluctuation.ratio`, spec.ratio, 0, 0.95);
  requireWithin(`${place}: fluctuation.periodMs`, spec.periodMs, 10, 1e7);
  const key = random.nextUint32();
  return (nowMs) =>
    1 +
    spec.ratio *
      (0.7 * smoothNoiseAt(key, nowMs, spec.periodMs) + 0.3 * smoothNoiseAt(key + 1, nowMs, spec.periodMs / 5));
}

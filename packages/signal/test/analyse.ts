import { createCycleAnalyser } from '../src/cycle-analyser.ts';
import type { CycleAnalyserSettings, SampleBlock } from '../src/cycle-analyser.ts';
import type { CycleReading } from '../src/cycle-reading.ts';

/** All readings of a recording pushed in one block. */
export function analyse(settings: CycleAnalyserSettings, block: SampleBlock): CycleReading[] {
  const readings: CycleReading[] = [];
  const analyser = createCycleAnalyser(settings);
  analyser.push(block, (reading) => void readings.push(reading));
  analyser.flush((reading) => void readings.push(reading));
  return readings;
}

/** The element at `index`, or a failure that names it. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`index ${index} of ${values.length} values`);
  return value;
}

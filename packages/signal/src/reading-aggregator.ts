import { checkWhole } from './argument-checks.ts';
import type { CycleReading } from './cycle-reading.ts';
import type { MainsHz } from './mains.ts';
import { createReadingSum } from './mean-reading.ts';
import type { MeanReading } from './mean-reading.ts';

/** Readings of single cycles in, readings of blocks out. It keeps none of the readings. */
export type ReadingAggregator = {
  push(reading: CycleReading, onBlock: (block: MeanReading) => void): void;
  /** Yields the block that is not full yet, if there is one. */
  flush(onBlock: (block: MeanReading) => void): void;
};

/** Settings of a reading aggregator. */
export type ReadingAggregatorSettings = {
  readonly mainsHz: MainsHz;
  /** Default: 10 cycles at 50 Hz, 12 at 60 Hz: about 200 ms (IEC 61000-4-30, basic measurement interval). */
  readonly cyclesPerBlock?: number;
};

/**
 * Groups consecutive cycles into blocks by count and combines each with `meanReading`.
 *
 * Throws RangeError when cyclesPerBlock is not a whole number >= 1.
 *
 * @example createReadingAggregator({ mainsHz: 50 }).push(reading, (block) => publish(block.currentA))
 */
export function createReadingAggregator(settings: ReadingAggregatorSettings): ReadingAggregator {
  const cyclesPerBlock = settings.cyclesPerBlock ?? (settings.mainsHz === 60 ? 12 : 10);
  checkWhole('createReadingAggregator', 'cyclesPerBlock', cyclesPerBlock, 1);
  const sum = createReadingSum();
  return {
    push(reading, onBlock) {
      sum.add(reading);
      if (sum.count() === cyclesPerBlock) onBlock(sum.take());
    },
    flush(onBlock) {
      if (sum.count() > 0) onBlock(sum.take());
    },
  };
}

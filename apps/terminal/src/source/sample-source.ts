import type { MainsHz } from '@fengsui/signal';
import type { Breakers } from '../action/breaker.ts';
import type { Site } from '../site/site.ts';

/** One circuit of a source. */
export type SourceCircuit = {
  /** Prefix of its points: `c1` … `c8`. */
  readonly prefix: string;
  /** Rated current of its protection where the source knows it; without one there is no overload to find. */
  readonly ratedA?: number;
  /** Whether its blocks bring a residual current. */
  readonly hasResidual: boolean;
  /** Whether its blocks bring a voltage of their own (another phase); else the shared one counts. */
  readonly hasOwnVoltage?: boolean;
};

/** Samples of the same instants, all arrays equally long, circuits in the order of the source's. */
export type SourceBlock = {
  /** Shared by all circuits that bring none. */
  readonly voltageV: Float64Array;
  readonly circuits: readonly {
    readonly currentA: Float64Array;
    readonly residualCurrentMa?: Float64Array;
    readonly voltageV?: Float64Array;
  }[];
  /** At the last frame, in the order of the source's temperatures; NaN = not known. */
  readonly temperaturesC?: readonly number[];
};

/**
 * Where samples come from. Blocks follow each other without a gap and come as fast as they are asked for: the terminal
 * sets the pace.
 */
export type SampleSource = {
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  readonly circuits: readonly SourceCircuit[];
  /** Prefixes of the temperature points: `t1` … `t8`. */
  readonly temperatures: readonly string[];
  /** What the source itself knows of the place; a site file goes before it. */
  readonly site?: Site;
  /** Breakers that can be opened from here, where there are any. */
  readonly breakers?: Breakers;
  /** To be iterated once. */
  blocks(): AsyncIterable<SourceBlock> | Iterable<SourceBlock>;
};

/** Length of the blocks that our own sources yield: one half-cycle, for an arc has to be acted on within a few. */
export const BLOCK_MS = 10;

/** @throws RangeError for a block that is not 1 to 1000 ms long. */
export function framesPerBlock(sampleRateHz: number, blockMs = BLOCK_MS): number {
  if (!(blockMs >= 1 && blockMs <= 1000)) throw new RangeError(`blockMs is ${blockMs}, expected 1 to 1000`);
  return Math.max(1, Math.round((sampleRateHz * blockMs) / 1000));
}

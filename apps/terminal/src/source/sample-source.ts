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
  /** What happened to the stream before this block; of a live source only. */
  readonly notes?: readonly SourceNote[];
};

/** What a live source has to say beside its samples. */
export type SourceNote =
  /** Frames are missing here: measured anew from this block on. */
  | { readonly kind: 'gap'; readonly frames: number; readonly reason: 'overrun' | 'lost' | 'stalled' }
  /** Nothing has come for so long. */
  | { readonly kind: 'stalled'; readonly ms: number }
  /** Bytes that were no block. */
  | { readonly kind: 'discarded'; readonly bytes: number; readonly detail: string };

/**
 * Where samples come from. Blocks follow each other without a gap, but for what a note says, and come as fast as they
 * are asked for: the terminal sets the pace, unless the source is live.
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
  /** Its blocks come when they are sampled: the terminal does not wait for their time, and they have notes. */
  readonly isLive?: boolean;
  /** To be iterated once. Of a live source it ends when the signal aborts. */
  blocks(signal?: AbortSignal): AsyncIterable<SourceBlock> | Iterable<SourceBlock>;
};

/** Length of the blocks that our own sources yield: one half-cycle, for an arc has to be acted on within a few. */
export const BLOCK_MS = 10;

/** @throws RangeError for a block that is not 1 to 1000 ms long. */
export function framesPerBlock(sampleRateHz: number, blockMs = BLOCK_MS): number {
  if (!(blockMs >= 1 && blockMs <= 1000)) throw new RangeError(`blockMs is ${blockMs}, expected 1 to 1000`);
  return Math.max(1, Math.round((sampleRateHz * blockMs) / 1000));
}

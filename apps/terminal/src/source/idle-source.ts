import { setTimeout as delay } from 'node:timers/promises';
import type { SampleSource, SourceBlock } from './sample-source.ts';

const TURN_MS = 200;

/** Samples nothing: the source of a terminal that only reads meters. */
export function createIdleSource(): SampleSource {
  async function* blocks(signal?: AbortSignal): AsyncIterable<SourceBlock> {
    while (signal?.aborted !== true) {
      await delay(TURN_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      yield { voltageV: new Float64Array(0), circuits: [], temperaturesC: [] };
    }
  }
  return { sampleRateHz: 6400, mainsHz: 50, circuits: [], temperatures: [], isLive: true, blocks };
}

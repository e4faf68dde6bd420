import type { LoadSwitch } from './circuit-loads.ts';

/** Waveforms kept of switchings: what a person may want to name, within what a mobile line can carry. */
export type CaptureBudget = { wants(prefix: string, load: LoadSwitch): boolean };

/** A capture is some 80 KB. An hour of one circuit brings at most six beside those of its hazards. */
const REFILL_MS = 600_000;
const MOST_SAVED = 3;
/** What is smaller starts no fire by itself and would use up the room. */
const LEAST_W = 30;

/**
 * Switch-ons alone, and those named on site only when nothing else wants the room: they are known. Bounded per circuit
 * by a bucket that holds three and refills one in ten minutes of signal time.
 */
export function createCaptureBudget(): CaptureBudget {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    wants(prefix, { kind, at, recognition, evidence }) {
      if (kind === 'loadOff' || evidence.switching.activePowerW < LEAST_W) return false;
      const bucket = buckets.get(prefix) ?? { tokens: MOST_SAVED, at };
      buckets.set(prefix, bucket);
      bucket.tokens = Math.min(MOST_SAVED, bucket.tokens + Math.max(0, at - bucket.at) / REFILL_MS);
      bucket.at = at;
      const reserve = recognition.named?.level === 'device' ? 2 : 0;
      if (bucket.tokens < 1 + reserve) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}

import type { AngleTurn } from '../load/course-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { logBetween } from './draw.ts';

/**
 * A hand at a knob or trigger between `fromMs` and `toMs`: turns of 0.1 … 2 s to angles of 15° … 145° with rests between,
 * for the `turns` of a dimmer or a universal motor. Empty when the time is too short for one turn.
 */
export function sampleTurns(random: RandomStream, fromMs: number, toMs: number): readonly AngleTurn[] {
  const turns: AngleTurn[] = [];
  let atMs = fromMs + random.between(0, 300);
  for (;;) {
    const withinMs = logBetween(random, 100, 2000);
    if (atMs + withinMs > toMs) return turns;
    turns.push({ atMs, toDeg: random.between(15, 145), withinMs });
    atMs += withinMs + logBetween(random, 50, 3000);
  }
}

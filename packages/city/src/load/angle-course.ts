import { requireWithin } from '../require-within.ts';
import type { AngleTurn } from './course-spec.ts';

/**
 * Angle of a knob or trigger over course time, degrees: `startDeg`, then each turn linearly. Throws RangeError naming the
 * load, the field and the range expected; turns must be in order and must not overlap.
 */
export function angleCourse(
  place: string,
  startDeg: number,
  turns: readonly AngleTurn[] = [],
  highDeg = 170,
): (nowCourseMs: number) => number {
  let endMs = -Infinity;
  for (const { atMs, toDeg, withinMs } of turns) {
    requireWithin(`${place}: turns.toDeg`, toDeg, 0, highDeg);
    requireWithin(`${place}: turns.withinMs`, withinMs, 0, 1e8);
    requireWithin(`${place}: turns.atMs`, atMs, endMs, Number.MAX_VALUE);
    endMs = atMs + withinMs;
  }
  return (nowCourseMs) => {
    let angleDeg = startDeg;
    for (const { atMs, toDeg, withinMs } of turns) {
      if (nowCourseMs < atMs) break;
      const share = withinMs === 0 ? 1 : Math.min(1, (nowCourseMs - atMs) / withinMs);
      angleDeg += (toDeg - angleDeg) * share;
    }
    return angleDeg;
  };
}

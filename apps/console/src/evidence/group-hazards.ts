import { levels } from '@fengsui/alarm';
import type { EvidencedEvent } from './evidenced-event.ts';

/** One hazard of a capture: the event that says most, and every step on the way there. */
export type HazardCourse = { readonly leading: EvidencedEvent; readonly steps: readonly EvidencedEvent[] };

/** Joins events of one point and kind, in their order; the highest level leads, of equal ones the newest. */
export function groupHazards(items: readonly EvidencedEvent[]): readonly HazardCourse[] {
  const courses = new Map<string, HazardCourse>();
  for (const item of items) {
    const key = `${item.event.point}/${item.event.kind}`;
    const known = courses.get(key);
    const isHigher = known === undefined || rankOf(item) >= rankOf(known.leading);
    courses.set(key, { leading: isHigher ? item : known.leading, steps: [...(known?.steps ?? []), item] });
  }
  return [...courses.values()];
}

function rankOf({ event }: EvidencedEvent): number {
  return levels.indexOf(event.level);
}

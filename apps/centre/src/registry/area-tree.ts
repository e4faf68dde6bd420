import type { Area } from '@fengsui/protocol';

/** What is wrong with the place of an area in its tree; undefined when nothing is. */
export function areaParentProblem(area: Area, areaOf: (id: string) => Area | undefined): string | undefined {
  const passed = new Set([area.id]);
  for (let parentId = area.parentId; parentId !== undefined;) {
    if (passed.has(parentId)) return `parentId is ${area.parentId}: expected no circle of areas`;
    passed.add(parentId);
    const parent = areaOf(parentId);
    if (parent?.venueId !== area.venueId) return `parentId is ${parentId}: expected an area of venue ${area.venueId}`;
    parentId = parent.parentId;
  }
  return undefined;
}

import type { Area } from '@fengsui/protocol';

/** A tree is not deeper; a circle would be endless. */
const DEEPEST = 12;

/** Where a device stands, in words: the names from the building down to its own area; {} without one. */
export function areaWords(
  registry: { area(id: string): Area | undefined },
  areaId: string | undefined,
): { readonly area?: string; readonly areaEn?: string } {
  const path: Area[] = [];
  let area = areaId === undefined ? undefined : registry.area(areaId);
  while (area !== undefined && path.length < DEEPEST) {
    path.unshift(area);
    area = area.parentId === undefined ? undefined : registry.area(area.parentId);
  }
  if (path.length === 0) return {};
  return {
    area: path.map(({ name }) => name).join(' '),
    ...(path.some(({ nameEn }) => nameEn !== undefined) && {
      areaEn: path.map(({ name, nameEn }) => nameEn ?? name).join(' '),
    }),
  };
}

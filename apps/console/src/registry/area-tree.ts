import type { Area } from '@fengsui/protocol';

export type AreaNode = { readonly area: Area; readonly depth: number };

/** The areas as lines of a tree, each under its parent; an area whose parent is not there stands at the top. */
export function areaLines(areas: readonly Area[]): readonly AreaNode[] {
  const ids = new Set(areas.map(({ id }) => id));
  const children = Map.groupBy(areas, ({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : ''));
  const lines: AreaNode[] = [];
  const add = (parentId: string, depth: number): void => {
    const found = [...(children.get(parentId) ?? [])].sort((a, b) =>
      a.name.localeCompare(b.name, 'zh', { numeric: true }),
    );
    for (const area of found) {
      lines.push({ area, depth });
      add(area.id, depth + 1);
    }
  };
  add('', 0);
  return lines;
}

/** Areas that may be the parent of `id`: neither itself nor one below it. */
export function possibleParents(areas: readonly Area[], id: string | undefined): readonly Area[] {
  const lines = areaLines(areas);
  const at = lines.findIndex(({ area }) => area.id === id);
  if (at === -1) return lines.map(({ area }) => area);
  const depth = lines[at]?.depth ?? 0;
  const end = lines.findIndex((line, index) => index > at && line.depth <= depth);
  return lines.filter((_, index) => index < at || (end !== -1 && index >= end)).map(({ area }) => area);
}

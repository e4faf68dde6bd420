import type { Isolation } from '@fengsui/protocol';

/** Those asked for and active, the one that ends next first. */
export const openIsolations = (isolations: ReadonlyMap<string, Isolation>): readonly Isolation[] =>
  [...isolations.values()].sort((a, b) => Date.parse(a.until) - Date.parse(b.until) || a.id.localeCompare(b.id));

/** Active ones that end soon and whose notice has not sounded here. */
export const unnoticed = (
  isolations: ReadonlyMap<string, Isolation>,
  noticed: ReadonlySet<string>,
): readonly Isolation[] =>
  openIsolations(isolations).filter(
    ({ id, state, isEndingSoon }) => state === 'active' && isEndingSoon && !noticed.has(id),
  );

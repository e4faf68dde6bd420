import type { RuleVersion } from '@fengsui/protocol';

/** All versions of one rule. */
export type RuleFamily = {
  readonly id: string;
  readonly kind: string;
  /** That of the product last, else newest first. */
  readonly versions: readonly RuleVersion[];
  /** What watches somewhere: newest first, that of the product last. */
  readonly inForce: readonly RuleVersion[];
  /** The newest that waits for a step of somebody. */
  readonly pending: RuleVersion | undefined;
};

/** Rules by id: those that wait for somebody, those that people wrote, those of the product; else in the order they came. */
export function familiesOf(versions: readonly RuleVersion[]): readonly RuleFamily[] {
  const byId = new Map<string, RuleVersion[]>();
  for (const version of versions) byId.set(version.id, [...(byId.get(version.id) ?? []), version]);
  const families = [...byId].map(([id, unsorted]) => {
    const sorted = unsorted.sort((a, b) => b.version - a.version);
    return {
      id,
      kind: sorted[0]?.kind ?? '',
      versions: sorted,
      inForce: sorted.filter(({ state }) => state === 'on'),
      pending: sorted.find(({ state }) => state === 'draft' || state === 'tried' || state === 'reviewed'),
    };
  });
  return families.sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ pending, versions }: RuleFamily): number {
  if (pending !== undefined) return 0;
  return versions.some(({ isOfProduct }) => !isOfProduct) ? 1 : 2;
}

/** A reviewed one that begins on its first day by itself waits for nobody. */
export const stepOf = ({ state, scheduledBy }: RuleVersion): RuleVersion['state'] | 'scheduled' =>
  scheduledBy === undefined ? state : 'scheduled';

/** What is said of a version that is different in the one before: names of fields, in their order. */
export function changedFields(now: RuleVersion, before: RuleVersion | undefined): readonly (keyof RuleVersion)[] {
  if (before === undefined) return [];
  return fields.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(before[field]));
}

const fields = [
  'level',
  'priority',
  'scope',
  'validFrom',
  'validTo',
  'test',
  'schedule',
  'consequence',
  'response',
  'timeAllowedS',
  'source',
] as const satisfies readonly (keyof RuleVersion)[];

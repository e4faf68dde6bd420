import { isActive } from '@fengsui/alarm';
import type { Isolation } from '@fengsui/protocol';
import type { Situation } from '../situation/situation.ts';
import { reachOf } from './apply-isolation.ts';
import { stateOf, type KeptIsolation } from './kept-isolation.ts';

const iso = (at: number): string => new Date(at).toISOString();

export type ReachCounts = Pick<Isolation, 'detectorCount' | 'lifeSafetyCount'>;
export type HiddenCounts = Pick<Isolation, 'hiddenNow' | 'hiddenFireNow'>;

/** What it reaches now: it looks at every device of the registry. */
export function reachCounts({ registry }: Situation, { place, target }: KeptIsolation): ReachCounts {
  const { devices, lifeSafety } = reachOf(registry, place.venueId, target);
  return { detectorCount: devices.length, lifeSafetyCount: lifeSafety.length };
}

type Known = {
  /** Of the fire watch the number, too. */
  readonly mayReadContacts: boolean;
  readonly reach?: ReachCounts;
  readonly hidden?: HiddenCounts | undefined;
};

/** As the API shows it. @param known what need not be counted once more. */
export function isolationView(situation: Situation, isolation: KeptIsolation, known: Known): Isolation {
  const { id, place, target, kind, categories, reason, fireWatch, needsApproval } = isolation;
  const { askedAt, askedBy, approvedBy, beganAt, until, warned, endedAt, endedBy, fireShownAt } = isolation;
  const { mayReadContacts, reach = reachCounts(situation, isolation) } = known;
  const hidden = known.hidden ?? hiddenBy(situation, [isolation]).get(id);
  return {
    id,
    venueId: place.venueId,
    ...target,
    kind,
    ...(categories !== undefined && { categories: [...categories] }),
    reason,
    state: stateOf(isolation),
    needsApproval,
    askedAt: iso(askedAt),
    askedBy,
    ...(approvedBy !== undefined && { approvedBy }),
    ...(beganAt !== undefined && { beganAt: iso(beganAt) }),
    until: iso(until),
    isEndingSoon: warned === true && endedAt === undefined,
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(endedBy !== undefined && { endedBy }),
    ...(fireWatch !== undefined && {
      fireWatch: {
        name: fireWatch.name,
        ...(mayReadContacts && fireWatch.phone !== undefined && { phone: fireWatch.phone }),
      },
    }),
    ...reach,
    ...(hidden ?? NOTHING_HIDDEN),
    suppressedCount: isolation.suppressedCount,
    suppressedFireCount: isolation.suppressedFireCount,
    ...(fireShownAt !== undefined && { fireShownAt: iso(fireShownAt) }),
  };
}

const NOTHING_HIDDEN: HiddenCounts = { hiddenNow: 0, hiddenFireNow: 0 };

/** What each of them keeps from the queue at this moment, or marks: by id, in one look at all open alarms. */
export function hiddenBy(
  situation: Situation,
  isolations: readonly KeptIsolation[],
): ReadonlyMap<string, HiddenCounts> {
  const active = isolations.filter(({ beganAt, endedAt }) => beganAt !== undefined && endedAt === undefined);
  const counts = new Map(active.map(({ id }) => [id, { ...NOTHING_HIDDEN }]));
  const add = (id: string | undefined, category: string): void => {
    const count = id === undefined ? undefined : counts.get(id);
    if (count === undefined) return;
    count.hiddenNow++;
    if (category === 'fire') count.hiddenFireNow++;
  };
  if (active.length === 0) return counts;
  for (const { condition } of situation.openConditions()) {
    const { alarm, key, state } = condition;
    if (alarm === undefined || state !== 'outOfService') continue;
    add(situation.isolations.holding(situation.registry, key, alarm.category).hidden?.id, alarm.category);
  }
  for (const { id, marked } of active)
    for (const conditionId of marked) {
      const condition = situation.condition(conditionId)?.condition;
      if (condition?.alarm?.origin === 'test' && isActive(condition)) add(id, condition.alarm.category);
    }
  return counts;
}

import { isActive } from '@fengsui/alarm';
import type { Isolation } from '@fengsui/protocol';
import type { Situation } from '../situation/situation.ts';
import { reachOf } from './apply-isolation.ts';
import { stateOf, type KeptIsolation } from './kept-isolation.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** As the API shows it. @param mayReadContacts of the fire watch the number, too. */
export function isolationView(situation: Situation, isolation: KeptIsolation, mayReadContacts: boolean): Isolation {
  const { id, place, target, kind, categories, reason, fireWatch, needsApproval } = isolation;
  const { askedAt, askedBy, approvedBy, beganAt, until, warned, endedAt, endedBy, fireShownAt } = isolation;
  const reach = reachOf(situation.registry, place.venueId, target);
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
    detectorCount: reach.devices.length,
    lifeSafetyCount: reach.lifeSafety.length,
    ...hiddenNow(situation, isolation),
    suppressedCount: isolation.suppressedCount,
    suppressedFireCount: isolation.suppressedFireCount,
    ...(fireShownAt !== undefined && { fireShownAt: iso(fireShownAt) }),
  };
}

function hiddenNow(
  situation: Situation,
  { id, beganAt, endedAt, marked }: KeptIsolation,
): Pick<Isolation, 'hiddenNow' | 'hiddenFireNow'> {
  let [all, fire] = [0, 0];
  if (beganAt === undefined || endedAt !== undefined) return { hiddenNow: all, hiddenFireNow: fire };
  const add = (category: string): void => {
    all++;
    if (category === 'fire') fire++;
  };
  for (const { condition } of situation.openConditions()) {
    const { alarm, key, state } = condition;
    if (alarm === undefined || state !== 'outOfService') continue;
    if (situation.isolations.holding(situation.registry, key, alarm.category).hidden?.id === id) add(alarm.category);
  }
  for (const conditionId of marked) {
    const condition = situation.condition(conditionId)?.condition;
    if (condition?.alarm?.origin === 'test' && isActive(condition)) add(condition.alarm.category);
  }
  return { hiddenNow: all, hiddenFireNow: fire };
}

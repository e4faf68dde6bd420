import type { Effects } from '../effects.ts';
import type { Place } from '../kept.ts';
import type { Situation } from '../situation.ts';
import { startDutyCheck } from './duty-check.ts';
import type { GbActMeta } from './gb-act.ts';

/** Notes the order with its outcome; an on-duty check begins with it. */
export function orderGb(situation: Situation, effects: Effects, meta: GbActMeta, place: Place): void {
  const { act, actId, by, at } = meta;
  const asked =
    act.kind === 'gbDutyCheck'
      ? {
          id: actId,
          deviceId: act.deviceId,
          by,
          askedAt: at,
          withinMin: act.withinMin,
          ...(act.roundId !== undefined && { roundId: act.roundId }),
        }
      : undefined;
  const check = asked === undefined ? undefined : startDutyCheck(situation, effects, place, asked);
  effects.acts.push({ meta, place, outcome: { kind: 'gbOrdered', ...(check !== undefined && { check }) } });
}

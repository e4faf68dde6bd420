import { isBeyondLimit, isExceeded } from '@fengsui/alarm';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { clearLimit, raiseLimit } from '../situation/apply-telemetry.ts';
import type { Lacking } from '../situation/duty.ts';
import type { Effects } from '../situation/effects.ts';
import { limitId, type StandingLimit } from '../situation/limit-watch.ts';
import type { Situation } from '../situation/situation.ts';

/**
 * Other rules watch from here on. What stands by one that has changed is judged by the newest value: it goes on when
 * that is beyond the limit as it is now, and is over when it is not, or when nobody knows it, or when there is no such
 * rule any more. Nothing begins here: that is for the next report.
 */
export function settleRules(
  situation: Situation,
  effects: Effects,
  at: number,
  lacking: Lacking,
  concerns: (device: DeviceRecord, ruleId: string) => boolean,
): void {
  for (const standing of situation.limits.standing()) {
    const device = situation.registry.device(standing.deviceId);
    if (device === undefined || !concerns(device, standing.ruleId)) continue;
    if (situation.ownsDevice(device) && lacking.partition(situation.placeOf(device).partition))
      settle(situation, effects, at, device, standing);
  }
}

function settle(
  situation: Situation,
  effects: Effects,
  at: number,
  device: DeviceRecord,
  standing: StandingLimit,
): void {
  const { pointId, ruleId, state } = standing;
  const rule = situation.limits.rule(ruleId, device);
  const value = situation.values.get(device.id, pointId)?.value;
  const id = limitId(device.id, pointId, ruleId);
  const source = `rule:${ruleId}`;
  const place = situation.placeOf(device);
  const ground = { situation, effects, device, place };
  const conditions = situation
    .openConditionsOf(device.id)
    .map(({ condition }) => condition)
    .filter(({ key, sources }) => sources[source] !== undefined && pointId.startsWith(key.prefix));
  if (rule === undefined || value === undefined || !isBeyondLimit(rule, value)) {
    const inside = { phase: 'inside' as const, ...(state.lastAt !== undefined && { lastAt: state.lastAt }) };
    situation.limits.settle(standing, inside);
    effects.limits.set(id, { place, state: inside });
    effects.endTimer(`limit/${id}`);
    for (const { key } of conditions) clearLimit(ground, { id: ruleId, kind: key.kind }, pointId, at);
    return;
  }
  if (!isExceeded(state) || conditions.every(({ sources }) => sources[source] === rule.level)) return;
  const entryId = `${source}/${at}`;
  raiseLimit({ ...ground, entryId, report: { meta: { receivedAt: at } } }, rule, pointId, at, value);
}

import { isBeyondLimit, isExceeded, nextRule, partsOf, ruleAtRest, type Rule, type RuleState } from '@fengsui/alarm';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Lacking } from '../situation/duty.ts';
import type { Effects } from '../situation/effects.ts';
import { limitId, type StandingLimit } from '../situation/limit-watch.ts';
import { clearSource, raiseSource } from '../situation/raise-source.ts';
import type { StandingRule } from '../situation/rule-watch.ts';
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
  const concerned = ({ deviceId, ruleId }: Omit<StandingLimit, 'state'>): DeviceRecord | undefined => {
    const device = situation.registry.device(deviceId);
    if (device === undefined || !concerns(device, ruleId) || !situation.ownsDevice(device)) return undefined;
    return lacking.partition(situation.placeOf(device).partition) ? device : undefined;
  };
  for (const standing of situation.limits.standing()) {
    const device = concerned(standing);
    if (device !== undefined) settleLimit(situation, effects, at, device, standing);
  }
  for (const standing of situation.ruleWatch.standing()) {
    const device = concerned(standing);
    if (device !== undefined) settleRule(situation, effects, at, device, standing);
  }
}

function settleLimit(
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
    for (const { key } of conditions) clearSource(ground, { id: ruleId, kind: key.kind }, pointId, at);
    return;
  }
  if (!isExceeded(state) || conditions.every(({ sources }) => sources[source] === rule.level)) return;
  const entryId = `${source}/${at}`;
  raiseSource({ ...ground, entryId, report: { meta: { receivedAt: at } } }, rule, pointId, at, value);
}

/** What more than a limit has told: by the newest values of its points it goes on, or it is over. */
function settleRule(
  situation: Situation,
  effects: Effects,
  at: number,
  device: DeviceRecord,
  standing: StandingRule,
): void {
  const { pointId, ruleId, state } = standing;
  const rule = situation.ruleWatch.rule(ruleId, device);
  if (rule?.version === state.version) return;
  const id = limitId(device.id, pointId, ruleId);
  const source = `rule:${ruleId}`;
  const place = situation.placeOf(device);
  const ground = { situation, effects, device, place };
  const now =
    rule === undefined ? undefined : { ...byNewestValues(situation, rule, device.id, pointId), version: rule.version };
  const goesOn = state.isActive && now?.isActive === true;
  const settled = goesOn ? now : undefined;
  situation.ruleWatch.settle(standing, settled);
  effects.limits.set(id, { place, state: settled === undefined ? { phase: 'inside' } : settled });
  effects.endTimer(`limit/${id}`);
  const conditions = situation
    .openConditionsOf(device.id)
    .map(({ condition }) => condition)
    .filter(({ key, sources }) => sources[source] !== undefined && pointId.startsWith(key.prefix));
  if (rule === undefined || !goesOn) {
    for (const { key } of conditions) clearSource(ground, { id: ruleId, kind: key.kind }, pointId, at);
    return;
  }
  if (conditions.every(({ sources }) => sources[source] === rule.level)) return;
  const value = situation.values.get(device.id, pointId)?.value;
  raiseSource(
    { ...ground, entryId: `${source}/${at}`, report: { meta: { receivedAt: at } } },
    rule,
    pointId,
    at,
    value,
  );
}

/** Where a rule would stand if nothing were known but the newest value of each of its points. */
function byNewestValues(situation: Situation, rule: Rule, deviceId: string, pointId: string): RuleState {
  let state = ruleAtRest(rule);
  for (const part of partsOf(rule.test)) {
    const point = part.point.includes('*') ? pointId : part.point;
    const known = situation.values.get(deviceId, point);
    if (known !== undefined) state = nextRule(rule, state, { point, at: known.at, value: known.value }).state;
  }
  return state;
}

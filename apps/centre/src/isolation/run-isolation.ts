import { conditionId, isActive, type ActiveAlarm } from '@fengsui/alarm';
import { lacksAll, type Lacking } from '../situation/duty.ts';
import type { Effects } from '../situation/effects.ts';
import type { KeptCondition } from '../situation/kept.ts';
import type { Situation } from '../situation/situation.ts';
import { tellAsLive } from '../situation/tell-as-live.ts';
import type { TimerPurpose } from '../situation/timer.ts';
import type { KeptIsolation } from './kept-isolation.ts';

const WARN_BEFORE_MS = 15 * 60_000;
/** Two independent triggers are what GB 50116-2013 4.1.6 lets fire equipment be started by: a fire that is confirmed. */
const CONFIRMING_DETECTORS = 2;
/** Who brings back into view what nobody asked for. */
const CENTRE = 'centre';

export function keepIsolation(situation: Situation, effects: Effects, isolation: KeptIsolation): void {
  situation.isolations.put(isolation);
  effects.isolations.set(isolation.id, isolation);
}

const timerIds = ({ id }: KeptIsolation): { readonly ends: string; readonly warns: string } => ({
  ends: `isolationEnds/${id}`,
  warns: `isolationWarns/${id}`,
});

/** It ends by itself, asked for or active; a short one is warned of when three quarters are over. */
export function setIsolationTimers(effects: Effects, isolation: KeptIsolation): void {
  const { id, until, beganAt, place } = isolation;
  const { venueId } = place;
  const { ends, warns } = timerIds(isolation);
  const purpose = { isolationId: id, venueId };
  effects.setTimer({ id: ends, venueId, dueAt: until, purpose: { kind: 'isolationEnds', ...purpose } });
  if (beganAt === undefined) return;
  const dueAt = until - Math.floor(Math.min(WARN_BEFORE_MS, (until - beganAt) / 4));
  effects.setTimer({ id: warns, venueId, dueAt, purpose: { kind: 'isolationWarns', ...purpose } });
}

/** A timer of one that was ended by hand does nothing. */
export function isolationTimerFired(
  situation: Situation,
  effects: Effects,
  { kind, venueId, isolationId }: Extract<TimerPurpose, { readonly kind: 'isolationEnds' | 'isolationWarns' }>,
  firedAt: number,
): void {
  const isolation = situation.isolations.of(venueId, isolationId);
  if (isolation === undefined) return;
  if (kind === 'isolationWarns') keepIsolation(situation, effects, { ...isolation, warned: true });
  else endIsolation(situation, effects, isolation, firedAt, undefined);
}

/** What it kept from the queue and is still there is raised anew, unless another one keeps it; so is what it marked. */
export function endIsolation(
  situation: Situation,
  effects: Effects,
  isolation: KeptIsolation,
  at: number,
  by: string | undefined,
): KeptIsolation {
  const ended = { ...isolation, endedAt: at, ...(by !== undefined && { endedBy: by }) };
  keepIsolation(situation, effects, ended);
  const { ends, warns } = timerIds(isolation);
  effects.endTimer(ends);
  effects.endTimer(warns);
  showUncovered(situation, effects, at, by ?? CENTRE);
  for (const id of isolation.marked) unmark(situation, effects, id, at, isolation.id);
  return ended;
}

/** The registry has changed: what stands elsewhere now is no longer under what it was under. */
export function settleIsolations(
  situation: Situation,
  effects: Effects,
  at: number,
  lacking: Lacking = lacksAll,
): void {
  const { isolations, registry } = situation;
  if (isolations.isEmpty) return;
  showUncovered(situation, effects, at, CENTRE, lacking);
  for (const isolation of isolations.open()) {
    if (!situation.owns(isolation.place.partition) || !lacking.partition(isolation.place.partition)) continue;
    const left = isolation.marked.filter((id) => {
      const kept = situation.condition(id);
      const alarm = kept?.condition.alarm;
      return alarm && isolations.holding(registry, kept.condition.key, alarm.category).tested === undefined;
    });
    if (left.length === 0) continue;
    const marked = isolation.marked.filter((id) => !left.includes(id));
    keepIsolation(situation, effects, { ...isolation, marked });
    for (const id of left) unmark(situation, effects, id, at, isolation.id);
  }
}

/** What one test marked is live again, or, where another one goes on, marked by that one. */
function unmark(situation: Situation, effects: Effects, conditionId: string, at: number, id: string): void {
  const kept = situation.condition(conditionId);
  const alarm = kept?.condition.alarm;
  if (kept === undefined || alarm === undefined) return;
  const { tested } = situation.isolations.holding(situation.registry, kept.condition.key, alarm.category);
  if (tested === undefined) tellAsLive(situation, effects, kept, at, `isolationEnds/${id}`);
  else mark(situation, effects, tested, conditionId);
}

function showUncovered(
  situation: Situation,
  effects: Effects,
  at: number,
  by: string,
  lacking: Lacking = lacksAll,
): void {
  for (const kept of situation.openConditions()) {
    const { place, condition } = kept;
    if (condition.state !== 'outOfService' || condition.alarm === undefined) continue;
    if (!situation.owns(place.partition) || !lacking.partition(place.partition)) continue;
    const { hidden } = situation.isolations.holding(situation.registry, condition.key, condition.alarm.category);
    if (hidden === undefined) show(situation, effects, kept, at, by);
  }
}

function show(situation: Situation, effects: Effects, { place, condition }: KeptCondition, at: number, by: string) {
  const { deviceId, prefix, kind } = condition.key;
  const event = { kind: 'returnToService', at, by, reason: 'no longer isolated' } as const;
  situation.tell(place, deviceId, prefix, kind, event, effects);
}

/**
 * After each entry: alarms it raised under an isolation are counted there. Fire told by two detectors is a fire, works or
 * no works: it is shown, and the isolation hides none from then on.
 *
 * @param changesBefore how many alarm changes there were before the entry.
 */
export function followIsolations(situation: Situation, effects: Effects, changesBefore: number, at: number): void {
  const { isolations, registry } = situation;
  if (isolations.isEmpty) return;
  const { length } = effects.alarmChanges;
  for (let index = changesBefore; index < length; index++) {
    const { alarmId = '', change } = effects.alarmChanges[index] ?? {};
    const kept = situation.conditionOfAlarm(alarmId);
    const alarm = kept?.condition.alarm;
    if (kept === undefined || alarm === undefined || change === undefined || !tells(change.kind)) continue;
    const { hidden, tested } = isolations.holding(registry, kept.condition.key, alarm.category);
    if (alarm.origin === 'test' && tested !== undefined) {
      count(situation, effects, tested, alarm, change.kind);
      mark(situation, effects, tested, conditionId(kept.condition.key));
    }
    if (kept.condition.state !== 'outOfService' || hidden === undefined) continue;
    count(situation, effects, hidden, alarm, change.kind);
    if (alarm.category === 'fire') confirm(situation, effects, hidden, at);
  }
}

const tells = (kind: string): boolean => kind === 'raised' || kind === 'reraised' || kind === 'escalated';

function mark(situation: Situation, effects: Effects, { place, id }: KeptIsolation, condition: string): void {
  const isolation = situation.isolations.of(place.venueId, id);
  if (isolation === undefined || isolation.marked.includes(condition)) return;
  keepIsolation(situation, effects, { ...isolation, marked: [...isolation.marked, condition] });
}

/** Times one was raised; fire also when what was less becomes fire. */
function count(
  situation: Situation,
  effects: Effects,
  { place, id }: KeptIsolation,
  { category }: ActiveAlarm,
  change: string,
): void {
  const isolation = situation.isolations.of(place.venueId, id);
  if (isolation === undefined) return;
  const { suppressedCount, suppressedFireCount } = isolation;
  keepIsolation(situation, effects, {
    ...isolation,
    suppressedCount: suppressedCount + (change === 'escalated' ? 0 : 1),
    suppressedFireCount: suppressedFireCount + (category === 'fire' ? 1 : 0),
  });
}

/** By two detectors of the venue, under whichever isolations they are. */
function confirm(situation: Situation, effects: Effects, { place: { venueId } }: KeptIsolation, at: number): void {
  const { isolations, registry } = situation;
  const detectors = new Set<string>();
  for (const { condition } of situation.openConditions()) {
    const { alarm, key, state } = condition;
    if (state !== 'outOfService' || alarm?.category !== 'fire' || !isActive(condition)) continue;
    if (isolations.holding(registry, key, 'fire').hidden?.place.venueId !== venueId) continue;
    for (const detector of detectorsOf(condition)) detectors.add(detector);
  }
  if (detectors.size < CONFIRMING_DETECTORS) return;
  for (const isolation of isolations.open()) {
    const { place, kind, beganAt, fireShownAt } = isolation;
    if (place.venueId !== venueId || kind !== 'isolated' || beganAt === undefined || fireShownAt !== undefined)
      continue;
    keepIsolation(situation, effects, { ...isolation, fireShownAt: at });
  }
  showUncovered(situation, effects, at, CENTRE);
}

/** A part behind a panel, as gb-point.ts names it. */
const PART = /(^|-)p/;

/** Who says so: the device, a part behind a panel, or whatever a conclusion rests on. */
function detectorsOf({ key, alarm }: KeptCondition['condition']): string[] {
  const told = (alarm?.contributions ?? []).filter(({ modality }) => modality !== 'neighbour');
  if (told.length > 0) return told.map(({ from }) => from.slice(0, from.indexOf('/')));
  return [PART.test(key.prefix) ? `${key.deviceId}/${key.prefix}` : key.deviceId];
}

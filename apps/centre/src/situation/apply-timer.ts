import { applyCallOut } from '../call-out/apply-call-out.ts';
import { applyCanaryNews } from '../canary/apply-canary.ts';
import { gatewayOfSession } from '../cluster/cluster-words.ts';
import { testTimerFired } from '../commissioning/run-test.ts';
import { applyFireCommandLink, applyFireMessage } from '../fire-command/apply-fire-command.ts';
import { incidentLate } from '../incident/follow-incidents.ts';
import { isolationTimerFired } from '../isolation/run-isolation.ts';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import { isWithin } from '../platform/clock.ts';
import { lookAtRollout } from '../rollout/watch-rollout.ts';
import { workTimerFired } from '../workorder/follow-work.ts';
import { applyClockStep } from './apply-clock-step.ts';
import { expireCommand } from './apply-command.ts';
import { applyBackupNews } from './apply-backup-news.ts';
import { applyDiskNews } from './apply-disk-news.ts';
import { clearSource, raiseSource } from './raise-source.ts';
import { ruleFired } from './watch-rule.ts';
import type { Effects } from './effects.ts';
import { foreignAwayDue } from './foreign/foreign-state.ts';
import { relayAwayDue } from './gb-relay/apply-relay.ts';
import { dutyCheckDue } from './gb26875/duty-check.ts';
import { limitId } from './limit-watch.ts';
import { sweepSelfTests } from './self-test-watch.ts';
import { sweepSilence } from './silence-watch.ts';
import type { Situation } from './situation.ts';
import type { TimerFiredMeta, TimerPurpose } from './timer.ts';

const MINUTE_MS = 60_000;
/** Short against any contracted interval (10 s and more). */
export const SWEEP_INTERVAL_MS = 5_000;
export const SWEEP_TIMER_ID = 'presenceSweep';

/** Applies a timer that fired. A timer whose reason is gone does nothing: it may have fired just before it ended. */
export function applyTimer(situation: Situation, effects: Effects, entry: Entry, meta: TimerFiredMeta): void {
  const { purpose, firedAt } = meta;
  effects.endTimer(meta.timerId);
  switch (purpose.kind) {
    case 'limit':
      limitFired(situation, effects, entry, meta.timerId, purpose, firedAt);
      return;
    case 'unshelve': {
      const kept = situation.condition(purpose.conditionId);
      if (kept === undefined) return;
      const { deviceId, prefix, kind } = kept.condition.key;
      situation.tell(kept.place, deviceId, prefix, kind, { kind: 'unshelve', at: firedAt }, effects);
      // Shelved anew while this timer was on its way: the later end still stands.
      const until = situation.condition(purpose.conditionId)?.condition.alarm?.shelvedUntil;
      if (until !== undefined)
        effects.setTimer({ id: meta.timerId, venueId: kept.place.venueId, dueAt: until, purpose });
      return;
    }
    case 'captureIncomplete': {
      const capture = situation.captures.get(purpose.captureId);
      if (capture === undefined || capture.complete) return;
      const marked = { ...capture, incomplete: true };
      situation.captures.set(capture.id, marked);
      effects.captures.set(capture.id, marked);
      return;
    }
    case 'malformedCalm': {
      const device = situation.registry.device(purpose.deviceId);
      if (device === undefined) return;
      const newest = situation.unreadableAt.get(device.id)?.at(-1) ?? 0;
      if (isWithin(firedAt, newest, MINUTE_MS) && (situation.unreadableAt.get(device.id)?.length ?? 0) > 20) {
        effects.setTimer({ id: meta.timerId, venueId: device.venueId, dueAt: newest + MINUTE_MS, purpose });
        return;
      }
      const event = { kind: 'sourceInactive', source: 'centre', at: firedAt, live: true } as const;
      situation.tell(situation.placeOf(device), device.id, '', 'malformedReports', event, effects);
      return;
    }
    case 'commandExpired':
      expireCommand(situation, effects, purpose.commandId);
      return;
    case 'gbDutyCheck':
      dutyCheckDue(situation, effects, purpose.deviceId, purpose.checkId);
      return;
    case 'testEnds':
    case 'testWarns':
      testTimerFired(situation, effects, purpose, firedAt);
      return;
    case 'isolationEnds':
    case 'isolationWarns':
      isolationTimerFired(situation, effects, purpose, firedAt);
      return;
    case 'workOrderOpens':
    case 'workOrderDue':
    case 'workOrderVerifies':
    case 'workOrderFails':
    case 'workOrderWithdraws':
      workTimerFired(situation, effects, entry, { ...meta, purpose });
      return;
    case 'incidentLate':
      incidentLate(situation, effects, purpose, firedAt);
      return;
    case 'fireMessage':
      applyFireMessage(situation, effects, purpose, firedAt);
      return;
    case 'fireCommandLink':
      applyFireCommandLink(situation, effects, entry, purpose, firedAt);
      return;
    case 'callOutDue':
    case 'callOutNews':
    case 'callOutTest':
    case 'callOutLink':
      applyCallOut(situation, effects, entry, purpose, firedAt);
      return;
    case 'foreignAway':
      foreignAwayDue(situation, effects, entryIdOf(entry), purpose, firedAt);
      return;
    case 'relayAway':
      relayAwayDue(situation, effects, entryIdOf(entry), purpose, firedAt);
      return;
    case 'rolloutLook':
      lookAtRollout({ situation, effects, at: firedAt, entryId: entryIdOf(entry) }, purpose.rolloutId);
      return;
    case 'presenceSweep':
      sweepSilence(situation, effects, entryIdOf(entry), firedAt);
      sweepSelfTests(situation, effects, entryIdOf(entry), firedAt);
      effects.setTimer({ id: SWEEP_TIMER_ID, venueId: '', dueAt: firedAt + SWEEP_INTERVAL_MS, purpose });
      return;
    case 'diskSpace':
      applyDiskNews(situation, effects, entry, purpose, firedAt);
      return;
    case 'backup':
      applyBackupNews(situation, effects, entry, purpose, firedAt);
      return;
    case 'canary':
      applyCanaryNews(situation, effects, entry, purpose, firedAt);
      return;
    case 'clockStep':
      applyClockStep(situation, effects, entry, purpose, firedAt);
      return;
    case 'leaderChanged':
      return;
    case 'centreStarted':
      forgetSessions(situation, purpose, firedAt);
      effects.setTimer({
        id: SWEEP_TIMER_ID,
        venueId: '',
        dueAt: firedAt + SWEEP_INTERVAL_MS,
        purpose: { kind: 'presenceSweep' },
      });
      return;
  }
}

/**
 * Sessions of before a start are gone. Who does not come back is found by the sweep, not declared offline; and nobody was
 * silent while nobody listened.
 */
export function forgetSessions(
  situation: Situation,
  { hasGateways }: Extract<TimerPurpose, { readonly kind: 'centreStarted' }>,
  firedAt: number,
): void {
  situation.listeningSince = firedAt;
  for (const [deviceId, state] of situation.deviceStates) {
    if (hasGateways === true && gatewayOfSession(state.session ?? 0) > 0) continue;
    const { session: _gone, ...rest } = state;
    situation.deviceStates.set(deviceId, rest);
  }
}

function limitFired(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  timerId: string,
  purpose: Extract<TimerPurpose, { kind: 'limit' }>,
  firedAt: number,
): void {
  const { deviceId, pointId, ruleId, dueAt } = purpose;
  const device = situation.registry.device(deviceId);
  if (device === undefined) return;
  const place = situation.placeOf(device);
  const context = {
    situation,
    effects,
    device,
    place,
    entryId: entryIdOf(entry),
    report: { meta: { receivedAt: firedAt } },
  };
  const more = situation.ruleWatch.rule(ruleId, device);
  if (more !== undefined) {
    ruleFired(context, more, pointId, dueAt, firedAt);
    return;
  }
  const rule = situation.limits.rule(ruleId, device);
  if (rule === undefined) return;
  const step = situation.limits.due(rule, deviceId, pointId, dueAt);
  if (step === undefined) return;
  if (step.change === undefined) {
    // A new delay began while the timer of an earlier one was on its way: it runs from there.
    if (step.dueAt === undefined) return;
    const left = Math.max(0, step.dueAt - dueAt);
    effects.setTimer({
      id: timerId,
      venueId: place.venueId,
      dueAt: firedAt + left,
      purpose: { ...purpose, dueAt: step.dueAt },
    });
    return;
  }
  effects.limits.set(limitId(deviceId, pointId, ruleId), { place, state: step.state });
  const value = situation.values.get(deviceId, pointId)?.value;
  if (step.change === 'entered') raiseSource(context, rule, pointId, dueAt, value);
  if (step.change === 'left') clearSource(context, rule, pointId, dueAt);
}

import { applyRegistryChange } from '../situation/apply-registry-change.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { tellAsLive } from '../situation/tell-as-live.ts';
import type { TimerPurpose } from '../situation/timer.ts';
import { withResult } from './commissioning.ts';
import type { ScreenTimeMeta } from './commissioning-act.ts';
import type { KeptTest } from './kept-test.ts';

const WARN_BEFORE_MS = 10 * 60_000;

export function keepTest(situation: Situation, effects: Effects, test: KeptTest): void {
  situation.commissioning.tests.set(test.place.venueId, test);
  effects.commissioningTests.set(test.id, test);
}

const timerIds = ({ id }: KeptTest): { readonly ends: string; readonly warns: string } => ({
  ends: `testEnds/${id}`,
  warns: `testWarns/${id}`,
});

/** A short test is warned of when three quarters are over; epoch ms, whole: a timer's row takes no fraction. */
const warnAtOf = ({ startedAt, endsAt }: KeptTest): number =>
  endsAt - Math.min(WARN_BEFORE_MS, Math.floor((endsAt - startedAt) / 4));

/** It ends by itself, and is warned of before. */
export function setTestTimers(effects: Effects, test: KeptTest): void {
  const { endsAt, place } = test;
  const purpose = { testId: test.id, venueId: place.venueId };
  const { ends, warns } = timerIds(test);
  effects.setTimer({ id: ends, venueId: place.venueId, dueAt: endsAt, purpose: { kind: 'testEnds', ...purpose } });
  effects.setTimer({
    id: warns,
    venueId: place.venueId,
    dueAt: warnAtOf(test),
    purpose: { kind: 'testWarns', ...purpose },
  });
}

/** A timer of a test that was extended meanwhile, or ended by hand, does nothing. */
export function testTimerFired(
  situation: Situation,
  effects: Effects,
  purpose: Extract<TimerPurpose, { readonly kind: 'testEnds' | 'testWarns' }>,
  firedAt: number,
): void {
  const test = situation.commissioning.running(purpose.venueId);
  if (test?.id !== purpose.testId) return;
  const { ends, warns } = timerIds(test);
  const dueAt = purpose.kind === 'testEnds' ? test.endsAt : warnAtOf(test);
  if (firedAt < dueAt) {
    // Extended while this timer was on its way: the later end still stands.
    const id = purpose.kind === 'testEnds' ? ends : warns;
    effects.setTimer({ id, venueId: test.place.venueId, dueAt, purpose });
    return;
  }
  if (purpose.kind === 'testWarns') keepTest(situation, effects, { ...test, warned: true });
  else endTest(situation, effects, test, firedAt, undefined);
}

/**
 * The venue is as real as before. What is still active then is no test any more: it is told anew as live, which makes its
 * alarm live, unacknowledged and audible.
 */
export function endTest(
  situation: Situation,
  effects: Effects,
  test: KeptTest,
  at: number,
  by: string | undefined,
): void {
  keepTest(situation, effects, { ...test, endedAt: at, ...(by !== undefined && { endedBy: by }) });
  const { ends, warns } = timerIds(test);
  effects.endTimer(ends);
  effects.endTimer(warns);
  for (const deviceId of new Set(test.points.map((point) => point.deviceId))) {
    deviceTested(situation, effects, test, deviceId, at, by ?? test.startedBy);
    for (const kept of situation.openConditionsOf(deviceId))
      tellAsLive(situation, effects, kept, at, `testEnds/${test.id}`);
  }
}

/** Written when the test is over. All points of a device have passed: it has been tested. One has failed: so has the device. */
export function deviceTested(
  situation: Situation,
  effects: Effects,
  test: KeptTest,
  deviceId: string,
  at: number,
  by: string,
): void {
  const device = situation.registry.device(deviceId);
  const results = test.points.filter((point) => point.deviceId === deviceId).map(({ result }) => result);
  const hasFailed = results.some((result) => result?.outcome === 'failed');
  if (device === undefined || (!hasFailed && results.some((result) => result === undefined))) return;
  const { testFailedAt: _settled, ...rest } = device;
  const now = hasFailed ? { ...device, testFailedAt: at } : { ...rest, testedAt: at };
  applyRegistryChange(situation, effects, { kind: 'devicePut', device: now }, at);
  const line = { deviceId, at, by, kind: 'test', passed: !hasFailed, reason: `test ${test.id}` } as const;
  applyRegistryChange(situation, effects, { kind: 'deviceHistory', line }, at);
}

/** Notes when what ticked these points was handed to the live feed. */
export function applyScreenTime(situation: Situation, effects: Effects, meta: ScreenTimeMeta): void {
  let test = situation.commissioning.tests.get(meta.venueId);
  if (test?.id !== meta.testId) return;
  for (const at of meta.points) {
    const known = test.points.find(({ deviceId, point }) => deviceId === at.deviceId && point === at.point)?.result;
    // Ticked anew meanwhile: the time belongs to an event that no longer counts.
    if (known?.receivedAt !== at.receivedAt || known.shownAt !== undefined) continue;
    test = withResult(test, at, { ...known, shownAt: meta.shownAt });
  }
  keepTest(situation, effects, test);
}

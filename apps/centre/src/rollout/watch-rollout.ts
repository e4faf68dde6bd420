import type { Situation } from '../situation/situation.ts';
import { isOver, type KeptRollout, type KeptRolloutDevice } from './kept-rollout.ts';
import { lookAgain, stopRollout, withStage, withStep, type RolloutGround, type StopCause } from './rollout-life.ts';

/** More sessions than this since it runs the release: it starts over and over. */
const MOST_RESTARTS = 3;
const NAMED = 5;

/** How a rollout stands now, after anything that concerns it: it goes on, waits, or stops by itself. */
export function judgeRollout(ground: RolloutGround, rolloutId: string): void {
  const { situation } = ground;
  const rollout = situation.rollouts.rollouts.get(rolloutId);
  if (rollout?.state === 'rollingBack') return endRollBack(ground, rollout);
  if (rollout?.state !== 'running') return;
  const failed = tooManyFailed(situation, rollout);
  if (failed !== undefined) return void stopRollout(ground, rollout, failed);
  noteComplete(ground, rollout);
}

/** The rollout's timer: who does not answer has failed; silence and new faults stop it; time observed takes it on. */
export function lookAtRollout(ground: RolloutGround, rolloutId: string): void {
  const { situation, effects, at } = ground;
  const { rollouts } = situation;
  let rollout = rollouts.rollouts.get(rolloutId);
  if (rollout === undefined || isOver(rollout) || rollout.state === 'stopped') return;
  if (rollout.state === 'running') {
    for (const device of rollouts.turned(rollout)) {
      const isLate =
        (device.state === 'fetching' || device.state === 'trying') &&
        at - (device.changedAt ?? at) > rollout.deviceTimeoutMs;
      if (!isLate) continue;
      const detail = `no result within ${Math.round(rollout.deviceTimeoutMs / 1000)} s`;
      const late = { ...device, state: 'failed', changedAt: at, code: 'noResult', detail } as const;
      rollout = rollouts.keepDevice(effects, rollout, late);
    }
  }
  judgeRollout(ground, rolloutId);
  rollout = rollouts.rollouts.get(rolloutId);
  if (rollout?.state === 'running') goOn(ground, rollout);
  const now = rollouts.rollouts.get(rolloutId);
  if (now?.state === 'running' || now?.state === 'rollingBack') lookAgain(ground, now);
}

function tooManyFailed({ rollouts }: Situation, rollout: KeptRollout): StopCause | undefined {
  const turned = rollout.stages.slice(0, rollout.stage + 1);
  const failedCount = turned.reduce((sum, { counts }) => sum + counts.failed, 0);
  const count = turned.reduce((sum, { deviceCount }) => sum + deviceCount, 0);
  // In the first stage one is one too many.
  const most = rollout.stage === 0 ? 0 : Math.floor(rollout.mostFailedShare * count);
  if (failedCount <= most) return undefined;
  const failed = [...rollouts.turned(rollout)].filter(({ state }) => state === 'failed');
  const detail = `${failedCount} of ${count} failed: ${named(failed)}`;
  return { reason: 'failures', detail, count: failedCount, of: count, deviceIds: firstOf(failed) };
}

/** Every device of the stages so far runs it, or was taken out by a person. */
function isComplete(rollout: KeptRollout): boolean {
  return rollout.stages
    .slice(0, rollout.stage + 1)
    .every(({ counts, deviceCount }) => counts.running + counts.excluded === deviceCount);
}

function noteComplete({ situation, effects, at }: RolloutGround, rollout: KeptRollout): void {
  const stage = rollout.stages[rollout.stage];
  if (stage === undefined || isComplete(rollout) === (stage.completeAt !== undefined)) return;
  if (stage.completeAt !== undefined) {
    const open = withStage(rollout, ({ completeAt: _noLonger, ...rest }) => rest);
    situation.rollouts.keep(effects, open);
    return;
  }
  const complete = withStage(rollout, (now) => ({ ...now, completeAt: at }));
  situation.rollouts.keep(effects, withStep(complete, { at, what: 'stageComplete', stage: rollout.stage }));
}

/** Silence and faults; and when the observation is over, the next stage. */
function goOn(ground: RolloutGround, rollout: KeptRollout): void {
  const { situation, effects, at } = ground;
  const trouble = tooSilent(situation, rollout) ?? unhealthy(situation, rollout);
  if (trouble !== undefined) return void stopRollout(ground, rollout, trouble);
  const { completeAt } = rollout.stages[rollout.stage] ?? {};
  if (completeAt === undefined || at - completeAt < rollout.observeMs) return;
  // Who runs it and is away just now is waited for.
  for (const { deviceId, state } of situation.rollouts.turned(rollout))
    if (state === 'running' && situation.deviceStates.get(deviceId)?.online !== true) return;
  const ended = withStage(rollout, (stage) => ({ ...stage, endedAt: at }));
  if (rollout.stage + 1 === rollout.stages.length) {
    situation.rollouts.keep(effects, withStep({ ...ended, state: 'done', endedAt: at }, { at, what: 'done' }));
    return;
  }
  const stage = rollout.stage + 1;
  const next = withStage({ ...ended, stage }, (now) => ({ ...now, beganAt: at }));
  situation.rollouts.keep(effects, withStep(next, { at, what: 'stageBegan', stage }));
}

function tooSilent({ rollouts, deviceStates }: Situation, rollout: KeptRollout): StopCause | undefined {
  const told = [...rollouts.turned(rollout)].filter(
    ({ toldAt, state }) => toldAt !== undefined && state !== 'excluded' && state !== 'rolledBack',
  );
  const silent = told.filter(({ deviceId, toldAt = 0 }) => (deviceStates.get(deviceId)?.silentSince ?? 0) > toldAt);
  const most = rollout.silentAtStart + rollout.mostSilentShare;
  if (told.length === 0 || silent.length / told.length <= most) return undefined;
  const detail = `${silent.length} of ${told.length} fell silent: ${named(silent)}`;
  return { reason: 'silence', detail, count: silent.length, of: told.length, deviceIds: firstOf(silent) };
}

function unhealthy(situation: Situation, rollout: KeptRollout): StopCause | undefined {
  for (const { deviceId, state, changedAt = 0 } of situation.rollouts.turned(rollout)) {
    if (state !== 'running') continue;
    const { sources, alarm } = situation.condition(`${deviceId}//fault`)?.condition ?? {};
    if (sources?.['device'] !== undefined && (alarm?.raisedAt ?? 0) >= changedAt)
      return {
        reason: 'unhealthy',
        detail: `${deviceId} reports a fault of itself since it runs it`,
        deviceIds: [deviceId],
      };
    const { openings = [] } = situation.deviceStates.get(deviceId) ?? {};
    const restarts = openings.filter(({ at }) => at > changedAt).length;
    if (restarts > MOST_RESTARTS)
      return {
        reason: 'unhealthy',
        detail: `${deviceId} connected ${restarts} times since it runs it`,
        deviceIds: [deviceId],
      };
  }
  return undefined;
}

/** Those that took it have gone back, each in its way. */
function endRollBack(ground: RolloutGround, rollout: KeptRollout): void {
  const { situation, effects, at } = ground;
  for (const { counts } of rollout.stages) if (counts.fetching + counts.trying + counts.running > 0) return;
  const over = { ...rollout, state: 'rolledBack', endedAt: at } as const;
  situation.rollouts.keep(effects, withStep(over, { at, what: 'rolledBack' }));
}

const named = (devices: readonly KeptRolloutDevice[]): string => {
  const words = devices
    .slice(0, NAMED)
    .map(({ deviceId, code }) => (code === undefined ? deviceId : `${deviceId} (${code})`));
  return devices.length > NAMED ? `${words.join(', ')} …` : words.join(', ');
};

const firstOf = (devices: readonly KeptRolloutDevice[]): readonly string[] =>
  devices.slice(0, NAMED).map(({ deviceId }) => deviceId);

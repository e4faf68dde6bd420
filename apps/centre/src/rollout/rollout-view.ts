import type { Release, Rollout, RolloutDevice } from '@fengsui/protocol';
import type { KeptRelease, KeptRollout, KeptRolloutDevice } from './kept-rollout.ts';

const iso = (at: number): string => new Date(at).toISOString();
const percent = (share: number): number => Math.round(share * 1e4) / 100;

export const releaseView = ({ id, manifest, addedAt, addedBy, hasFile }: KeptRelease): Release => ({
  id,
  manifest,
  addedAt: iso(addedAt),
  addedBy,
  hasFile,
});

export function rolloutView(kept: KeptRollout): Rollout {
  const { id, releaseId, manifest, group, state, stage, deviceCount, startedBy, note, stopped, endedAt } = kept;
  return {
    id,
    releaseId,
    manifest,
    group,
    state,
    stage,
    deviceCount,
    startedBy,
    note,
    observeS: Math.round(kept.observeMs / 1000),
    deviceTimeoutS: Math.round(kept.deviceTimeoutMs / 1000),
    mostFailedPercent: percent(kept.mostFailedShare),
    mostSilentPercent: percent(kept.mostSilentShare),
    startedAt: iso(kept.startedAt),
    stages: kept.stages.map(({ share, deviceCount: count, counts, beganAt, completeAt, endedAt: over }) => ({
      sharePercent: percent(share),
      deviceCount: count,
      counts: { ...counts },
      ...(beganAt !== undefined && { beganAt: iso(beganAt) }),
      ...(completeAt !== undefined && { completeAt: iso(completeAt) }),
      ...(over !== undefined && { endedAt: iso(over) }),
    })),
    ...(stopped !== undefined && { stopped: stoppedView(stopped) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    steps: kept.steps.map(({ at, ...step }) => ({ at: iso(at), ...step })),
  };
}

export function rolloutDeviceView(kept: KeptRolloutDevice): RolloutDevice {
  const { deviceId, place, stage, state, changedAt, tries, running, code, detail } = kept;
  return {
    deviceId,
    venueId: place.venueId,
    stage,
    state,
    tries,
    ...(changedAt !== undefined && { changedAt: iso(changedAt) }),
    ...(running !== undefined && { running }),
    ...(code !== undefined && { code }),
    ...(detail !== undefined && { detail }),
  };
}

function stoppedView({ at, deviceIds, ...rest }: NonNullable<KeptRollout['stopped']>): NonNullable<Rollout['stopped']> {
  return { ...rest, at: iso(at), ...(deviceIds !== undefined && { deviceIds: [...deviceIds] }) };
}

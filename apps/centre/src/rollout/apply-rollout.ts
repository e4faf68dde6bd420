import { createHash } from 'node:crypto';
import { deviceModelsOf, type ReleaseManifest, type RolloutGroup } from '@fengsui/protocol';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import { admitted, isInPlace } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import { isOver, type KeptRollout, type KeptRolloutDevice } from './kept-rollout.ts';
import type { RolloutAct, RolloutActMeta } from './rollout-act.ts';
import { noCounts } from './rollout-book.ts';
import { clearStop, lookAgain, lookTimerId, stopRollout, withStep, type RolloutGround } from './rollout-life.ts';
import { stageSizes, turnOrder } from './stage-plan.ts';
import { judgeRollout } from './watch-rollout.ts';

type Refused = Extract<ActOutcome, { readonly kind: 'refused' }>;
type Given<Kind extends RolloutAct['kind']> = Extract<RolloutAct, { readonly kind: Kind }>;
type Ground = RolloutGround & { readonly place: Place; readonly by: string };

export const MOST_RELEASES = 200;
export const MOST_ROLLOUTS = 500;
export const MOST_DEVICES = 50_000;
/** Venues where a mistake costs most take their turn last. */
const DELICATE_CLASSES: readonly string[] = ['keyUnit', 'hospital', 'school'];

const refuse = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail });

export const rolloutIdOf = (actId: string): string => createHash('sha256').update(actId).digest('hex').slice(0, 12);

/** Applies what a person did, and notes the outcome under the act's id. */
export function applyRolloutAct(situation: Situation, effects: Effects, meta: RolloutActMeta, entry: Entry): void {
  if (effects.acts.some((before) => before.meta.actId === meta.actId)) return;
  const origin = situation.registry.venue(meta.venueId)?.origin ?? 'live';
  const place: Place = { partition: entry.partition, venueId: meta.venueId, origin };
  const ground = { situation, effects, place, by: meta.by, at: meta.at, entryId: entryIdOf(entry) };
  const outcome = actOn(ground, meta);
  effects.acts.push({
    meta,
    place,
    outcome: typeof outcome === 'string' ? { kind: 'rolledOut', id: outcome } : outcome,
  });
}

function actOn(ground: Ground, { act, actId }: RolloutActMeta): Refused | string {
  switch (act.kind) {
    case 'releaseAdd':
      return addRelease(ground, act);
    case 'releaseFile': {
      const release = ground.situation.rollouts.releases.get(act.releaseId);
      if (release === undefined) return refuse('unknownRelease', `release ${act.releaseId} does not exist`);
      if (!release.hasFile) ground.situation.rollouts.keepRelease(ground.effects, { ...release, hasFile: true });
      return release.id;
    }
    case 'rolloutStart':
      return start(ground, rolloutIdOf(actId), act);
    case 'rolloutStop':
      return on(
        ground,
        act.rolloutId,
        ['running'],
        (rollout) => void stopRollout(ground, rollout, { reason: 'byHand', detail: act.note }, ground.by),
      );
    case 'rolloutResume':
      return on(ground, act.rolloutId, ['stopped'], (rollout) => resume(ground, rollout, act.note));
    case 'rolloutRollBack':
      return on(ground, act.rolloutId, ['running', 'stopped', 'done'], (rollout) =>
        rollBack(ground, rollout, act.note),
      );
    case 'rolloutExclude':
      return exclude(ground, act);
  }
}

function on(
  { situation }: Ground,
  id: string,
  states: readonly KeptRollout['state'][],
  work: (rollout: KeptRollout) => void | Refused,
): Refused | string {
  const rollout = situation.rollouts.rollouts.get(id);
  if (rollout === undefined) return refuse('unknownRollout', `rollout ${id} does not exist`);
  if (!states.includes(rollout.state))
    return refuse('rolloutState', `rollout ${id} is ${rollout.state}, expected ${states.join(' or ')}: look again`);
  return work(rollout) ?? id;
}

function addRelease(ground: Ground, { releaseId, manifest }: Given<'releaseAdd'>): Refused | string {
  const { situation, effects, place, by, at } = ground;
  const { rollouts } = situation;
  const known = rollouts.releases.get(releaseId);
  if (known?.manifest.signature === manifest.signature) return releaseId;
  if (known !== undefined)
    return refuse('releaseExists', `${releaseId} is there already with another manifest: give it a new version`);
  if (rollouts.releases.size >= MOST_RELEASES)
    return refuse('tooManyReleases', `${rollouts.releases.size} releases are kept, expected at most ${MOST_RELEASES}`);
  rollouts.keepRelease(effects, { id: releaseId, place, manifest, addedAt: at, addedBy: by, hasFile: false });
  return releaseId;
}

function start(ground: Ground, id: string, act: Given<'rolloutStart'>): Refused | string {
  const { situation, effects, place, by, at } = ground;
  const { rollouts } = situation;
  const { kind: _kind, releaseId, group, note, ...limits } = act;
  if (rollouts.rollouts.has(id)) return id;
  const release = rollouts.releases.get(releaseId);
  if (release === undefined) return refuse('unknownRelease', `release ${releaseId} does not exist`);
  if (!release.hasFile) return refuse('releaseWithoutFile', `the file of ${releaseId} is not there yet`);
  if (rollouts.rollouts.size >= MOST_ROLLOUTS)
    return refuse('tooManyRollouts', `${rollouts.rollouts.size} rollouts are kept, expected at most ${MOST_ROLLOUTS}`);
  const { manifest } = release;
  const members = membersOf(situation, group, manifest);
  if (members.length === 0)
    return refuse('nobodyToUpdate', `no ${deviceModelsOf(manifest).join(', ')} in place in this group`);
  if (members.length > MOST_DEVICES)
    return refuse(
      'tooManyDevices',
      `${members.length} devices, expected at most ${MOST_DEVICES}: roll out by organisation`,
    );
  const busy = members.find((device) => rollouts.openOf(device.id, manifest.kind) !== undefined);
  // Two at once would undo each other, and nobody could tell which of them broke it.
  if (busy !== undefined)
    return refuse('rolloutUnderWay', `${busy.id} has a part in another rollout of ${manifest.kind} that is not over`);
  const turns = turnOrder(
    id,
    members.map((device) => ({ id: device.id, device, isDelicate: isDelicate(situation, device) })),
  );
  const silent = members.filter((device) => situation.deviceStates.get(device.id)?.silentSince !== undefined).length;
  const sizes = stageSizes(turns.length);
  const began = { id, place, releaseId, manifest, group, ...limits, note, startedAt: at, startedBy: by };
  const rollout: KeptRollout = {
    ...began,
    state: 'running',
    stage: 0,
    deviceCount: turns.length,
    silentAtStart: silent / turns.length,
    stages: sizes.map(({ share, deviceCount }, index) => ({
      share,
      deviceCount,
      counts: { ...noCounts, waiting: deviceCount },
      ...(index === 0 && { beganAt: at }),
    })),
    steps: [{ at, by, what: 'began', detail: note }],
  };
  rollouts.keep(effects, rollout);
  const devices = new Map<string, KeptRolloutDevice>();
  rollouts.devices.set(id, devices);
  let number = 0;
  sizes.forEach(({ deviceCount }, stage) => {
    for (const { device } of turns.slice(number, number + deviceCount)) {
      const member = { rolloutId: id, deviceId: device.id, place: situation.placeOf(device), number, stage } as const;
      const kept: KeptRolloutDevice = { ...member, state: 'waiting', tries: 0 };
      devices.set(device.id, kept);
      effects.rolloutDevices.set(`${id}/${device.id}`, kept);
      number += 1;
    }
  });
  lookAgain(ground, rollout);
  return id;
}

/** Terminals in place that the release is made for; commands reach no device of a drill, a test or a replay. */
function membersOf({ registry }: Situation, group: RolloutGroup, manifest: ReleaseManifest): DeviceRecord[] {
  const models = deviceModelsOf(manifest);
  return [...registry.allDevices()].filter(
    (device) =>
      models.includes(device.model) &&
      (device.origin === 'live' || device.origin === 'simulated') &&
      admitted(device) === 'accepted' &&
      isInPlace(device) &&
      isInGroup(registry, group, device),
  );
}

function isInGroup(registry: Situation['registry'], { kind, id }: RolloutGroup, device: DeviceRecord): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'venue':
      return device.venueId === id;
    case 'model':
      return device.model === id;
    case 'organisation':
      return registry.venue(device.venueId)?.organisationId === id;
  }
}

/** Where a mistake costs most, and where something burns just now. */
function isDelicate(situation: Situation, device: DeviceRecord): boolean {
  const venue = situation.registry.venue(device.venueId);
  if (venue !== undefined && DELICATE_CLASSES.includes(venue.class)) return true;
  return situation.openConditionsOf(device.id).some(({ condition }) => condition.alarm?.category === 'fire');
}

/** What failed is tried once more; where it fails again, it stops again. */
function resume(ground: Ground, rollout: KeptRollout, note: string): void {
  const { situation, effects, at, by } = ground;
  clearStop(ground, rollout);
  const { stopped: _decided, ...rest } = rollout;
  const step = { at, by, what: 'resumed', stage: rollout.stage, detail: note };
  let now = situation.rollouts.keep(effects, withStep({ ...rest, state: 'running' }, step));
  for (const device of [...situation.rollouts.turned(now)]) {
    if (device.state !== 'failed') continue;
    const { code: _code, detail: _detail, ...again } = device;
    now = situation.rollouts.keepDevice(effects, now, { ...again, state: 'waiting', changedAt: at, toldAt: at });
  }
  judgeRollout(ground, now.id);
  const judged = situation.rollouts.rollouts.get(now.id);
  if (judged?.state === 'running') lookAgain(ground, judged);
}

function rollBack(ground: Ground, rollout: KeptRollout, note: string): Refused | undefined {
  const { situation, effects, at, by } = ground;
  if (!situation.rollouts.devices.has(rollout.id))
    return refuse('rolloutState', `rollout ${rollout.id} is long done: roll out the release before it as a roll-back`);
  for (const { deviceId } of situation.rollouts.devicesOf(rollout.id)) {
    const other = situation.rollouts.openOf(deviceId, rollout.manifest.kind);
    if (other !== undefined && other.id !== rollout.id)
      return refuse('rolloutUnderWay', `${deviceId} has a part in rollout ${other.id}, which is not over`);
  }
  clearStop(ground, rollout);
  const step = { at, by, what: 'rollBack', detail: note };
  let now = situation.rollouts.keep(effects, withStep({ ...rollout, state: 'rollingBack' }, step));
  for (const device of [...situation.rollouts.devicesOf(rollout.id)]) {
    // Told, and nobody knows what became of it: told to go back all the same.
    if (device.state === 'waiting' && device.tries > 0)
      now = situation.rollouts.keepDevice(effects, now, { ...device, state: 'fetching', changedAt: at });
  }
  judgeRollout(ground, now.id);
  const judged = situation.rollouts.rollouts.get(now.id);
  if (judged?.state === 'rollingBack') lookAgain(ground, judged);
  else effects.endTimer(lookTimerId(now.id));
  return undefined;
}

function exclude(ground: Ground, { rolloutId, deviceId, note }: Given<'rolloutExclude'>): Refused | string {
  const { situation, effects, at, by } = ground;
  const rollout = situation.rollouts.rollouts.get(rolloutId);
  if (rollout === undefined) return refuse('unknownRollout', `rollout ${rolloutId} does not exist`);
  const device = situation.rollouts.device(rolloutId, deviceId);
  if (isOver(rollout) || device === undefined)
    return refuse('rolloutState', `${deviceId} has no part in rollout ${rolloutId} that is not over`);
  if (device.state === 'running' && rollout.state !== 'rollingBack')
    return refuse('rolloutState', `${deviceId} runs it: there is nothing to leave out`);
  const stepped = withStep(rollout, { at, by, what: 'excluded', detail: `${deviceId}: ${note}` });
  const kept = situation.rollouts.keep(effects, stepped);
  const { code: _code, ...rest } = device;
  situation.rollouts.keepDevice(effects, kept, { ...rest, state: 'excluded', changedAt: at, detail: note });
  judgeRollout(ground, rolloutId);
  return rolloutId;
}

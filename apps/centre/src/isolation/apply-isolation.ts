import { hash } from 'node:crypto';
import { longestIsolationH } from '@fengsui/protocol';
import { isInPlace } from '../registry/device-life.ts';
import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { IsolationAct, IsolationActMeta } from './isolation-act.ts';
import { isWithin } from './isolations.ts';
import type { IsolationTarget, KeptIsolation } from './kept-isolation.ts';
import { isLifeSafetyModel } from './life-safety.ts';
import { endIsolation, keepIsolation, setIsolationTimers } from './run-isolation.ts';

const HOUR_MS = 3_600_000;
/** Asked for and active at once, per venue: what is beyond is a venue that is not watched. */
const MOST_OPEN = 100;

type Refused = Extract<ActOutcome, { readonly kind: 'refused' }>;
type Done = { readonly isolation: KeptIsolation };
type Ground = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly place: Place;
  readonly by: string;
  readonly at: number;
};

const refuse = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail });

/** Applies what a person asked for, approved or ended, and notes the outcome under the act's id. */
export function applyIsolation(
  situation: Situation,
  effects: Effects,
  meta: IsolationActMeta,
  partition: number,
): void {
  const { act, actId, venueId, by, at } = meta;
  const origin = situation.registry.venue(venueId)?.origin ?? 'live';
  const place: Place = { partition, venueId, origin };
  const ground = { situation, effects, place, by, at };
  const result = act.kind === 'ask' ? ask(ground, actId, act) : onOpen(ground, act);
  const outcome = 'isolation' in result ? ({ kind: 'isolated', ...result } as const) : result;
  effects.acts.push({ meta, place, outcome });
}

/** Devices in place that a target holds, and those of them that lives depend on. */
export function reachOf(
  registry: Registry,
  venueId: string,
  target: IsolationTarget,
): { readonly devices: readonly DeviceRecord[]; readonly lifeSafety: readonly DeviceRecord[] } {
  const devices = registry
    .devices({ venues: [venueId] })
    .filter((device) => isInPlace(device) && isWithin(registry, target, device));
  return { devices, lifeSafety: devices.filter(({ model }) => isLifeSafetyModel(registry.model(model))) };
}

function ask(
  ground: Ground,
  actId: string,
  { target, isolation: kind, categories, until, reason, fireWatch }: Extract<IsolationAct, { readonly kind: 'ask' }>,
): Done | Refused {
  const { situation, place, by, at } = ground;
  const { registry, isolations } = situation;
  const { venueId } = place;
  if (registry.venue(venueId) === undefined) return refuse('unknownVenue', `venue ${venueId} does not exist`);
  const { areaId, deviceId } = target;
  if (areaId !== undefined && registry.area(areaId)?.venueId !== venueId)
    return refuse('unknownTarget', `venue ${venueId} has no area ${areaId}`);
  if (deviceId !== undefined && registry.device(deviceId)?.venueId !== venueId)
    return refuse('unknownTarget', `venue ${venueId} has no device ${deviceId}`);
  const longestH = longestIsolationH[kind];
  if (!(until > at && until - at <= longestH * HOUR_MS))
    return refuse('isolationTooLong', `until: expected a time to come, at most ${longestH} h from now`);
  const { devices, lifeSafety } = reachOf(registry, venueId, target);
  if (devices.length === 0) return refuse('nothingToIsolate', 'no device in place there: nothing would be different');
  const needsApproval = lifeSafety.length > 0;
  if (needsApproval && fireWatch === undefined)
    return refuse('fireWatchRequired', `${lifeSafety.length} detectors lives depend on: say who watches on site`);
  if (isolations.openCount(venueId) >= MOST_OPEN)
    return refuse('tooManyIsolations', `venue ${venueId} has ${MOST_OPEN} asked for or active: end one first`);
  const asked: KeptIsolation = {
    id: hash('sha256', actId, 'hex').slice(0, 12),
    place,
    target,
    kind,
    ...(categories !== undefined && { categories }),
    reason,
    ...(fireWatch !== undefined && { fireWatch }),
    needsApproval,
    askedAt: at,
    askedBy: by,
    until,
    suppressedCount: 0,
    suppressedFireCount: 0,
    marked: [],
  };
  return keep(ground, needsApproval ? asked : { ...asked, beganAt: at });
}

function onOpen(ground: Ground, act: Exclude<IsolationAct, { readonly kind: 'ask' }>): Done | Refused {
  const { situation, effects, place, by, at } = ground;
  const isolation = situation.isolations.of(place.venueId, act.isolationId);
  if (isolation === undefined) return refuse('isolationEnded', `isolation ${act.isolationId} is over`);
  if (act.kind === 'end') return { isolation: endIsolation(situation, effects, isolation, at, by) };
  if (isolation.beganAt !== undefined) return refuse('isolationActive', `isolation ${isolation.id} is active already`);
  if (isolation.askedBy === by)
    return refuse('approvalByAnother', `${by} asked for it: expected the approval of another person`);
  if (at >= isolation.until) return refuse('isolationEnded', `isolation ${isolation.id} is over`);
  return keep(ground, { ...isolation, approvedBy: by, beganAt: at });
}

function keep({ situation, effects }: Ground, isolation: KeptIsolation): Done {
  keepIsolation(situation, effects, isolation);
  setIsolationTimers(effects, isolation);
  return { isolation };
}

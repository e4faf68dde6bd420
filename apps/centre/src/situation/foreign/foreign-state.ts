import type { ForeignMeta } from '../../journal/foreign-meta.ts';
import { endFault, placeOfCentre, tellFault, type FaultGround } from '../centre-fault.ts';
import type { Effects } from '../effects.ts';
import type { Place } from '../kept.ts';
import type { Situation } from '../situation.ts';
import type { TimerPurpose } from '../timer.ts';
import type { ForeignState } from './kept-source.ts';

const DEFAULT_AWAY_MS = 5 * 60_000;

/** Bearer of what concerns a source and none of its devices. No device id holds a colon. */
export const bearerOf = (sourceId: string): string => `source:${sourceId}`;

export function noteHeard(situation: Situation, effects: Effects, sourceId: string, receivedAt: number): void {
  if (!situation.leads) return;
  const state = situation.foreignStates.get(sourceId) ?? {};
  if ((state.lastMessageAt ?? 0) >= receivedAt) return;
  keep(situation, effects, sourceId, { ...state, lastMessageAt: receivedAt });
}

/** A broker that is away is no news yet; one that stays away is a fault for people to see. */
export function applyLink(
  situation: Situation,
  effects: Effects,
  { sourceId, state, error }: Extract<ForeignMeta, { kind: 'link' }>,
  at: number,
): void {
  const { link, ...rest } = situation.foreignStates.get(sourceId) ?? {};
  const timerId = `foreignAway/${sourceId}`;
  const why = error === undefined ? {} : { error };
  if (state === 'away') {
    // How long it has been away goes on over restarts of ours.
    const since = link?.state === 'away' ? link.since : at;
    keep(situation, effects, sourceId, { ...rest, link: { state, since, ...why } });
    if (link?.state === 'away') return;
    const dueAt = since + (situation.registry.foreign.source(sourceId)?.awayFaultMs ?? DEFAULT_AWAY_MS);
    const { venueId } = placeOf(situation, sourceId);
    effects.setTimer({ id: timerId, venueId, dueAt, purpose: { kind: 'foreignAway', sourceId, since } });
    return;
  }
  effects.endTimer(timerId);
  endFault(groundOf(situation, effects, sourceId, at), 'sourceAway');
  if (state === 'ended') keep(situation, effects, sourceId, rest);
  else keep(situation, effects, sourceId, { ...rest, link: { state, since: at, ...why } });
}

export function foreignAwayDue(
  situation: Situation,
  effects: Effects,
  entryId: string,
  { sourceId, since }: Extract<TimerPurpose, { kind: 'foreignAway' }>,
  firedAt: number,
): void {
  const link = situation.foreignStates.get(sourceId)?.link;
  if (link?.state !== 'away' || link.since !== since) return;
  tellFault({ ...groundOf(situation, effects, sourceId, firedAt), entryId }, 'sourceAway');
}

const groundOf = (situation: Situation, effects: Effects, sourceId: string, at: number): FaultGround => ({
  situation,
  effects,
  place: placeOf(situation, sourceId),
  bearer: bearerOf(sourceId),
  at,
});

/**
 * Of one venue when the source speaks for that one alone; else of none: seen by who may see every venue. Where there are
 * several processes, always of none: a link is known to the one that leads, a venue perhaps to another.
 */
function placeOf(situation: Situation, sourceId: string): Place {
  if (situation.share !== undefined) return placeOfCentre(situation);
  const [venueId = '', ...more] = situation.registry.foreign.source(sourceId)?.venueIds ?? [];
  const venue = more.length > 0 ? undefined : situation.registry.venue(venueId);
  const place = venue === undefined ? { venueId: '', origin: 'live' as const } : { venueId, origin: venue.origin };
  return { partition: situation.registry.partitionOf(place.venueId), ...place };
}

function keep(situation: Situation, effects: Effects, sourceId: string, state: ForeignState): void {
  situation.foreignStates.set(sourceId, state);
  effects.foreignStates.set(sourceId, state);
}

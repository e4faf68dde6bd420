import { classify } from '@fengsui/alarm';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import type { Situation } from './situation.ts';
import { isDuration, type ClockStep } from './timer.ts';

/** Bearer of what concerns the centre itself and none of its devices. */
export const CENTRE_BEARER = 'centre';

/**
 * The clock of the centre's machine was set. While ours goes on by its own count that is a fault and nothing else. Once
 * the machine's is followed, what measures a duration moves with it, and nobody was silent before.
 */
export function applyClockStep(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  step: ClockStep,
  firedAt: number,
): void {
  if (step.state === 'away') return raise(situation, effects, entry, step, firedAt);
  // Found at the start: it was never away while we looked.
  if (step.state === 'followed' && !isRaised(situation)) raise(situation, effects, entry, step, firedAt);
  const over = { kind: 'sourceInactive', source: 'centre', at: firedAt, live: true } as const;
  situation.tell(placeOfCentre(situation), CENTRE_BEARER, '', 'clockJump', over, effects);
  if (step.state === 'back') return;
  const shiftMs = step.machineAt - step.centreAt;
  situation.listeningSince = firedAt;
  situation.clockSetAt = firedAt;
  effects.clockShiftMs += shiftMs;
  for (const timer of effects.timersSet.values()) {
    if (isDuration(timer.purpose)) effects.setTimer({ ...timer, dueAt: timer.dueAt + shiftMs });
  }
}

const isRaised = (situation: Situation): boolean =>
  situation.condition(`${CENTRE_BEARER}//clockJump`)?.condition.sources['centre'] !== undefined;

const placeOfCentre = (situation: Situation): Place => ({
  partition: situation.registry.partitionOf(''),
  venueId: '',
  origin: 'live',
});

function raise(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  { centreAt, machineAt }: ClockStep,
  at: number,
): void {
  const place = placeOfCentre(situation);
  const event = {
    kind: 'sourceActive',
    source: 'centre',
    level: 'warning',
    pointId: '',
    at,
    receivedAt: at,
    entryId: entryIdOf(entry),
    origin: place.origin,
    classification: classify('clockJump', 'warning').classification,
    value: Math.round((machineAt - centreAt) / 1000),
    measure: 'machineAheadS',
  } as const;
  situation.tell(place, CENTRE_BEARER, '', 'clockJump', event, effects);
}

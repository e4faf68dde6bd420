import { entryIdOf, type Entry } from '../journal/entry.ts';
import { endFault, isFaultTold, placeOfCentre, tellFault } from './centre-fault.ts';
import type { Effects } from './effects.ts';
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
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at: firedAt };
  const raise = (): void => {
    const value = Math.round((step.machineAt - step.centreAt) / 1000);
    tellFault({ ...ground, entryId: entryIdOf(entry) }, 'clockJump', { value, measure: 'machineAheadS' });
  };
  if (step.state === 'away') return raise();
  // Found at the start: it was never away while we looked.
  if (step.state === 'followed' && !isFaultTold(situation, CENTRE_BEARER, 'clockJump')) raise();
  endFault(ground, 'clockJump');
  if (step.state === 'back') return;
  const shiftMs = step.machineAt - step.centreAt;
  situation.listeningSince = firedAt;
  situation.clockSetAt = firedAt;
  effects.clockShiftMs += shiftMs;
  effects.clockShiftShare = situation.share;
  for (const timer of effects.timersSet.values()) {
    if (isDuration(timer.purpose)) effects.setTimer({ ...timer, dueAt: timer.dueAt + shiftMs });
  }
}

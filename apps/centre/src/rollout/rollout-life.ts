import { endFault, tellFault } from '../situation/centre-fault.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { KeptRollout, KeptRolloutStep } from './kept-rollout.ts';

const STEPS_KEPT = 100;
const LONGEST_LOOK_MS = 30_000;
const SHORTEST_LOOK_MS = 1_000;

/** What changes a rollout, with the instant of the entry and its name, for the alarm it may raise. */
export type RolloutGround = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly at: number;
  readonly entryId: string;
};

/** Why a rollout stops. */
export type StopCause = Omit<NonNullable<KeptRollout['stopped']>, 'at' | 'by'>;

/** Bearer of the alarm of a rollout. No device id holds a colon. */
export const rolloutBearer = (rolloutId: string): string => `rollout:${rolloutId}`;
export const lookTimerId = (rolloutId: string): string => `rolloutLook/${rolloutId}`;

export const withStep = (rollout: KeptRollout, step: KeptRolloutStep): KeptRollout => ({
  ...rollout,
  steps: [...rollout.steps, step].slice(-STEPS_KEPT),
});

export function withStage(
  rollout: KeptRollout,
  change: (stage: KeptRollout['stages'][number]) => KeptRollout['stages'][number],
): KeptRollout {
  return {
    ...rollout,
    stages: rollout.stages.map((stage, index) => (index === rollout.stage ? change(stage) : stage)),
  };
}

/** One timer drives a rollout: how it stands is looked at some times within each observation. */
export function lookAgain({ effects, at }: RolloutGround, { id, place, observeMs }: KeptRollout): void {
  const waitMs = Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, observeMs / 5));
  effects.setTimer({
    id: lookTimerId(id),
    venueId: place.venueId,
    dueAt: at + Math.round(waitMs),
    purpose: { kind: 'rolloutLook', rolloutId: id },
  });
}

/** Nobody is told any more, and people see it; what is under way at a terminal ends there. */
export function stopRollout(ground: RolloutGround, rollout: KeptRollout, cause: StopCause, by?: string): KeptRollout {
  const { situation, effects, at } = ground;
  const who = by === undefined ? {} : { by };
  effects.endTimer(lookTimerId(rollout.id));
  // A person who stops it himself needs no alarm.
  if (by === undefined) tellFault(faultGround(ground, rollout), 'rolloutStopped');
  const step = { at, ...who, what: 'stopped', stage: rollout.stage, detail: `${cause.reason}: ${cause.detail}` };
  return situation.rollouts.keep(
    effects,
    withStep({ ...rollout, state: 'stopped', stopped: { at, ...who, ...cause } }, step),
  );
}

/** A person has decided, or it is over. */
export function clearStop(ground: RolloutGround, rollout: KeptRollout): void {
  endFault(faultGround(ground, rollout), 'rolloutStopped');
}

const faultGround = (ground: RolloutGround, { id, place }: KeptRollout) => ({
  ...ground,
  place,
  bearer: rolloutBearer(id),
});

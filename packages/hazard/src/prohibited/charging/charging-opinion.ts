import { presentPowerW, termsOf } from './charging-candidate.ts';
import type { ChargingCandidate } from './charging-candidate.ts';
import { probabilityOf, sumOf } from './charging-odds.ts';
import type { OddsTerm } from './charging-odds.ts';

/** A load on the circuit that is held to be a battery being charged. */
export type ChargingOpinion = {
  readonly id: string;
  readonly onAt: number;
  readonly stage: 'tentative' | 'confirmed' | 'proved';
  /** When it got to that stage. */
  readonly since: number;
  readonly confidence: number;
  /** Its own power: of the last whole minute, before that of its step. */
  readonly activePowerW: number;
  /** Start of the constant-voltage stage; absent before. */
  readonly constantVoltageSince?: number;
  /** The power has not fallen by a tenth since switch-on. */
  readonly isUndiminished: boolean;
  /** Why: one term per feature, log-odds. */
  readonly terms: readonly OddsTerm[];
};

/** Undefined before anything is held of it. */
export function opinionOf(candidate: ChargingCandidate): ChargingOpinion | undefined {
  const { tentativeAt, confirmedAt, provedAt, cvSince, course } = candidate;
  const since = provedAt ?? confirmedAt ?? tentativeAt;
  if (since === null) return undefined;
  const terms = termsOf(candidate);
  const newest = course.minutes.at(-1);
  const probability = probabilityOf(sumOf(terms));
  return {
    id: candidate.id,
    onAt: candidate.onAt,
    stage: provedAt !== null ? 'proved' : confirmedAt !== null ? 'confirmed' : 'tentative',
    since,
    confidence: provedAt === null ? probability : Math.max(0.99, probability),
    activePowerW: presentPowerW(candidate),
    ...(cvSince === null ? {} : { constantVoltageSince: cvSince }),
    isUndiminished: newest === undefined || newest.value >= 0.9 * candidate.highestVa,
    terms,
  };
}

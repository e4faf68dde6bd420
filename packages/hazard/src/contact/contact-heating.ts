import { createGradedHazard, type GradedHazardState } from '../graded-hazard.ts';
import type { HazardEvent } from '../hazard-event.ts';
import { measuredEvidence } from '../measured-evidence.ts';
import { normalCdf } from '../trend/quantile.ts';
import { defaultContactLimits } from './contact-limits.ts';
import {
  defaultCommissioningMs,
  defaultTauBankS,
  requireContactSettings,
  type ContactCommissioning,
  type ContactHeatingSettings,
} from './contact-settings.ts';
import {
  commissioningOf,
  doublingsPerMonth,
  forecastDoubling,
  noteKappa,
  TREND_Z,
  type KappaCourse,
} from './kappa-course.ts';
import { updateKappa, type KappaFilterState } from './kappa-filter.ts';
import { bestOf, isExcited, isVerdict, relativeErrorOf, standardErrorOf, withUnknownOffset } from './kappa-verdict.ts';
import { createMinuteMeans, type ContactReading, type MinuteMeans } from './minute-means.ts';
import { growthPerK, nextFeedback, noFeedback, type TemperatureFeedback } from './temperature-feedback.ts';

/** What is known of the contact now, or why nothing is. */
export type ContactEstimate =
  | {
      readonly kind: 'estimate';
      readonly kappaKPerA2: number;
      readonly standardError: number;
      readonly tauS: number;
      /** κ over its commissioning value; absent while that is learned. */
      readonly kappaRatio?: number;
      readonly commissioning?: ContactCommissioning;
      /** Slope of ln κ, in doublings per 30 d; absent below seven daily points. */
      readonly doublingsPerMonth?: number;
    }
  /**
   * `settling`: the terminal's heat of before the start has not decayed. `noExcitation`: the current changed too little
   * to tell the contact's heat from the room's. `recentJump`: the temperature has jumped, and the load has not changed
   * often enough since to tell whether contact or room did.
   */
  | { readonly kind: 'noVerdict'; readonly reason: 'settling' | 'noExcitation' | 'recentJump' };

/** Plain JSON, to be kept over a restart. */
export type ContactHeatingState = {
  readonly tauBankS: readonly number[];
  readonly hasReference: boolean;
  /** Null: has not begun. */
  readonly filters: readonly (KappaFilterState | null)[];
  readonly feedback: TemperatureFeedback;
  /** Minutes learned since the start or the last `recommission`. */
  readonly learnedMinutes: number;
  readonly commissioning?: ContactCommissioning;
  /** ln κ, one point a day. */
  readonly course: KappaCourse;
  readonly hazard: GradedHazardState;
};

/** Contact heating of one terminal. */
export type ContactHeating = {
  readonly read: (reading: ContactReading) => readonly HazardEvent[];
  readonly active: () => readonly HazardEvent[];
  readonly estimate: () => ContactEstimate;
  /** After a repair: forgets the commissioning value and learns anew. Ends the hazard. */
  readonly recommission: (at: number) => readonly HazardEvent[];
  readonly state: () => ContactHeatingState;
};

/** Normal quantile of the levels' lower bounds: 99.9 %. */
const LEVEL_Z = 3.09;
/** Relative error below which κ may be the commissioning value. */
const COMMISSIONING_ERROR = 0.1;
/** Minutes after which a rise that is not explained is one: a day has shown the loads. */
const LEAST_UPDATES = 1_440;
/** A contact that rises by less at its rated current may double and is still sound; ours. */
const LEAST_RISE_AT_RATED_K = 10;
/** A contact that doubles in a fortnight moves by a twentieth a day. */
const KAPPA_WALK_PER_DAY = 0.05;
const walkWithReferenceK = 0.03;
const walkWithoutReferenceK = 0.08;

/**
 * Contact heating by κ = ΔT/I²: the product of contact resistance and thermal resistance, whatever the load. Rises of
 * the terminal are explained by the square of its current, lagged by the time constant that fits best; the temperature
 * without load is taken from a reference point or followed as it walks.
 *
 * Levels come from lower confidence bounds, so that what is not known raises nothing; {@link ContactEstimate} says why.
 *
 * @param restored state of the run before. A changed bank of time constants begins anew and keeps the commissioning.
 * @throws RangeError for settings that make no sense.
 */
export function createContactHeating(settings: ContactHeatingSettings, restored?: ContactHeatingState): ContactHeating {
  requireContactSettings(settings);
  const { point, ratedA, tauBankS = defaultTauBankS, commissioningMs = defaultCommissioningMs } = settings;
  const minuteOf = createMinuteMeans(tauBankS);
  const isSameBank = restored !== undefined && String(restored.tauBankS) === String(tauBankS);
  const hazard = createGradedHazard(
    {
      kind: 'contactHeating',
      point,
      pointId: `${point}.temperatureC`,
      limits: settings.limits ?? defaultContactLimits,
    },
    restored?.hazard,
  );
  let filters = tauBankS.map((_, index) => (isSameBank ? (restored.filters[index] ?? undefined) : undefined));
  let hasReference = restored?.hasReference ?? false;
  let feedback = isSameBank ? restored.feedback : noFeedback;
  let learnedMinutes = isSameBank ? restored.learnedMinutes : 0;
  let commissioning = settings.commissioning ?? restored?.commissioning;
  let course: KappaCourse = restored?.course ?? [];
  let lagA2: readonly number[] = [];

  function takeMinute(minute: MinuteMeans): HazardEvent | undefined {
    const walk = {
      offsetWalkK: hasReference ? walkWithReferenceK : walkWithoutReferenceK,
      kappaWalkPerDay: KAPPA_WALK_PER_DAY,
      leastNoiseK: 0.1,
    };
    lagA2 = minute.lagA2;
    filters = filters.map((filter, index) => {
      const lag = minute.lagA2[index] ?? NaN;
      return Number.isNaN(lag) ? filter : updateKappa(filter, minute.temperature, lag, walk);
    });
    learnedMinutes += 1;
    const best = bestOf(filters);
    const filter = filters[best];
    const lag = minute.lagA2[best] ?? NaN;
    if (filter === undefined || Number.isNaN(lag)) return undefined;
    const isKnown = isVerdict(filter);
    if (isKnown) {
      feedback = nextFeedback(feedback, minute.temperature - filter.offset, lag, filter.kappaKPerA2 * lag);
      course = noteKappa(course, minute.at, filter.kappaKPerA2, relativeErrorOf(filter));
      commission(filter, tauBankS[best] ?? NaN, minute.at);
    }
    return judge(filter, lag, isKnown, minute.at);
  }

  function commission(filter: KappaFilterState, tauS: number, at: number): void {
    if (commissioning !== undefined || learnedMinutes * 60_000 < commissioningMs) return;
    if (relativeErrorOf(filter) <= COMMISSIONING_ERROR) commissioning = commissioningOf(course, tauS, at);
  }

  function judge(filter: KappaFilterState, lag: number, isKnown: boolean, at: number): HazardEvent | undefined {
    // Unknown is NaN, and changes no level.
    const kappa = isKnown ? filter.kappaKPerA2 : NaN;
    const unexplainedK = filter.updates > LEAST_UPDATES ? filter.lastError : NaN;
    const error = standardErrorOf(filter);
    const proved = kappa - LEVEL_Z * error;
    const growth = growthPerK(feedback, LEVEL_Z);
    const ratedA2 = ratedA === undefined ? NaN : ratedA ** 2;
    const ratio = kappa / (commissioning?.kappaKPerA2 ?? NaN);
    const spread = logSpreadOf(filter, commissioning);
    // Thrice next to nothing is next to nothing.
    const isHarmless = kappa * ratedA2 < LEAST_RISE_AT_RATED_K;
    const values = {
      kappaRatio: { estimate: ratio, proved: isHarmless ? 0 : ratio * Math.exp(-LEVEL_Z * spread) },
      unexplainedRiseK: { estimate: unexplainedK, proved: unexplainedK },
      doublingsPerMonth: doublingsPerMonth(course),
      riseAtRatedK: { estimate: kappa * ratedA2, proved: proved * ratedA2 },
      loopGain: { estimate: growth.estimate * kappa * lag, proved: isHarmless ? 0 : growth.proved * proved * lag },
      loopGainAtRated: {
        estimate: growth.estimate * kappa * ratedA2,
        proved: isHarmless ? 0 : growth.proved * proved * ratedA2,
      },
    };
    return hazard.read(at, values, ({ measure, threshold }) => ({
      confidence: confidenceOf(measure, threshold, {
        ratio,
        spread,
        kappa,
        error,
        ratedA2,
        unexplainedK,
        noiseK: Math.sqrt(filter.noise),
      }),
      evidence: measuredEvidence(
        [
          { feature: 'kappaKPerA2', value: kappa, ...(commissioning && { baseline: commissioning.kappaKPerA2 }) },
          { feature: 'kappaStandardErrorKPerA2', value: error },
          { feature: 'tauS', value: tauBankS[bestOf(filters)] ?? NaN },
          { feature: 'riseNowK', value: kappa * lag },
          { feature: 'resistanceGrowthPerK', value: growth.estimate },
          ...Object.entries(values).map(([feature, { estimate }]) => ({
            feature,
            value: estimate,
            ...(feature === measure && { limit: threshold }),
          })),
        ],
        forecastDoubling(course, commissioning),
        commissioning === undefined ? 'learning' : undefined,
      ),
    }));
  }

  return {
    read(reading) {
      const isReferenced = reading.ambientC !== undefined && Number.isFinite(reading.ambientC);
      if (isReferenced !== hasReference) {
        // The temperature without load now means another thing; κ stays.
        hasReference = isReferenced;
        filters = filters.map((filter) => filter && withUnknownOffset(filter));
      }
      const { ambientC: _, ...plain } = reading;
      const minute = minuteOf(isReferenced ? reading : plain);
      const event = minute && takeMinute(minute);
      return event ? [event] : [];
    },
    active: () => [hazard.active()].filter((event) => event !== undefined),
    estimate() {
      const best = bestOf(filters);
      const filter = filters[best];
      if (filter === undefined || lagA2.every(Number.isNaN)) return { kind: 'noVerdict', reason: 'settling' };
      if (!isExcited(filter)) return { kind: 'noVerdict', reason: 'noExcitation' };
      if (!isVerdict(filter)) return { kind: 'noVerdict', reason: 'recentJump' };
      const slope = doublingsPerMonth(course).estimate;
      return {
        kind: 'estimate',
        kappaKPerA2: filter.kappaKPerA2,
        standardError: standardErrorOf(filter),
        tauS: tauBankS[best] ?? NaN,
        ...(commissioning && { kappaRatio: filter.kappaKPerA2 / commissioning.kappaKPerA2, commissioning }),
        ...(Number.isFinite(slope) && { doublingsPerMonth: slope }),
      };
    },
    recommission(at) {
      commissioning = undefined;
      learnedMinutes = 0;
      course = [];
      feedback = noFeedback;
      filters = tauBankS.map(() => undefined);
      const event = hazard.end(at);
      return event ? [event] : [];
    },
    state: () => ({
      tauBankS,
      hasReference,
      filters: filters.map((filter) => filter ?? null),
      feedback,
      learnedMinutes,
      ...(commissioning && { commissioning }),
      course,
      hazard: hazard.state(),
    }),
  };
}

function logSpreadOf(filter: KappaFilterState, commissioning: ContactCommissioning | undefined): number {
  const before = commissioning ? commissioning.standardError / commissioning.kappaKPerA2 : 0;
  return Math.hypot(relativeErrorOf(filter), before);
}

/** Probability that the quantity is beyond the limit. */
function confidenceOf(
  measure: string,
  threshold: number,
  known: Readonly<Record<'ratio' | 'spread' | 'kappa' | 'error' | 'ratedA2' | 'unexplainedK' | 'noiseK', number>>,
): number {
  if (measure === 'kappaRatio') return normalCdf(Math.log(known.ratio / threshold) / known.spread);
  if (measure === 'unexplainedRiseK') return normalCdf((known.unexplainedK - threshold) / known.noiseK);
  if (measure === 'riseAtRatedK') return normalCdf((known.kappa - threshold / known.ratedA2) / known.error);
  // A trend and a loop gain have passed at their lower bound, and that is their confidence.
  return normalCdf(measure === 'doublingsPerMonth' ? TREND_Z : LEVEL_Z);
}

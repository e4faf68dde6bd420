import { createGradedHazard, type GradedHazardState, type GradedLimit } from '../graded-hazard.ts';
import type { HazardEvent } from '../hazard-event.ts';
import { measuredEvidence } from '../measured-evidence.ts';
import { normalCdf } from '../trend/quantile.ts';
import { defaultDriftLimits } from './drift-limits.ts';
import { emptyCourse, forecastLeakage, NEVER_DAYS, noteLeakage, type LeakageCourse } from './leakage-course.ts';
import {
  predicted,
  predictionVariance,
  unknownRegression,
  updateRegression,
  type LoadRegressionState,
} from './load-regression.ts';
import { nextSum, restingSum, type CumulativeSum } from './page-hinkley.ts';
import { createResidualSteps, type ResidualReading, type ResidualStep } from './residual-steps.ts';

export type ResidualDriftSettings = {
  /** Prefix of the circuit: `c1`. */
  readonly circuit: string;
  /** Loads whose own leakage is learned, at most 16; all others count as one. */
  readonly loadIds?: readonly string[];
  /** Least time of learning, ms; default 7 d. */
  readonly learningMs?: number;
  /** What the whole residual current must not reach, mA; default 300. */
  readonly limitMa?: number;
  /** Default: `defaultDriftLimits`. */
  readonly limits?: readonly GradedLimit[];
};

/** Plain JSON, to be kept over a restart. */
export type ResidualDriftState = {
  readonly loadIds: readonly string[];
  readonly regression: LoadRegressionState;
  /** Since when the regression is what later values are compared with, epoch ms. */
  readonly frozenAt?: number;
  readonly sum: CumulativeSum;
  readonly course: LeakageCourse;
  readonly hazard: GradedHazardState;
};

export type ResidualEstimate =
  | {
      readonly kind: 'estimate';
      readonly frozenAt: number;
      /** Resistive part over what the loads explain, mA. */
      readonly riseMa: number;
      readonly daysToLimit: number;
      /** What each listed load adds, mA. */
      readonly loads: readonly { readonly id: string; readonly inPhaseMa: number; readonly quadratureMa: number }[];
    }
  | { readonly kind: 'noVerdict'; readonly reason: 'learning' | 'settling' };

/** Drift of one circuit's residual current. */
export type ResidualDrift = {
  readonly read: (reading: ResidualReading) => readonly HazardEvent[];
  readonly active: () => readonly HazardEvent[];
  readonly estimate: () => ResidualEstimate;
  /** After a repair or a lasting change of the installation: learns anew. Ends the hazard. */
  readonly recommission: (at: number) => readonly HazardEvent[];
  readonly state: () => ResidualDriftState;
};

const STEP_MS = 600_000;
const STEPS_PER_HOUR = 6;
const WEEK_MS = 7 * 86_400_000;
/** A rise within this is the weather: damp and season change healthy leakage by that, and by half of what it is; ours. */
const LEAST_SPREAD_MA = 10;
const LEAST_SPREAD_RATIO = 0.5;
/** Of the cumulative sum, in spreads: weather lasts for weeks, and must not add up. */
const DRIFT = 1;
const PROOF_Z = 3.09;
/** Hours in a row in which less than the drift was seen before a forecast is told; see `defaultDriftLimits`. */
const FORECAST_FROM_SUM = 15;

type Hour = { readonly at: number; readonly riseMa: number; readonly spreadMa: number; readonly step: ResidualStep };

/**
 * Drift of the resistive residual current of a circuit. While learning, in-phase and quadrature current are regressed on
 * the loads that are on; then the regression is frozen with its date, and hours of more in-phase current than it explains
 * are added up by CUSUM. Capacitive current (filters, cables) comes and goes with the loads and raises nothing.
 *
 * A residual transformer mounted the wrong way round turns both parts; as the capacitive part of a healthy circuit leads,
 * the learned sign of the quadrature part sets it right.
 *
 * @throws RangeError for settings that make no sense.
 */
export function createResidualDrift(settings: ResidualDriftSettings, restored?: ResidualDriftState): ResidualDrift {
  requireSound(settings);
  const { circuit, loadIds = [], learningMs = WEEK_MS, limitMa = 300, limits = defaultDriftLimits } = settings;
  const isSameLoads = restored !== undefined && restored.loadIds.join('\n') === loadIds.join('\n');
  const nothing = (): LoadRegressionState => unknownRegression(loadIds.length + 2);
  const stepOf = createResidualSteps(loadIds);
  const hazard = createGradedHazard(
    { kind: 'residualCurrent', point: circuit, pointId: `${circuit}.residualCurrentMa`, limits },
    restored?.hazard,
  );
  // Other loads to learn: what was learned of the old ones says nothing.
  let regression = isSameLoads ? restored.regression : nothing();
  let frozenAt = isSameLoads ? restored.frozenAt : undefined;
  let sum = isSameLoads ? restored.sum : restingSum;
  let course = restored?.course ?? emptyCourse;
  let hourSteps: { at: number; riseMa: number; variance: number }[] = [];
  let latest: { riseMa: number; daysToLimit: number } | undefined;

  function takeStep(step: ResidualStep): HazardEvent | undefined {
    if (frozenAt === undefined) {
      regression = updateRegression(regression, step.loads, step.inPhaseMa, step.quadratureMa);
      if (regression.updates * STEP_MS >= learningMs) frozenAt = step.at;
      return undefined;
    }
    const usualMa = predicted(regression.inPhaseMa, step.loads);
    const weatherMa = Math.max(LEAST_SPREAD_MA, LEAST_SPREAD_RATIO * Math.abs(usualMa));
    const noise = Math.max(weatherMa ** 2, regression.inPhaseNoise);
    hourSteps.push({
      at: step.at,
      riseMa: signOf(regression) * (step.inPhaseMa - usualMa),
      variance: noise + regression.inPhaseNoise * predictionVariance(regression, step.loads),
    });
    if (hourSteps.length < STEPS_PER_HOUR) return undefined;
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const riseMa = mean(hourSteps.map((part) => part.riseMa));
    // Steps of an hour share their weather: the mean is no surer than one of them.
    const spreadMa = Math.sqrt(mean(hourSteps.map((part) => part.variance)));
    hourSteps = [];
    return takeHour({ at: step.at, riseMa, spreadMa, step });
  }

  function takeHour({ at, riseMa, spreadMa, step }: Hour): HazardEvent | undefined {
    sum = nextSum(sum, riseMa / spreadMa, DRIFT);
    const inPhaseMa = signOf(regression) * step.inPhaseMa;
    const quadratureMa = signOf(regression) * step.quadratureMa;
    course = noteLeakage(course, at, riseMa, spreadMa);
    // Resistive and capacitive part are at right angles: what is left of the limit for the resistive one.
    const resistiveLimitMa = Math.sqrt(Math.max(0, limitMa ** 2 - quadratureMa ** 2));
    const { daysToLimit, forecast } = forecastLeakage(course, at, resistiveLimitMa - (inPhaseMa - riseMa));
    const isRising = sum.sum > FORECAST_FROM_SUM;
    latest = { riseMa, daysToLimit: isRising ? daysToLimit.estimate : NEVER_DAYS };
    const values = {
      driftSum: sum.sum,
      riseMa: { estimate: riseMa, proved: riseMa - PROOF_Z * spreadMa },
      daysToLimit: isRising ? daysToLimit : NEVER_DAYS,
    };
    return hazard.read(at, values, ({ measure, threshold }) => ({
      confidence:
        measure === 'riseMa'
          ? normalCdf((riseMa - threshold) / spreadMa)
          : normalCdf(sum.sum / Math.sqrt(Math.max(1, sum.steps))),
      evidence: measuredEvidence(
        [
          {
            feature: 'inPhaseMa',
            value: inPhaseMa,
            baseline: inPhaseMa - riseMa,
            limit: resistiveLimitMa,
          },
          {
            feature: 'quadratureMa',
            value: quadratureMa,
            baseline: signOf(regression) * predicted(regression.quadratureMa, step.loads),
          },
          { feature: 'riseMa', value: riseMa, ...(measure === 'riseMa' && { limit: threshold }) },
          { feature: 'spreadMa', value: spreadMa },
          { feature: 'driftSum', value: sum.sum, ...(measure === 'driftSum' && { limit: threshold }) },
          { feature: 'driftHours', value: sum.steps },
          {
            feature: 'daysToLimit',
            value: daysToLimit.estimate,
            ...(measure === 'daysToLimit' && { limit: threshold }),
          },
        ],
        isRising ? forecast : undefined,
      ),
    }));
  }

  return {
    read(reading) {
      const step = stepOf(reading);
      const event = step && takeStep(step);
      return event ? [event] : [];
    },
    active: () => [hazard.active()].filter((event) => event !== undefined),
    estimate() {
      if (frozenAt === undefined) return { kind: 'noVerdict', reason: 'learning' };
      if (latest === undefined) return { kind: 'noVerdict', reason: 'settling' };
      const sign = signOf(regression);
      const loads = loadIds.map((id, k) => ({
        id,
        inPhaseMa: sign * (regression.inPhaseMa[k + 1] ?? NaN),
        quadratureMa: sign * (regression.quadratureMa[k + 1] ?? NaN),
      }));
      return { kind: 'estimate', frozenAt, ...latest, loads };
    },
    recommission(at) {
      regression = nothing();
      frozenAt = undefined;
      sum = restingSum;
      course = emptyCourse;
      hourSteps = [];
      latest = undefined;
      const event = hazard.end(at);
      return event ? [event] : [];
    },
    state: () => ({
      loadIds,
      regression,
      ...(frozenAt !== undefined && { frozenAt }),
      sum,
      course,
      hazard: hazard.state(),
    }),
  };
}

/** −1 for a residual transformer turned round. */
function signOf({ quadratureMa }: LoadRegressionState): 1 | -1 {
  return (quadratureMa[0] ?? 0) < 0 ? -1 : 1;
}

function requireSound({ circuit, loadIds = [], learningMs = WEEK_MS, limitMa = 300 }: ResidualDriftSettings): void {
  const problems: string[] = [];
  const name = `residual drift of "${circuit}"`;
  if (!/^[^.*]+$/.test(circuit)) problems.push(`${name}: expected a prefix of points such as c1`);
  if (loadIds.length > 16) problems.push(`${name}: ${loadIds.length} loads: expected at most 16`);
  if (new Set(loadIds).size < loadIds.length) problems.push(`${name}: a load is listed twice: ${loadIds.join(', ')}`);
  if (!(learningMs >= 20 * STEP_MS))
    problems.push(`${name}: learningMs is ${learningMs}: expected ${20 * STEP_MS} or more`);
  if (!(limitMa > 0)) problems.push(`${name}: limitMa is ${limitMa}: expected mA above 0`);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
}

import { createGradedHazard, type GradedHazardState, type GradedLimit } from '../graded-hazard.ts';
import type { HazardEvent } from '../hazard-event.ts';
import { measuredEvidence } from '../measured-evidence.ts';
import { circuitProblems, type RatedCircuit } from '../overload.ts';
import { normalCdf } from '../trend/quantile.ts';
import { ambientAllowance, cableProblems, conductorTimeConstantS, currentCapacity, type CableData } from './cable.ts';
import {
  advanceThermal,
  coldState,
  thermalModelProblems,
  thermalRatio,
  timeToThermalLimitS,
  type ThermalModel,
  type ThermalState,
} from './thermal-image.ts';
import { defaultThermalLimits } from './thermal-limits.ts';

export type ThermalOverloadSettings = {
  readonly circuit: RatedCircuit;
  readonly cable: CableData;
  /** IEC 60255-149's k: how far above its capacity the cable may be used; default 1. */
  readonly k?: number;
  /** Default: one time constant, three times that of the bare conductor. */
  readonly model?: ThermalModel;
  /** Default: `defaultThermalLimits`. */
  readonly limits?: readonly GradedLimit[];
};

export type ThermalOverloadReading = {
  /** Epoch ms. */
  readonly at: number;
  /** Rms. */
  readonly currentA: number;
  /** Air around the cable, if it is measured; else the cable data's. */
  readonly ambientC?: number;
};

/** Plain JSON, to be kept over a restart. */
export type ThermalOverloadState = { readonly thermal: ThermalState; readonly hazard: GradedHazardState };

/** Overload of one cable by its thermal image. */
export type ThermalOverload = {
  readonly read: (reading: ThermalOverloadReading) => readonly HazardEvent[];
  readonly active: () => readonly HazardEvent[];
  /** θ now, 1 = at the limit. */
  readonly ratio: () => number;
  readonly state: () => ThermalOverloadState;
};

/** Insulation and conduit: the middle of two to four times the bare conductor's. */
const TAU_OVER_CONDUCTOR = 3;
/** The load a forecast goes by: long enough for a start to pass, short against any cable. */
const LOAD_LAG_S = 10;
/** Longer than this between readings: the current was not seen. */
const GAP_MS = 5_000;
const NEVER_S = 86_400;
/** Relative error of θ from tables, laying and time constant, one standard deviation; ours. */
const RATIO_ERROR = 0.1;
/** True over predicted time, 10 to 90 % of 185 cable courses with a first-order forecast at half the rise (CAROLFIRE [C]). */
const FORECAST_BAND = [0.6, 1.9] as const;
/** No table speaks of an air nearer to the insulation's limit. */
const LEAST_ALLOWANCE = 0.1;

/**
 * Overload of a cable by the thermal image of IEC 60255-149: `dθ/dt = ((I / k·Iz)² − θ)/τ`, with Iz from the cable data
 * and the permitted rise from the ambient temperature. Without cable data use the bands of `overloadRules`.
 *
 * Time that was not observed (a restart, a gap) neither heats nor cools: the cable may have gone on carrying its load, so
 * the state is kept, and a cable that has cooled shows it within minutes.
 *
 * @throws RangeError naming everything that is wrong with the settings.
 */
export function createThermalOverload(
  settings: ThermalOverloadSettings,
  restored?: ThermalOverloadState,
): ThermalOverload {
  const { circuit, cable, k = 1, limits = defaultThermalLimits } = settings;
  requireSound(settings);
  const { groupingFactor, tableA, maxConductorC, capacityA } = currentCapacity(cable);
  const model = settings.model ?? { kind: 'single', tauS: TAU_OVER_CONDUCTOR * conductorTimeConstantS(cable) };
  const hazard = createGradedHazard(
    { kind: 'overload', point: circuit.prefix, pointId: `${circuit.prefix}.currentA`, limits },
    restored?.hazard,
  );
  // The state is relative to the rise at 30 °C, so that a change of the ambient does not change what is stored.
  let thermal = restored?.thermal ?? coldState;
  let lastAt: number | undefined;
  let load2 = NaN;
  let ratio = thermalRatio(thermal);

  function read({ at, currentA, ambientC }: ThermalOverloadReading): readonly HazardEvent[] {
    if (!Number.isFinite(currentA) || !Number.isFinite(at) || at <= (lastAt ?? -Infinity)) return [];
    const elapsedMs = lastAt === undefined ? Infinity : at - lastAt;
    lastAt = at;
    const x2 = (currentA / (k * tableA * groupingFactor)) ** 2;
    const seconds = elapsedMs / 1_000;
    if (elapsedMs > GAP_MS) load2 = x2;
    else {
      thermal = advanceThermal(model, thermal, x2, seconds);
      load2 += (x2 - load2) * (1 - Math.exp(-seconds / LOAD_LAG_S));
    }
    const airC = ambientC !== undefined && Number.isFinite(ambientC) ? ambientC : (cable.ambientC ?? 30);
    const allowance = Math.max(LEAST_ALLOWANCE, ambientAllowance(cable.insulation, airC));
    ratio = thermalRatio(thermal) / allowance;
    const leftS = timeToThermalLimitS(model, thermal, load2, allowance);
    const values = { thermalStateRatio: ratio, timeToLimitS: Math.min(NEVER_S, leftS) };
    const event = hazard.read(at, values, ({ measure, threshold }) => ({
      confidence: confidenceOf(measure, threshold, ratio, load2 / allowance),
      evidence: measuredEvidence(
        [
          {
            feature: 'thermalStateRatio',
            value: ratio,
            ...(measure === 'thermalStateRatio' && { limit: threshold }),
          },
          { feature: 'timeToLimitS', value: leftS, ...(measure === 'timeToLimitS' && { limit: threshold }) },
          { feature: 'currentA', value: currentA, limit: k * tableA * groupingFactor * Math.sqrt(allowance) },
          { feature: 'conductorC', value: airC + ratio * (maxConductorC - airC), baseline: airC, limit: maxConductorC },
          { feature: 'cableCapacityA', value: capacityA },
          { feature: 'breakerRatedA', value: circuit.ratedA },
          { feature: 'tauS', value: model.kind === 'single' ? model.tauS : model.conduitTauS },
        ],
        leftS > 0 && Number.isFinite(leftS)
          ? {
              limitAt: at + leftS * 1_000,
              earliestAt: at + FORECAST_BAND[0] * leftS * 1_000,
              latestAt: at + FORECAST_BAND[1] * leftS * 1_000,
            }
          : undefined,
        leftS === Infinity ? 'neverAtThisLoad' : undefined,
      ),
    }));
    return event ? [event] : [];
  }

  return {
    read,
    active: () => [hazard.active()].filter((event) => event !== undefined),
    ratio: () => ratio,
    state: () => ({ thermal, hazard: hazard.state() }),
  };
}

function requireSound({ circuit, cable, k = 1, model }: ThermalOverloadSettings): void {
  const problems = [
    ...circuitProblems(circuit),
    ...cableProblems(cable).map((problem) => `circuit "${circuit.prefix}": ${problem}`),
    ...(k >= 0.5 && k <= 2 ? [] : [`circuit "${circuit.prefix}": k is ${k}: expected 0.5 to 2`]),
    ...(model === undefined ? [] : thermalModelProblems(model)),
  ];
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
}

/** Probability that θ, or the θ the present load leads to, is beyond the limit. */
function confidenceOf(measure: string, threshold: number, ratio: number, finalRatio: number): number {
  if (measure === 'timeToLimitS') return normalCdf(Math.log(finalRatio) / RATIO_ERROR);
  return normalCdf(Math.log(ratio / threshold) / RATIO_ERROR);
}

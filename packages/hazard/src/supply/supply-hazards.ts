import { createGradedHazard, type GradedHazard, type GradedHazardState, type GradedLimit } from '../graded-hazard.ts';
import type { HazardEvent } from '../hazard-event.ts';
import { measuredEvidence } from '../measured-evidence.ts';
import { neutralShiftOf, type NeutralShift } from './neutral-shift.ts';
import {
  DEAD_RATIO,
  defaultSupplyLimits,
  LOST_RATIO,
  PRESENT_RATIO,
  RISEN_RATIO,
  SHIFT_RATIO,
  TRIANGLE_START_TOLERANCE,
  TRIANGLE_TOLERANCE,
  type SupplyLimits,
} from './supply-limits.ts';

/** The circuits whose voltages stand for the three phases of a board. */
export type Phases = { readonly L1: string; readonly L2: string; readonly L3: string };

export type SupplySettings = {
  /** Single-phase: the one circuit whose voltage stands for all of the board. */
  readonly circuit?: string;
  /** Three-phase. Exactly one of `circuit` and `phases`. */
  readonly phases?: Phases;
  /** Phase to neutral, V. */
  readonly nominalV: number;
  /** Rated current of a phase, A; without it nothing is said of the balance of the currents. */
  readonly ratedA?: number;
  /** Default: `defaultSupplyLimits`. */
  readonly limits?: SupplyLimits;
};

export type SupplyReading = {
  /** Epoch ms. */
  readonly at: number;
  /** Rms per phase in the order L1, L2, L3; one of a single-phase board. NaN: unknown. */
  readonly voltagesV: readonly number[];
  /** Rms per phase, in the same order. */
  readonly currentsA?: readonly number[];
};

/** Plain JSON, to be kept over a restart. */
export type SupplyState = {
  readonly hazards: Readonly<Record<string, GradedHazardState>>;
  /** Slow mean of the supply's triangle, V. */
  readonly triangleV?: number;
};

/** The state of one board's supply. */
export type SupplyHazards = {
  readonly read: (reading: SupplyReading) => readonly HazardEvent[];
  readonly active: () => readonly HazardEvent[];
  readonly state: () => SupplyState;
};

const kinds = ['overVoltage', 'underVoltage', 'phaseLoss', 'neutralLoss', 'imbalance'] as const;
type Kind = (typeof kinds)[number];
/** Tap changers take minutes, loads seconds. */
const TRIANGLE_MEMORY_MS = 600_000;
const singlePhaseKinds: readonly Kind[] = ['overVoltage', 'underVoltage'];

/**
 * Over- and under-voltage, phase loss, neutral loss and imbalance of one board, each told once for the board, on its
 * first circuit, not once for every circuit that hangs on it.
 *
 * Causes go before consequences: a dead supply is one under-voltage at level attention and nothing else; a lost phase or
 * a lost neutral is not under-voltage and imbalance as well. Over-voltage is always told: it burns what it feeds.
 *
 * @throws RangeError for settings that make no sense.
 */
export function createSupplyHazards(settings: SupplySettings, restored?: SupplyState): SupplyHazards {
  const circuits = circuitsOf(settings);
  const { nominalV, limits = defaultSupplyLimits } = settings;
  const point = circuits[0] ?? '';
  const used = circuits.length === 3 ? kinds : singlePhaseKinds;
  const hazards = new Map<Kind, GradedHazard>(
    used.map((kind) => [
      kind,
      createGradedHazard(
        { kind, point, pointId: `${point}.${kind === 'imbalance' ? 'currentA' : 'voltageV'}`, limits: limits[kind] },
        restored?.hazards[kind],
      ),
    ]),
  );

  let triangleV = restored?.triangleV;
  let lastAt: number | undefined;

  /** Follows the supply while nothing is wrong with it. */
  function follow(at: number, { shift, cause }: Picture): void {
    const weight = 1 - Math.exp(-Math.min(TRIANGLE_MEMORY_MS, at - (lastAt ?? at)) / TRIANGLE_MEMORY_MS);
    lastAt = at;
    if (cause !== undefined || shift === undefined || shift.shiftV > (SHIFT_RATIO / 2) * nominalV) return;
    triangleV = triangleV === undefined ? shift.triangleV : triangleV + weight * (shift.triangleV - triangleV);
  }

  function read({ at, voltagesV, currentsA }: SupplyReading): readonly HazardEvent[] {
    const known =
      voltagesV.length === circuits.length && voltagesV.every((value) => Number.isFinite(value) && value >= 0);
    if (!known || !Number.isFinite(at) || at <= (lastAt ?? -Infinity)) return [];
    const picture = pictureOf(voltagesV, currentsA, settings, triangleV);
    follow(at, picture);
    const describe = (limit: GradedLimit): ReturnType<typeof descriptionOf> =>
      descriptionOf(limit, picture, circuits, voltagesV, nominalV);
    return used
      .map((kind) => hazards.get(kind)?.read(at, picture.values, describe))
      .filter((event) => event !== undefined);
  }

  return {
    read,
    active: () => [...hazards.values()].map((hazard) => hazard.active()).filter((event) => event !== undefined),
    state: () => ({
      hazards: Object.fromEntries([...hazards].map(([kind, hazard]) => [kind, hazard.state()])),
      ...(triangleV !== undefined && { triangleV }),
    }),
  };
}

/** Derived quantities, and the cause they speak of. */
type Picture = {
  readonly cause: 'deadSupply' | 'phaseLoss' | 'neutralLoss' | undefined;
  readonly values: Readonly<Record<string, number>>;
  readonly shift: NeutralShift | undefined;
};

function pictureOf(
  voltagesV: readonly number[],
  currentsA: readonly number[] | undefined,
  { nominalV, ratedA }: SupplySettings,
  beforeV: number | undefined,
): Picture {
  const ratios = voltagesV.map((value) => value / nominalV);
  const highest = Math.max(...ratios);
  const lowest = Math.min(...ratios);
  const isDead = highest < DEAD_RATIO;
  const isPresent = highest >= PRESENT_RATIO;
  const [a = NaN, b = NaN, c = NaN] = voltagesV;
  const shift = isDead || voltagesV.length < 3 ? undefined : neutralShiftOf(a, b, c);
  const isWhole = shift !== undefined && isSameTriangle(shift.triangleV, highest, nominalV, beforeV);
  const shiftRatio = isWhole ? shift.shiftV / nominalV : 0;
  // A star point far out leaves one phase with little voltage as well, but then the triangle is whole.
  const lost =
    isPresent && !isWhole && voltagesV.length === 3 ? ratios.filter((ratio) => ratio < LOST_RATIO).length : 0;
  const isShifted = shiftRatio > SHIFT_RATIO;
  const cause = isDead ? 'deadSupply' : lost > 0 ? 'phaseLoss' : isShifted ? 'neutralLoss' : undefined;
  return {
    cause,
    shift,
    values: {
      highestVoltageRatio: highest,
      // A consequence is no hazard of its own: nominal is inside every limit.
      lowestVoltageRatio: cause === undefined ? lowest : 1,
      deadSupplyRatio: isDead ? 1 : 0,
      lostPhases: lost,
      neutralShiftRatio: shiftRatio,
      voltageImbalancePct: cause === undefined ? imbalancePct(voltagesV) : 0,
      currentImbalancePct: isLoaded(currentsA, ratedA) ? imbalancePct(currentsA) : 0,
    },
  };
}

function isSameTriangle(triangleV: number, highest: number, nominalV: number, beforeV: number | undefined): boolean {
  if (beforeV !== undefined) return Math.abs(triangleV / beforeV - 1) <= TRIANGLE_TOLERANCE;
  return highest >= RISEN_RATIO && Math.abs(triangleV / nominalV - 1) <= TRIANGLE_START_TOLERANCE;
}

function isLoaded(
  currentsA: readonly number[] | undefined,
  ratedA: number | undefined,
): currentsA is readonly number[] {
  if (currentsA?.length !== 3 || ratedA === undefined) return false;
  return currentsA.every(Number.isFinite) && Math.max(...currentsA) > ratedA / 2;
}

function imbalancePct(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (100 * Math.max(...values.map((value) => Math.abs(value - mean)))) / mean;
}

function descriptionOf(
  { measure, threshold }: GradedLimit,
  { cause, values, shift }: Picture,
  circuits: readonly string[],
  voltagesV: readonly number[],
  nominalV: number,
) {
  return {
    confidence: confidenceOf(measure, threshold, values[measure] ?? NaN, cause),
    evidence: measuredEvidence(
      [
        ...circuits.map((circuit, k) => ({
          feature: `${circuit}.voltageV`,
          value: voltagesV[k] ?? NaN,
          baseline: nominalV,
        })),
        { feature: measure, value: values[measure] ?? NaN, limit: threshold },
        ...(measure === 'neutralShiftRatio'
          ? [{ feature: 'triangleV', value: shift?.triangleV ?? NaN, baseline: nominalV }]
          : []),
      ],
      undefined,
      cause,
    ),
  };
}

/** Error of a voltage channel, relative: class 0.5 and a transformer tap. */
const VOLTAGE_ERROR = 0.01;

/**
 * How surely the pattern is what it is called. A displaced star point could also be three coinciding faults of the supply:
 * rare, and rarer the larger the shift is.
 */
function confidenceOf(measure: string, threshold: number, value: number, cause: Picture['cause']): number {
  if (measure === 'neutralShiftRatio') return cause === 'neutralLoss' ? 1 - Math.exp(-value / 0.04) : 0.5;
  if (measure === 'lostPhases' || measure === 'deadSupplyRatio') return 0.99;
  const scale = measure.endsWith('Pct') ? 100 : 1;
  return Math.min(0.99, 0.5 + Math.abs(value - threshold) / scale / (2 * VOLTAGE_ERROR));
}

function circuitsOf({ circuit, phases, nominalV, ratedA }: SupplySettings): readonly string[] {
  const problems: string[] = [];
  const circuits = phases ? [phases.L1, phases.L2, phases.L3] : circuit === undefined ? [] : [circuit];
  if ((circuit === undefined) === (phases === undefined)) {
    problems.push('supply: expected either circuit (single-phase) or phases (L1, L2, L3)');
  }
  for (const prefix of circuits) {
    if (!/^[^.*]+$/.test(prefix)) problems.push(`supply: "${prefix}": expected a prefix of points such as c1`);
  }
  if (new Set(circuits).size < circuits.length)
    problems.push(`supply: phases are ${circuits.join(', ')}: expected three`);
  if (!(nominalV >= 50 && nominalV <= 1_000)) problems.push(`supply: nominalV is ${nominalV}: expected 50 to 1000 V`);
  if (ratedA !== undefined && !(ratedA > 0)) problems.push(`supply: ratedA is ${ratedA}: expected A above 0`);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return circuits;
}

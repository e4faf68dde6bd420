import type { CircuitBefore } from './circuit-before.ts';
import { circuitUnrest, ownUnrest } from './circuit-unrest.ts';
import type { CircuitUnrest } from './circuit-unrest.ts';
import type { CourseMeasured } from './course-evidence.ts';
import { courseStray } from './course-stray.ts';
import { cholesky, courseFilter, quadratic } from './course-filter.ts';
import type { CourseFilter } from './course-filter.ts';
import { BINS_PER_MINUTE } from './load-course.ts';
import type { LoadCourse } from './load-course.ts';
import { slowNoise } from './matched-filter.ts';
import type { MatchedFilter } from './matched-filter.ts';
import { BIN_S } from './recent-seconds.ts';
import type { ShiftedLine } from './shifted-line.ts';

/** The part of a candidate that its course is measured by. */
export type FollowedLoad = {
  readonly channel: 'distortion' | 'power';
  readonly hasPhasors: boolean;
  readonly activePowerW: number;
  readonly reactivePowerVar: number | null;
  readonly harmonicsVa: readonly number[];
  readonly filter: MatchedFilter;
  /** Null where no phasors are told. */
  readonly around: CircuitBefore | null;
  readonly offset: readonly number[];
  readonly course: LoadCourse;
};

export type CourseDrift = { readonly pctPerMin: number; readonly errorPctPerMin: number };

/** Bins that are left out: the thermistor warms, the battery takes its first polarisation. */
const FIRST_BIN = 3;
/** Bins of ten minutes; a lamp has mostly warmed up by then, later ones would only dilute its fall. */
const LAST_BIN = 45;

/**
 * A heater beside carries the voltage's harmonics, about 2 % of its power, and these follow the square of a voltage that
 * wanders by 0.8 % within minutes: nobody saw that while the heater was off.
 */
const WANDER_RATIO = 3e-4;
/** Minutes over which such wander looks like drift. */
const WANDER_MIN = 6;

/** Part of the circuit's drift before that may not go on. */
const FADING_RATIO = 0.4;

/** The bins of a course from the end of its first minute on, with what disturbs them. */
export function measuredCourse(load: FollowedLoad): CourseMeasured {
  return load.around === null ? measuredBySize(load) : measuredByPhasors(load, load.around);
}

/** Bins of a course that count. */
export function countedBins({ bins }: LoadCourse): number {
  return Math.min(bins.length, LAST_BIN);
}

/** What the circuit's power does since, beyond what it did before; undefined where no phasors are told or little is known. */
export function measuredUnrest(load: FollowedLoad): CircuitUnrest | undefined {
  const { activePowerW, around, course, offset } = load;
  if (around === null) return load.channel === 'power' ? unrestOfPower(load) : undefined;
  const powersW = course.powers.slice(FIRST_BIN, LAST_BIN).map((powerW) => powerW ?? NaN);
  // P is the first of the dimensions seen.
  const beforeW = around.bins.map((values) => values[0] ?? NaN);
  return circuitUnrest(powersW, beforeW, activePowerW, offset[0] ?? 0);
}

/** Means of 20 s that tell what it does now. */
const NEWEST_BINS = 12;

function unrestOfPower({ activePowerW, course, filter }: FollowedLoad): CircuitUnrest | undefined {
  const count = countedBins(course);
  const ownW = course.bins.slice(Math.max(FIRST_BIN, count - NEWEST_BINS), count).map((value) => value ?? NaN);
  const circuitW = (course.powers[count - 1] ?? NaN) + course.steppedW;
  const unrest = ownUnrest(ownW, filter.calmVa, activePowerW, circuitW - (ownW.at(-1) ?? NaN));
  return unrest === undefined || Number.isNaN(unrest.ratio) ? undefined : { ...unrest, swingRatio: 0 };
}

/** How far its own size strays from a battery's course; undefined where no phasors are told or little is known. */
export function measuredStray({ filter, course, hasPhasors }: FollowedLoad): number | undefined {
  if (!hasPhasors) return undefined;
  const bins = course.bins.slice(FIRST_BIN, LAST_BIN).map((value) => value ?? NaN);
  const stray = courseStray(bins, BIN_TIMES.minutesPerBin, filter.calmVa);
  return Number.isNaN(stray) ? undefined : stray;
}

/** Straight line through the course, per cent per minute, what the circuit did before taken off. */
export function driftOf(line: ShiftedLine, { calmVa, driftVaPerMin, driftErrorVaPerMin }: CourseMeasured): CourseDrift {
  const level = Math.max(1, line.level);
  // A few bins may lie on a line by chance: what the circuit scattered before is the least that is believed.
  const errorScale = Math.max(1, Math.hypot(calmVa, 0.0007 * level) / line.scatter);
  const perMinutePct = (100 * BINS_PER_MINUTE) / level;
  return {
    pctPerMin: line.slope * perMinutePct - (100 * driftVaPerMin) / level,
    errorPctPerMin: Math.hypot(0.01, line.slopeError * errorScale * perMinutePct, (100 * driftErrorVaPerMin) / level),
  };
}

const BIN_TIMES = { firstMin: (FIRST_BIN + 0.5) / BINS_PER_MINUTE, minutesPerBin: 1 / BINS_PER_MINUTE } as const;

/** The course of what the matched filter sees: of a meter's distortion, or of power. */
function measuredBySize(load: FollowedLoad): CourseMeasured {
  const { calmVa, driftVaPerMin, driftErrorVaPerMin } = load.filter;
  const wanderVa = load.channel === 'distortion' ? WANDER_RATIO * Math.max(0, load.offset[0] ?? 0) : 0;
  return {
    ...BIN_TIMES,
    bins: load.course.bins.slice(FIRST_BIN, LAST_BIN).map((value) => value ?? NaN),
    calmVa: Math.hypot(calmVa, wanderVa),
    driftVaPerMin,
    // What fills up or warms drifts ever slower: ten minutes later a part of the drift is gone.
    driftErrorVaPerMin: Math.hypot(driftErrorVaPerMin, FADING_RATIO * driftVaPerMin, wanderVa / WANDER_MIN),
    shifts: [],
  };
}

/** Error of a step that was taken out, part of its size. */
const STEP_ERROR = 0.01;
const STEP_CALM = 1.5;

/** The course of a rectifier's own power, and what others may have added to it. */
function measuredByPhasors(load: FollowedLoad, around: CircuitBefore): CourseMeasured {
  const { activePowerW, harmonicsVa, course, offset } = load;
  const jumps = course.scatter;
  const othersW = offset[0] ?? 0;
  const filter = courseFilter({ activePowerW, harmonicsVa, before: around.scatter, jumps, othersW });
  const seen = course.seen.slice(FIRST_BIN, LAST_BIN);
  const bins = seen.map((values) => (values === null ? NaN : filter.referenceW + along(filter.weights, values)));
  const before = around.bins.map((values) => along(filter.weights, values));
  const rough = Math.sqrt(
    Math.max(0, quadratic(jumps.products, filter.weights, filter.weights)) / Math.max(1, jumps.count),
  );
  const noise = slowNoise(before, (0.8 * rough) / Math.sqrt(BIN_S));
  const calmVa = noise.calmVa;
  const steps = course.steps.map(({ bin, sizeVa }) => {
    const error = Math.hypot(STEP_CALM * calmVa, STEP_ERROR * sizeVa);
    return bins.map((_, k) => (k + FIRST_BIN >= bin ? 0.5 : -0.5) * error);
  });
  return {
    ...BIN_TIMES,
    bins,
    ...noise,
    driftErrorVaPerMin: Math.hypot(noise.driftErrorVaPerMin, FADING_RATIO * noise.driftVaPerMin),
    shifts: [],
    others: [...leaks(filter, seen), ...steps],
  };
}

/** Of the movement of others one series per direction, as far as it may be in the load's own power: one deviation each. */
function leaks(
  { others, coupling }: CourseFilter,
  seen: readonly (readonly number[] | null)[],
): readonly Float64Array[] {
  const known = seen.filter((values) => values !== null);
  const moved = others.map((direction) => {
    const mean = known.reduce((sum, values) => sum + along(direction, values) / known.length, 0);
    return seen.map((values) => (values === null ? 0 : along(direction, values) - mean));
  });
  const lower = cholesky(coupling);
  return others.map((_, col) =>
    Float64Array.from(seen, (__, k) =>
      moved.reduce(
        (sum, series, row) => sum + ((lower[row] as Float64Array)[col] as number) * (series[k] as number),
        0,
      ),
    ),
  );
}

function along(weights: ArrayLike<number>, values: readonly number[]): number {
  return values.reduce((sum, value, k) => sum + (weights[k] as number) * value, 0);
}

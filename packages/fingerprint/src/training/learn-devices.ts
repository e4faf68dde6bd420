import { deviceDistance, expectedVariance, POWER_COLUMN } from '../device/device-space.ts';
import type { DeviceSpace } from '../device/device-space.ts';
import { fitIsotonic, isotonicAt } from '../learn/calibration.ts';
import type { IsotonicCurve } from '../learn/calibration.ts';
import { trainDiscriminant } from '../learn/discriminant.ts';
import { createRandom } from '../learn/random.ts';
import type { Random } from '../learn/random.ts';
import { rowOf, trainingSetOf } from '../learn/training-set.ts';
import type { TrainingSet } from '../learn/training-set.ts';

/** What was learned about telling one device from another. */
export type LearnedDevices = {
  readonly space: DeviceSpace;
  /** Negated distance → chance that two switchings are of one device. */
  readonly curve: IsotonicCurve;
  readonly leastConfidence: number;
  readonly numbers: Readonly<Record<string, number>>;
};

/** Simulated devices repeat more exactly than real ones on a real feeder: no scatter is taken below this. */
const LEAST_SCATTER = 0.008;
/** Of the power, log10: 0.9 per cent. The admittance of a heater that is hot repeats that well, whatever the voltage. */
const LEAST_POWER_SCATTER = 0.004;
/** The correlation of scatter is much the same for all devices but far from certain for this one. */
const SHRINKAGE = 0.5;
/** The nearest of about four others lies at this part of the distance of a chance one, measured on normal clouds. */
const NEAREST_FACTOR = 1.3;
/** Median of the absolute value of a normal deviate, in standard deviations. */
const NORMAL_MEDIAN = 0.6745;
const LEAST_DEVICE_CONFIDENCE = 0.8;
/** Comparisons of a switching with another device of its own type, among all with another device: a home has few alike. */
const ALIKE_SHARE = 0.15;
/** Confirmed switchings of a device, about. */
const CONFIRMED = 3;
const MOST_COMPARISONS = 3000;

/**
 * Learns, from groups of two rows or more, how one device scatters (per type, with the correlation common to all), and
 * the chance of "the same device" by distance: against other devices of the same home, one in seven of the same type.
 * `opinions` are the model's type probabilities of each row, row-major.
 */
export function learnDevices(space: TrainingSet, opinions: Float64Array, seed: number): LearnedDevices {
  const random = createRandom(seed + 1);
  const rowsOf = new Map<number, number[]>();
  space.groups?.forEach((group, row) => rowsOf.set(group, [...(rowsOf.get(group) ?? []), row]));
  const devices = [...rowsOf.values()].filter((rows) => rows.length >= 2);
  if (devices.length < 2) throw new RangeError(`${devices.length} groups of 2 rows or more; expected at least 2`);
  const scale = columnSpread(space);
  const deviations = devices.flatMap((rows) => deviationsOf(space, rows, scale));
  const scatter = scatterPerType(space, deviations);
  const learned: DeviceSpace = {
    columnCount: space.columnCount,
    scatter,
    whitening: commonWhitening(space, deviations, scatter),
  };
  const { scores, same } = compared(space, learned, devices, opinions, random);
  const curve = fitIsotonic(scores, same);
  const right = scores.filter((score, index) => isotonicAt(curve, score) >= 0.5 === (same[index] === 1)).length;
  return {
    space: learned,
    curve,
    leastConfidence: LEAST_DEVICE_CONFIDENCE,
    numbers: { sameOrOtherDeviceAccuracy: right / scores.length },
  };
}

/** How far a row lies from another one of its device, over √2: as far as one switching scatters. */
type Deviation = { readonly type: number; readonly values: Float64Array };

/**
 * Each row against the row of its device that is most like it: a device that works in several modes (warm, cook) is
 * several tight clouds, and their distance would let it swallow every load of the house. Of a cloud of few rows the
 * nearest one is nearer than a chance pair; the factor undoes that.
 */
function deviationsOf(space: TrainingSet, rows: readonly number[], scale: Float64Array): Deviation[] {
  return rows.map((row) => {
    const values = rowOf(space, row);
    let nearest: Float64Array = new Float64Array(space.columnCount);
    let least = Infinity;
    for (const other of rows) {
      if (other === row) continue;
      const away = rowOf(space, other).map((value, column) => value - (values[column] as number));
      const squares = away.reduce((sum, value, column) => sum + (value / (scale[column] as number)) ** 2, 0);
      if (squares < least) [least, nearest] = [squares, away];
    }
    return {
      type: space.labels[row] as number,
      values: nearest.map((value) => (NEAREST_FACTOR * value) / Math.SQRT2),
    };
  });
}

/** Spread of a column over all rows: what a difference is measured with before scatter is known. */
function columnSpread(space: TrainingSet): Float64Array {
  const spread = new Float64Array(space.columnCount);
  const mean = new Float64Array(space.columnCount);
  for (let row = 0; row < space.rowCount; row++) {
    rowOf(space, row).forEach((value, column) => ((mean[column] as number) += value / space.rowCount));
  }
  for (let row = 0; row < space.rowCount; row++) {
    rowOf(space, row).forEach(
      (value, column) => ((spread[column] as number) += (value - (mean[column] as number)) ** 2 / space.rowCount),
    );
  }
  return spread.map((square) => Math.sqrt(square) || 1);
}

function scatterPerType(space: TrainingSet, deviations: readonly Deviation[]): number[][] {
  const all = medianScatter(space.columnCount, deviations);
  return Array.from({ length: space.classCount }, (_, type) => {
    const own = deviations.filter((deviation) => deviation.type === type);
    return own.length < 10 ? all : medianScatter(space.columnCount, own);
  });
}

/**
 * Scatter within a mode of working, from the median: of a water heater with three stages, a switching often has no other
 * of its own stage, and a mean of squares would call the distance between stages scatter, and take a kettle for it.
 */
function medianScatter(columnCount: number, deviations: readonly Deviation[]): number[] {
  return Array.from({ length: columnCount }, (_, column) => {
    const sizes = Float64Array.from(deviations, ({ values }) => Math.abs(values[column] as number)).sort();
    const least = column === POWER_COLUMN ? LEAST_POWER_SCATTER : LEAST_SCATTER;
    return Math.max(least, (sizes[Math.floor(sizes.length / 2)] as number) / NORMAL_MEDIAN);
  });
}

/** Whitening of the scaled deviations, all devices together: one class whose middle is zero. */
function commonWhitening(
  space: TrainingSet,
  deviations: readonly Deviation[],
  scatter: readonly (readonly number[])[],
): number[] {
  const scaled = deviations.map(({ type, values }) =>
    values.map((value, column) => clipped(value / (scatter[type]?.[column] ?? NaN))),
  );
  const learner = trainDiscriminant(trainingSetOf(scaled, new Int32Array(scaled.length), 1), { shrinkage: SHRINKAGE });
  // The discriminant standardises its columns first; here that belongs into the matrix.
  return learner.whitening.map((value, place) => value / (learner.scale.spread[place % space.columnCount] as number));
}

function clipped(value: number): number {
  return Math.max(-3, Math.min(3, value));
}

function compared(
  space: TrainingSet,
  learned: DeviceSpace,
  devices: readonly (readonly number[])[],
  opinions: Float64Array,
  random: Random,
): { scores: number[]; same: number[] } {
  const scores: number[] = [];
  const same: number[] = [];
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const distance = (template: number, probe: number): number => {
    const types = opinions.subarray(template * space.classCount, (template + 1) * space.classCount);
    return deviceDistance(learned, rowOf(space, template), rowOf(space, probe), expectedVariance(learned, types));
  };
  for (let comparison = 0; comparison < Math.min(MOST_COMPARISONS, 10 * devices.length); comparison++) {
    const rows = pick(devices);
    const probe = pick(rows);
    // As on site: a switching is compared with the nearest of a few that were confirmed.
    const templates = Array.from({ length: CONFIRMED }, () => pick(rows.filter((row) => row !== probe)));
    const label = space.labels[probe];
    const others = devices.filter((other) => other !== rows);
    const alike = others.filter(([row]) => space.labels[row ?? -1] === label);
    const stranger = pick(pick(alike.length > 0 && random() < ALIKE_SHARE ? alike : others));
    const nearest = (row: number): number => Math.min(...templates.map((template) => distance(template, row)));
    scores.push(-nearest(probe), -nearest(stranger));
    same.push(1, 0);
  }
  return { scores, same };
}

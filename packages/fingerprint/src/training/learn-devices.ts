import { deviceDistance, expectedVariance } from '../device/device-space.ts';
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
/** The correlation of scatter is much the same for all devices but far from certain for this one. */
const SHRINKAGE = 0.5;
/** Far outliers of a device (another mode of working) say nothing about its scatter within a mode. */
const KEPT_SHARE = 0.9;
const LEAST_DEVICE_CONFIDENCE = 0.8;
/** Comparisons of a switching with another device of its own type, among all with another device: a home has few alike. */
const ALIKE_SHARE = 0.15;
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
  const deviations = devices.flatMap((rows) => deviationsOf(space, rows));
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

/** A row's distance from the middle of its device, scaled up for the middle being made of few rows. */
type Deviation = { readonly type: number; readonly values: Float64Array };

function deviationsOf(space: TrainingSet, rows: readonly number[]): Deviation[] {
  const count = rows.length;
  const middle = new Float64Array(space.columnCount);
  for (const row of rows)
    rowOf(space, row).forEach((value, column) => (middle[column] = (middle[column] ?? 0) + value / count));
  const grown = Math.sqrt(count / (count - 1));
  return rows.map((row) => ({
    type: space.labels[row] as number,
    values: rowOf(space, row).map((value, column) => grown * (value - (middle[column] as number))),
  }));
}

function scatterPerType(space: TrainingSet, deviations: readonly Deviation[]): number[][] {
  const all = trimmedScatter(space.columnCount, deviations);
  return Array.from({ length: space.classCount }, (_, type) => {
    const own = deviations.filter((deviation) => deviation.type === type);
    return own.length < 10 ? all : trimmedScatter(space.columnCount, own);
  });
}

function trimmedScatter(columnCount: number, deviations: readonly Deviation[]): number[] {
  return Array.from({ length: columnCount }, (_, column) => {
    const squares = Float64Array.from(deviations, ({ values }) => (values[column] as number) ** 2).sort();
    const kept = squares.subarray(0, Math.max(1, Math.floor(KEPT_SHARE * squares.length)));
    return Math.max(LEAST_SCATTER, Math.sqrt(kept.reduce((sum, value) => sum + value, 0) / kept.length));
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
    const template = pick(rows);
    const probe = pick(rows.filter((row) => row !== template));
    const label = space.labels[template];
    const others = devices.filter((other) => other !== rows);
    const alike = others.filter(([row]) => space.labels[row ?? -1] === label);
    const stranger = pick(pick(alike.length > 0 && random() < ALIKE_SHARE ? alike : others));
    scores.push(-distance(template, probe), -distance(template, stranger));
    same.push(1, 0);
  }
  return { scores, same };
}

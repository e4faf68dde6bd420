import { isotonicAt } from '../learn/calibration.ts';
import type { RecognitionModel } from '../model/recognition-model.ts';
import { createSpaceReader } from '../model/space-features.ts';
import { typeOpinion } from '../model/type-opinion.ts';
import { deviceDistance, expectedVariance, noiseVariance } from './device-space.ts';
import type { EnrolledDevice, EnrolledDevices, FeatureRow } from './enrolled-devices.ts';

/** The nearest enrolled device and how sure that is. */
export type DeviceMatch = {
  readonly deviceId: string;
  readonly name: string;
  /** 0 … 1: chance that it is this device rather than another, given the next best one too. */
  readonly score: number;
};

export type DeviceMatcher = {
  /** Undefined when nothing is enrolled, or the nearest one is a device that this switching was said not to be. */
  match(spaceRow: Float64Array, noiseRatio?: number): DeviceMatch | undefined;
  /**
   * Where a switching of this device usually lies in a feature: from the least to the largest confirmed one, and two
   * standard deviations further. Undefined for a device or feature that the matcher does not know.
   */
  usualRange(deviceId: string, feature: string): readonly [low: number, high: number] | undefined;
};

type Candidate = {
  readonly deviceId: string;
  readonly name: string;
  readonly templates: readonly Float64Array[];
  readonly rejected: readonly Float64Array[];
  /** Scatter of one switching, per feature: the model's for such a load, and this device's own as far as known. */
  readonly variance: Float64Array;
};

/** Confirmations that the model's scatter counts for: after one or two little is known of the device itself. */
const PRIOR_COUNT = 4;
/** Its own variance may be this many times the model's, not more: a few confirmations lie in different stages of work. */
const MOST_GROWTH = 2;
/** Below this chance a device is not even shown. */
const LEAST_SHOWN = 0.02;

/**
 * Matches fingerprints with enrolled devices: distance to the nearest confirmed switching, measured in the scatter that
 * a device of such a type shows, corrected by what this device's own confirmations show.
 */
export function createDeviceMatcher(model: RecognitionModel, enrolled: EnrolledDevices): DeviceMatcher {
  const candidates = enrolled.devices
    .map((device) => candidateOf(model, device))
    .filter(({ templates }) => templates.length > 0);

  return {
    match(spaceRow, noiseRatio = 0) {
      const extra = noiseVariance(noiseRatio);
      const ranked = candidates
        .map((candidate) => {
          const distance = distanceTo(model, candidate, spaceRow, extra);
          return { candidate, distance, cost: costOf(distance, candidate, extra) };
        })
        .sort((a, b) => a.cost - b.cost);
      const [first, second] = ranked;
      if (first === undefined || first.distance === Infinity) return undefined;
      const alone = isotonicAt(model.deviceCurve, -first.distance);
      const rival = second === undefined ? 0 : isotonicAt(model.deviceCurve, -second.distance);
      // Of two enrolled devices that both fit, the nearer one is the likelier but not thereby proved.
      const share = second === undefined ? 1 : 1 / (1 + Math.exp(first.cost - second.cost));
      const score = alone * (1 - rival * (1 - share));
      if (score < LEAST_SHOWN) return undefined;
      return { deviceId: first.candidate.deviceId, name: first.candidate.name, score };
    },
    usualRange(deviceId, feature) {
      const candidate = candidates.find((one) => one.deviceId === deviceId);
      const column = model.spaceFeatures.indexOf(feature);
      if (candidate === undefined || column < 0) return undefined;
      const confirmed = candidate.templates.map((row) => row[column] as number);
      const margin = 2 * Math.sqrt(candidate.variance[column] as number);
      return [Math.min(...confirmed) - margin, Math.max(...confirmed) + margin];
    },
  };
}

function candidateOf(model: RecognitionModel, { deviceId, name, templates, rejected }: EnrolledDevice): Candidate {
  const read = createSpaceReader(model.spaceFeatures);
  const vectorOf = (row: FeatureRow): Float64Array => Float64Array.from(row, (value) => value ?? NaN);
  const rows = templates.map((row) => read(vectorOf(row)));
  const opinions = templates.map((row, index) => typeOpinion(model, vectorOf(row), rows[index] as Float64Array).types);
  const types = new Float64Array(model.types.length);
  for (const opinion of opinions) opinion.forEach((share, type) => (types[type] = (types[type] ?? 0) + share));
  const prior = rows.length === 0 ? new Float64Array() : expectedVariance(model.deviceSpace, types);
  return {
    deviceId,
    name,
    templates: rows,
    rejected: rejected.map((row) => read(vectorOf(row))),
    variance: prior.map((expected, column) => learnedVariance(expected, rows, column)),
  };
}

/** The model's variance and that of the confirmations, by their counts; each confirmation against its nearest other. */
function learnedVariance(expected: number, rows: readonly Float64Array[], column: number): number {
  let squares = PRIOR_COUNT * expected;
  let count = PRIOR_COUNT;
  rows.forEach((row, index) => {
    let nearest = Infinity;
    rows.forEach((other, place) => {
      // A device with two modes (heating, turning) is two tight clouds, not a wide one: hence the nearest.
      if (place !== index) nearest = Math.min(nearest, ((row[column] as number) - (other[column] as number)) ** 2);
    });
    if (nearest === Infinity) return;
    squares += nearest / 2;
    count++;
  });
  return Math.min(MOST_GROWTH * expected, squares / count);
}

function distanceTo(model: RecognitionModel, candidate: Candidate, row: Float64Array, extra: number): number {
  const { templates, rejected, variance } = candidate;
  let nearest = Infinity;
  for (const template of templates) {
    nearest = Math.min(nearest, deviceDistance(model.deviceSpace, template, row, variance, extra));
  }
  // Nearer to what a person said it is not than to any confirmed switching: out of the question.
  const isRejected = rejected.some((one) => deviceDistance(model.deviceSpace, one, row, variance, extra) < nearest);
  return isRejected ? Infinity : nearest;
}

/**
 * Negative logarithm of the likelihood under normal scatter: a restless device fits nearly everything nearly well, so
 * the volume it spreads over counts against it. Tempered, for real scatter has longer tails.
 */
function costOf(distance: number, candidate: Candidate, extra: number): number {
  const { variance } = candidate;
  let logarithm = 0;
  for (const value of variance) logarithm += Math.log(2 * value + extra);
  return (variance.length * distance ** 2 + logarithm) / (2 * TAIL);
}

const TAIL = 4;

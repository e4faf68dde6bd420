import {
  featureIndex,
  featureVector,
  fingerprintOf,
  type CurrentFingerprint,
  type SwitchedStates,
} from '../../packages/fingerprint/src/index.ts';
import type { VectorCase } from './vector-case.ts';

/** Digits kept of what is expected: as many as float32 has. */
const DIGITS = 7;

/** A case as it stands in the file: inputs in float32, and what `fingerprintOf` and `featureVector` make of them. */
export function vectorOf({ id, made, states }: VectorCase): object {
  const { kind, before, after, differenceCurrentA, differenceErrorA, transient, cycle, settledCycle } = rounded(states);
  const outcome = fingerprintOf(rounded(states));
  const way = { ...(cycle !== undefined && { cycle }), ...(settledCycle !== undefined && { settledCycle }) };
  return {
    id,
    made,
    input: {
      kind,
      before: stateOf(before),
      after: stateOf(after),
      ...(differenceCurrentA && { differenceCurrentA: base64(differenceCurrentA) }),
      ...(differenceErrorA && { differenceErrorA: base64(differenceErrorA) }),
      ...(transient && { transient: digits({ ...transient }) }),
      ...way,
    },
    // The words of a reason are for people.
    expected: outcome.kind === 'unusable' ? { kind: outcome.kind } : digits(outcome),
    ...(outcome.kind === 'fingerprint' && { features: digits(Array.from(featureVector(outcome))) }),
  };
}

/** The same states as a float32 source would give them. */
export function rounded(states: SwitchedStates): SwitchedStates {
  const round = (wave: Float64Array): Float64Array => Float64Array.from(Float32Array.from(wave));
  const { before, after, differenceCurrentA, differenceErrorA, transient } = states;
  return {
    ...states,
    before: { ...before, voltageV: round(before.voltageV), currentA: round(before.currentA) },
    after: { ...after, voltageV: round(after.voltageV), currentA: round(after.currentA) },
    ...(differenceCurrentA && { differenceCurrentA: round(differenceCurrentA) }),
    ...(differenceErrorA && { differenceErrorA: round(differenceErrorA) }),
    ...(transient && {
      transient: {
        inrushRatio: Math.fround(transient.inrushRatio),
        peakRatio: Math.fround(transient.peakRatio),
        decayCycles: Math.fround(transient.decayCycles),
      },
    }),
  };
}

/**
 * Whether the outputs that jump (crossings, conduction angle, image, angle of the peak) stay where they are when the
 * input moves by the rounding of a float32 computation: a case on the edge would judge a port by luck.
 */
export function isRobust(states: SwitchedStates): boolean {
  const first = jumpsOf(rounded(states));
  if (first === undefined) return false;
  return [1, 2, 3, 4].every((draw) => {
    const other = jumpsOf(shaken(rounded(states), draw));
    return other !== undefined && other.every((value, place) => Math.abs(value - (first[place] as number)) < 0.1);
  });
}

const JUMPING = ['selfIntersections'] as const;
const JUMPING_FEATURES = { conduction: 16, peakAngle: 1, steepest: 10 } as const;

function jumpsOf(states: SwitchedStates): number[] | undefined {
  const outcome = fingerprintOf(states);
  if (outcome.kind !== 'fingerprint') return undefined;
  return [...JUMPING.map((name) => outcome.trajectory[name]), ...featureJumps(outcome)];
}

function featureJumps(fingerprint: CurrentFingerprint): number[] {
  const vector = featureVector(fingerprint);
  return Object.entries(JUMPING_FEATURES).map(([name, gain]) => gain * (vector[featureIndex(name)] as number));
}

function shaken(states: SwitchedStates, draw: number): SwitchedStates {
  const shake = (wave: Float64Array): Float64Array => {
    const peak = wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return wave.map((value, point) => value + 1e-5 * peak * Math.sin(12.9898 * (point + 131 * draw)));
  };
  const { before, after, differenceCurrentA } = states;
  return {
    ...states,
    before: { ...before, currentA: shake(before.currentA) },
    after: { ...after, currentA: shake(after.currentA) },
    ...(differenceCurrentA && { differenceCurrentA: shake(differenceCurrentA) }),
  };
}

function stateOf(state: SwitchedStates['before']): object {
  return { cycleCount: state.cycleCount, voltageV: base64(state.voltageV), currentA: base64(state.currentA) };
}

function base64(wave: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * wave.length));
  wave.forEach((value, point) => bytes.setFloat32(4 * point, value, true));
  return Buffer.from(bytes.buffer).toString('base64');
}

/** Every number with its leading digits; NaN, which JSON has no word for, as null. */
function digits(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) => {
      if (typeof one !== 'number') return one;
      return Number.isFinite(one) ? Number(one.toPrecision(DIGITS)) : null;
    }),
  );
}

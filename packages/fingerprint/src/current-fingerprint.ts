import { isClippedCycle } from './clipped-cycle.ts';
import { magnitude, phase, phasorsOf, shifted, waveOf } from './phasors.ts';
import type { Phasors } from './phasors.ts';
import type { CircuitState, SwitchedStates } from './switched-states.ts';
import { trajectoryShape } from './trajectory-shape.ts';
import type { TrajectoryShape } from './trajectory-shape.ts';

/** Changes with every change of the meaning or the value of any field of a fingerprint, repairs included. */
export const FINGERPRINT_SCHEMA_VERSION = 1;

/** Fingerprints hold the harmonics up to this one: all that 3.2 kHz and a 32-point wave can carry. */
export const HIGHEST_FINGERPRINT_HARMONIC = 15;

/** Points of `CurrentFingerprint.shape`. */
export const SHAPE_POINTS = 32;

/** One harmonic of the load's own current. */
export type FingerprintHarmonic = {
  /** 2 … 15. */
  readonly order: number;
  /** Rms over the rms of the fundamental, ≥ 0. */
  readonly ratio: number;
  /** -π..π: the harmonic is √2·I·sin(order·θ + phaseRad), θ = 0 where the voltage fundamental crosses zero rising. */
  readonly phaseRad: number;
};

/** What a switch-on looked like before the steady state. */
export type FingerprintTransient = {
  /** Largest rms of a cycle over the steady rms, at least 1. */
  readonly inrushRatio: number;
  /** Largest peak over the steady peak, at least 1. */
  readonly peakRatio: number;
  /** Time constant of the excess, mains cycles; 0 without inrush; absent when it cannot be told. */
  readonly decayCycles?: number;
  /** Mains cycles from the switching to the steady state; absent when unknown. */
  readonly settleCycles?: number;
};

/**
 * The current fingerprint 电流指纹 of one load: its own current, found as the difference of the circuit's states before
 * and after the switching, in quantities that the level of the voltage does not enter. Plain JSON.
 */
export type CurrentFingerprint = {
  readonly kind: 'fingerprint';
  readonly schemaVersion: typeof FINGERPRINT_SCHEMA_VERSION;
  readonly direction: 'on' | 'off';
  /** Fundamental active current over the voltage fundamental, S; P at any voltage V is conductanceS·V². */
  readonly conductanceS: number;
  /** Fundamental reactive current over the voltage fundamental, S; positive when the current lags. */
  readonly susceptanceS: number;
  /** Orders 2 … 15. */
  readonly harmonics: readonly FingerprintHarmonic[];
  /** Distortion of harmonics 2 … 15 over the fundamental, ≥ 0. */
  readonly thdRatio: number;
  /** Rms of i - G·v over rms of i, 0 … 1: the part of the current that no resistor on this very voltage would draw. */
  readonly nonresistiveRatio: number;
  /** Peak over rms of the wave of harmonics 1 … 15. */
  readonly crestFactor: number;
  /** The wave of harmonics 1 … 15 on 32 points from the voltage's rising zero on, rms 1. */
  readonly shape: readonly number[];
  readonly trajectory: TrajectoryShape;
  /** Only of a switch-on whose way was seen. */
  readonly transient?: FingerprintTransient;
  /** Standard error of the wave over its rms; absent when the source tells none. */
  readonly noiseRatio?: number;
  /** The fewer of the cycles averaged before and after. */
  readonly cycleCount: number;
};

/** Why no fingerprint can be made. */
export type UnusableStates = { readonly kind: 'unusable'; readonly reason: string };

/** Settings of `fingerprintOf`. */
export type FingerprintSettings = {
  /** Largest current the measuring chain can tell, A peak: a state that reaches it is clipped. Default: not known. */
  readonly fullScaleA?: number;
};

const AT_FULL_SCALE = 0.995;
/** Below this fundamental there is no voltage to refer to, V rms. */
const LEAST_VOLTAGE_V = 10;
/** A difference below this is no load, A rms: a tenth of what a 6 W charger draws. */
const LEAST_DIFFERENCE_A = 0.003;
/** A difference has to be this many times its own standard error. */
const LEAST_NOISE_MULTIPLE = 2;
/** Both states together; one cycle alone cannot tell load from noise. */
const LEAST_CYCLES = 3;
const LEAST_POINTS = 2 * HIGHEST_FINGERPRINT_HARMONIC + 2;

/**
 * The fingerprint of the load that was switched between two states, or the reason why there is none: too few cycles or
 * points, samples that are not numbers, no voltage, a clipped current, a difference within the noise. Never a guess.
 *
 * Both states are turned to their own voltage fundamental first, so that they need not be aligned to better than a
 * cycle; a given `differenceCurrentA` is turned by the mean of both. An off event gives the load's own current too.
 *
 * @example
 * const fingerprint = fingerprintOf(switchEvent);
 * if (fingerprint.kind === 'fingerprint') show(nominalPowerW(fingerprint, 230));
 */
export function fingerprintOf(
  states: SwitchedStates,
  settings: FingerprintSettings = {},
): CurrentFingerprint | UnusableStates {
  const reason = faultOf(states, settings);
  if (reason !== undefined) return { kind: 'unusable', reason };
  const highest = HIGHEST_FINGERPRINT_HARMONIC;
  const before = aligned(states.before);
  const after = aligned(states.after);
  const voltage = combined(before.voltage, after.voltage, 0.5, 0.5);
  const voltageV = magnitude(voltage, 1);
  if (!(voltageV >= LEAST_VOLTAGE_V)) {
    return unusable(
      `the voltage fundamental is ${voltageV.toPrecision(3)} V rms; expected at least ${LEAST_VOLTAGE_V} V`,
    );
  }
  const sign = states.kind === 'on' ? 1 : -1;
  const current =
    states.differenceCurrentA === undefined
      ? combined(after.current, before.current, sign, -sign)
      : scaled(shifted(phasorsOf(states.differenceCurrentA, highest), -(before.angleRad + after.angleRad) / 2), sign);
  const currentA = rmsOf(current);
  const noiseA = states.differenceErrorA === undefined ? undefined : noiseInBandA(states.differenceErrorA);
  const leastA = Math.max(LEAST_DIFFERENCE_A, LEAST_NOISE_MULTIPLE * (noiseA ?? 0));
  if (!(currentA >= leastA && magnitude(current, 1) > 0.05 * currentA)) {
    return unusable(
      `the difference is ${(1000 * currentA).toPrecision(3)} mA rms, ${(1000 * magnitude(current, 1)).toPrecision(3)} mA ` +
        `of it fundamental; expected at least ${(1000 * leastA).toPrecision(3)} mA above its noise`,
    );
  }
  return {
    kind: 'fingerprint',
    schemaVersion: FINGERPRINT_SCHEMA_VERSION,
    direction: states.kind,
    ...describeWave(voltage, current),
    ...transientOf(states),
    ...(noiseA === undefined ? {} : { noiseRatio: noiseA / currentA }),
    cycleCount: Math.min(states.before.cycleCount, states.after.cycleCount),
  };
}

/** Active power of the fundamental at a nominal voltage, W. */
export function nominalPowerW(fingerprint: Pick<CurrentFingerprint, 'conductanceS'>, nominalVoltageV = 230): number {
  return fingerprint.conductanceS * nominalVoltageV ** 2;
}

/** The way of a switch-on; a switch-off shows the load's own current only until the contact opens. */
function transientOf(states: SwitchedStates): { transient?: FingerprintTransient } {
  const { kind, transient, cycle, settledCycle } = states;
  if (kind === 'off' || transient === undefined || !(transient.inrushRatio >= 1 && transient.peakRatio >= 1)) return {};
  const settleCycles = settledCycle === undefined || cycle === undefined ? NaN : settledCycle - cycle;
  return {
    transient: {
      inrushRatio: transient.inrushRatio,
      peakRatio: transient.peakRatio,
      ...(transient.decayCycles >= 0 ? { decayCycles: transient.decayCycles } : {}),
      ...(settleCycles >= 0 ? { settleCycles } : {}),
    },
  };
}

type WaveDescription = Omit<
  CurrentFingerprint,
  'kind' | 'schemaVersion' | 'direction' | 'transient' | 'noiseRatio' | 'cycleCount'
>;

function describeWave(voltage: Phasors, current: Phasors): WaveDescription {
  const voltageV = magnitude(voltage, 1);
  const fundamentalA = magnitude(current, 1);
  const currentA = rmsOf(current);
  const harmonics: FingerprintHarmonic[] = [];
  for (let order = 2; order <= HIGHEST_FINGERPRINT_HARMONIC; order++) {
    harmonics.push({ order, ratio: magnitude(current, order) / fundamentalA, phaseRad: phase(current, order) });
  }
  const fine = waveOf(current, FINE_POINTS);
  let peakA = 0;
  for (const value of fine) peakA = Math.max(peakA, Math.abs(value));
  return {
    conductanceS: (current.re[1] as number) / voltageV,
    susceptanceS: -(current.im[1] as number) / voltageV,
    harmonics,
    thdRatio: Math.sqrt(Math.max(0, (currentA / fundamentalA) ** 2 - 1)),
    nonresistiveRatio: nonresistiveRatio(voltage, current),
    crestFactor: peakA / currentA,
    shape: [...waveOf(current, SHAPE_POINTS)].map((value) => value / currentA),
    trajectory: trajectoryShape(waveOf(voltage, FINE_POINTS), fine),
  };
}

/** Fryze's decomposition: the active current G·v, G = P/V², is what a resistor with the same power would draw. */
function nonresistiveRatio(voltage: Phasors, current: Phasors): number {
  let power = 0;
  let voltageSquares = 0;
  let currentSquares = 0;
  for (let h = 1; h < current.re.length; h++) {
    const [vr, vi, ir, ii] = [voltage.re[h], voltage.im[h], current.re[h], current.im[h]] as [
      number,
      number,
      number,
      number,
    ];
    power += vr * ir + vi * ii;
    voltageSquares += vr * vr + vi * vi;
    currentSquares += ir * ir + ii * ii;
  }
  return Math.sqrt(Math.max(0, 1 - power ** 2 / (voltageSquares * currentSquares)));
}

const FINE_POINTS = 128;

function aligned(state: CircuitState): { voltage: Phasors; current: Phasors; angleRad: number } {
  const voltage = phasorsOf(state.voltageV, HIGHEST_FINGERPRINT_HARMONIC);
  const angleRad = phase(voltage, 1);
  const current = phasorsOf(state.currentA, HIGHEST_FINGERPRINT_HARMONIC);
  return { voltage: shifted(voltage, -angleRad), current: shifted(current, -angleRad), angleRad };
}

function combined(first: Phasors, second: Phasors, a: number, b: number): Phasors {
  return {
    re: first.re.map((value, h) => a * value + b * (second.re[h] as number)),
    im: first.im.map((value, h) => a * value + b * (second.im[h] as number)),
  };
}

function scaled(phasors: Phasors, factor: number): Phasors {
  return { re: phasors.re.map((value) => factor * value), im: phasors.im.map((value) => factor * value) };
}

/** Rms of harmonics 1 …; a mean is the measuring chain's offset and no part of a load's fingerprint. */
function rmsOf(phasors: Phasors): number {
  let squares = 0;
  for (let h = 1; h < phasors.re.length; h++) squares += magnitude(phasors, h) ** 2;
  return Math.sqrt(squares);
}

/** What white noise of this standard error per point leaves on harmonics 1 … 15, A rms. */
function noiseInBandA(noiseA: Float64Array): number {
  let squares = 0;
  for (const value of noiseA) squares += value * value;
  const bandShare = (2 * HIGHEST_FINGERPRINT_HARMONIC) / noiseA.length;
  return Math.sqrt((bandShare * squares) / noiseA.length);
}

function unusable(reason: string): UnusableStates {
  return { kind: 'unusable', reason };
}

/** What the states lack before anything is computed; undefined when nothing. */
function faultOf(states: SwitchedStates, settings: FingerprintSettings): string | undefined {
  const points = states.before.voltageV.length;
  if (points < LEAST_POINTS) return `a cycle has ${points} points; expected at least ${LEAST_POINTS}`;
  const waves: readonly (readonly [string, Float64Array | undefined])[] = [
    ['before.voltageV', states.before.voltageV],
    ['before.currentA', states.before.currentA],
    ['after.voltageV', states.after.voltageV],
    ['after.currentA', states.after.currentA],
    ['differenceCurrentA', states.differenceCurrentA],
    ['differenceErrorA', states.differenceErrorA],
  ];
  for (const [name, wave] of waves) {
    if (wave === undefined) continue;
    if (wave.length !== points) return `${name} has ${wave.length} points; expected ${points} as before.voltageV`;
    const bad = wave.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) return `${name} is ${wave[bad]} at point ${bad}; expected finite numbers`;
  }
  for (const side of ['before', 'after'] as const) {
    const { cycleCount, currentA } = states[side];
    if (!(cycleCount >= 1)) return `${side} is the mean of ${cycleCount} cycles; expected at least 1`;
    const largestA = currentA.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const isAtEnd = settings.fullScaleA !== undefined && largestA >= AT_FULL_SCALE * settings.fullScaleA;
    if (isAtEnd || isClippedCycle(currentA))
      return `the current ${side} the switching is clipped: the input range was exceeded`;
  }
  const cycleCount = states.before.cycleCount + states.after.cycleCount;
  if (cycleCount < LEAST_CYCLES) {
    return `${cycleCount} cycles were averaged before and after together; expected at least ${LEAST_CYCLES}`;
  }
  return undefined;
}

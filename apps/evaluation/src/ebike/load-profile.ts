import { renderCircuit } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { createCycleAnalyser, meanReading } from '@fengsui/signal';
import type { CycleReading } from '@fengsui/signal';

/** Orders kept of a load's current; what is left out is below a hundredth of the distortion. */
export const ORDERS = [2, 3, 5, 7, 9, 11, 13, 15] as const;
/** P, Q, then in phase and in quadrature per order: VA at the voltage it was rendered with. */
export const COMPONENTS = 2 + 2 * ORDERS.length;
/** Index of the third harmonic's in-phase component; 3, 5 and 7 follow each other. */
export const THIRD = 4;

const SAMPLE_RATE_HZ = 6400;
const DURATION_MS = 500;
const CYCLES = 10;

/** Powers at which a load that wanders is profiled, parts of its rated one. */
const LEVELS = [0.4, 0.7, 1, 1.4] as const;

/**
 * Profiles of a load at several powers. A rectifier's pulses widen with its load, so a screen that flickers moves along
 * another direction than the one it was switched on with. Linear in between, and to nothing at 0.
 */
export type ProfileCurve = {
  readonly factors: readonly number[];
  readonly profiles: readonly Float64Array[];
  /** Heaters and motors: the power follows the voltage's square. Converters hold theirs. */
  readonly isLinear: boolean;
};

/** Loads that hold their power when the voltage moves. */
const CONVERTERS: readonly string[] = ['rectifier', 'pfcSupply', 'eBikeCharger', 'charger'];

/** Of a load whose power moves; one profile for one whose power does not. */
export function profileCurve(spec: LoadSpec, seed: number, isMoving: boolean): ProfileCurve {
  const rated = loadProfile(spec, seed);
  const isLinear = !CONVERTERS.includes(spec.kind);
  if (!isMoving || isLinear) {
    return { factors: [0, 1], profiles: [new Float64Array(COMPONENTS), rated], isLinear };
  }
  const curve = LEVELS.map((factor) => (factor === 1 ? rated : loadProfile(atPower(spec, factor), seed)));
  // The course is told as a factor on the power.
  const factors = curve.map((profile) => (profile[0] as number) / (rated[0] as number));
  return { factors: [0, ...factors], profiles: [new Float64Array(COMPONENTS), ...curve], isLinear };
}

/** The same circuit at another power: its capacitor stays. */
function atPower(spec: LoadSpec, factor: number): LoadSpec {
  const powerW = spec.powerW * factor;
  const ratedUfPerW = ('capacitanceUfPerW' in spec ? spec.capacitanceUfPerW : undefined) ?? 1.2;
  // 50 µF per W is the most that city simulates.
  const perW = { capacitanceUfPerW: Math.min(50, ratedUfPerW / factor) };
  const ohm = {
    seriesOhm: ('seriesOhm' in spec ? spec.seriesOhm : undefined) ?? Math.min(40, 0.8 + 220 / spec.powerW),
  };
  const isBridge = spec.kind === 'rectifier' || ('hasPfc' in spec ? spec.hasPfc !== true : true);
  // City's e-bike chargers begin at 60 W; the circuit of a general charger is the same.
  const kind = spec.kind === 'eBikeCharger' ? 'charger' : spec.kind;
  return { ...spec, kind, powerW, ...(isBridge && spec.kind !== 'pfcSupply' ? { ...perW, ...ohm } : {}) } as LoadSpec;
}

/** Writes the curve at a factor to `out`; beyond the last profile it is continued in proportion. */
export function profileAt({ factors, profiles }: ProfileCurve, factor: number, out: Float64Array): void {
  let upper = 1;
  while (upper < factors.length - 1 && factor > (factors[upper] as number)) upper++;
  const low = factors[upper - 1] as number;
  const high = factors[upper] as number;
  const share = (factor - low) / (high - low);
  const a = profiles[upper - 1] as Float64Array;
  const b = profiles[upper] as Float64Array;
  for (let k = 0; k < COMPONENTS; k++) out[k] = (a[k] as number) + share * ((b[k] as number) - (a[k] as number));
}

/**
 * What a load draws when it runs steadily, from its simulated waveform at 6.4 kHz: ten cycles, analysed as a terminal
 * would. The voltage has 2 % distortion like a real one.
 */
export function loadProfile(spec: LoadSpec, seed: number): Float64Array {
  const wave = renderCircuit({ loads: [{ spec }], durationMs: DURATION_MS, seed, sampleRateHz: SAMPLE_RATE_HZ });
  const readings: CycleReading[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50 });
  analyser.push({ voltageV: wave.voltageV, currentA: wave.currentA }, (reading) => readings.push(reading));
  const mean = meanReading(readings.filter((reading) => reading.locked).slice(-CYCLES));
  const profile = new Float64Array(COMPONENTS);
  const voltageV = mean.voltageHarmonicsV[1] ?? NaN;
  profile[0] = mean.activePowerW;
  profile[1] = mean.reactivePowerVar;
  ORDERS.forEach((order, index) => {
    const va = voltageV * (mean.currentHarmonicsA[order] ?? NaN);
    const phaseRad = mean.currentHarmonicPhasesRad[order] ?? NaN;
    profile[2 + 2 * index] = va * Math.cos(phaseRad);
    profile[3 + 2 * index] = va * Math.sin(phaseRad);
  });
  if (!profile.every(Number.isFinite))
    throw new RangeError(`load ${spec.id}: its simulated waveform has no steady cycle`);
  return profile;
}

import type { RandomStream } from '@fengsui/city';
import type { ChargingReading } from '@fengsui/hazard';
import { COMPONENTS, profileAt, THIRD } from './load-profile.ts';
import type { ProfileCurve } from './load-profile.ts';
import type { PowerCourse } from './power-course.ts';

/** A load of the stream. */
type Running = {
  readonly curve: ProfileCurve;
  readonly isLinear: boolean;
  /** What it draws now. */
  readonly present: Float64Array;
  readonly course: PowerCourse;
  readonly fromS: number;
  factor: number;
  nextS: number;
};

/** The seconds of one circuit. */
export type SecondStream = {
  readonly switchOn: (curve: ProfileCurve, course: PowerCourse, nowS: number) => number;
  readonly switchOff: (id: number) => void;
  /** The terminal's reading of the second that ends at `nowS`; the record is written anew by the next call. */
  readonly terminal: (nowS: number) => ChargingReading;
  /** The same second as a meter shows it: P to 0.1 W, power factor to 0.001, distortion to 0.1 %. */
  readonly meter: () => { activePowerW: number; powerFactor: number; currentThdPct: number };
};

type MutableReading = { -readonly [Field in keyof ChargingReading]: ChargingReading[Field] };

/** Mains: the voltage wanders by this with a time constant of minutes; what is linear follows its square. */
const VOLTAGE_WANDER = 0.008;
const VOLTAGE_CORRELATION_S = 180;
/** Noise of one second of a terminal, part of the value and VA. */
const NOISE_RATIO = 2e-4;
const NOISE_VA = 0.15;
const NORMALS = 1 << 15;
/** In phase and in quadrature of the odd orders 3 … 15: what a terminal tells the recogniser. */
const PHASORS = COMPONENTS - THIRD;

/**
 * Adds up the phasors of running loads second by second, each times its course. Loads whose distortion is small are
 * taken for linear: their power follows the voltage's square. Everything else holds its power.
 */
export function createSecondStream(random: RandomStream): SecondStream {
  const running = new Map<number, Running>();
  const linear = new Float64Array(COMPONENTS);
  const constant = new Float64Array(COMPONENTS);
  const total = new Float64Array(COMPONENTS);
  const reading: MutableReading = {
    at: 0,
    activePowerW: 0,
    reactivePowerVar: 0,
    distortionVa: 0,
    harmonicsVa: new Float64Array(PHASORS),
  };
  const harmonicsVa = reading.harmonicsVa as Float64Array;
  // Normal numbers from a table: a day of seconds costs more in logarithms than in everything else.
  const normals = Float64Array.from({ length: NORMALS }, () => random.normal());
  let cursor = random.nextUint32() % NORMALS;
  let nextId = 1;
  let voltageDeviation = 0;
  const keep = Math.exp(-1 / VOLTAGE_CORRELATION_S);
  const kick = VOLTAGE_WANDER * Math.sqrt(1 - keep * keep);

  const normal = (): number => {
    cursor = (cursor + 1) & (NORMALS - 1);
    return normals[cursor] as number;
  };

  const moved = new Float64Array(COMPONENTS);
  const change = (load: Running, factor: number): void => {
    const sum = load.isLinear ? linear : constant;
    profileAt(load.curve, factor, moved);
    for (let k = 0; k < COMPONENTS; k++)
      sum[k] = (sum[k] as number) + (moved[k] as number) - (load.present[k] as number);
    load.present.set(moved);
    load.factor = factor;
  };

  const move = (nowS: number): void => {
    for (const load of running.values()) {
      if (nowS < load.nextS) continue;
      const factor = load.course.at(nowS - load.fromS);
      load.nextS = nowS + load.course.everyS;
      if (factor !== load.factor) change(load, factor);
    }
  };

  return {
    switchOn(curve, course, nowS) {
      const present = new Float64Array(COMPONENTS);
      const load: Running = { curve, isLinear: curve.isLinear, present, course, fromS: nowS, factor: 0, nextS: nowS };
      running.set(nextId, load);
      return nextId++;
    },
    switchOff(id) {
      const load = running.get(id);
      if (load === undefined) return;
      change(load, 0);
      running.delete(id);
      // Sums of ten thousand steps drift: an empty circuit starts anew.
      if (running.size === 0) {
        linear.fill(0);
        constant.fill(0);
      }
    },
    terminal(nowS) {
      move(nowS);
      voltageDeviation = keep * voltageDeviation + kick * normal();
      const square = (1 + voltageDeviation) ** 2;
      let squares = 0;
      for (let k = 0; k < COMPONENTS; k++) {
        const value = square * (linear[k] as number) + (constant[k] as number);
        total[k] = value;
        if (k >= 2) squares += value * value;
      }
      const p = total[0] as number;
      const q = total[1] as number;
      const noise = NOISE_VA + NOISE_RATIO * Math.sqrt(p * p + q * q + squares);
      reading.at = nowS * 1000;
      reading.activePowerW = p + noise * normal();
      reading.reactivePowerVar = q + noise * normal();
      reading.distortionVa = Math.max(0, Math.sqrt(squares) + noise * normal());
      for (let k = 0; k < PHASORS; k++) harmonicsVa[k] = (total[THIRD + k] as number) + 0.4 * noise * normal();
      return reading;
    },
    meter() {
      const { activePowerW, reactivePowerVar, distortionVa } = reading;
      const fundamentalVa = Math.hypot(activePowerW, reactivePowerVar);
      const apparentVa = Math.hypot(fundamentalVa, distortionVa);
      return {
        activePowerW: Math.round(10 * activePowerW) / 10,
        powerFactor: Math.min(1, Math.max(0.001, Math.round((1000 * activePowerW) / apparentVa) / 1000)),
        currentThdPct: Math.round((1000 * distortionVa) / fundamentalVa) / 10,
      };
    },
  };
}

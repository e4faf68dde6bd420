import type { SwitchedStates } from '../src/index.ts';

/** A rounding of every intermediate result: none, or to float32 as a microcontroller computes. */
export type Rounding = (value: number) => number;

/** The fields of a fingerprint that sums over the points give, written out without the package's own code. */
export type DirectFields = {
  readonly conductanceS: number;
  readonly susceptanceS: number;
  readonly ratios: readonly number[];
  readonly phasesRad: readonly number[];
  readonly thdRatio: number;
  readonly nonresistiveRatio: number;
  readonly crestFactor: number;
  readonly shape: readonly number[];
};

const HIGHEST = 15;
type Complex = readonly [re: number, im: number];

/** Follows docs/reference/fingerprint.md step by step; the input must be usable. */
export function directFingerprint(states: SwitchedStates, f: Rounding): DirectFields {
  const { kind, before, after, differenceCurrentA } = states;
  const [b, a] = [before, after].map(({ voltageV, currentA }) => {
    const [re, im] = harmonic(voltageV, 1, f);
    return { angle: f(Math.atan2(im, re)), voltageV, currentA };
  }) as [{ angle: number } & Waves, { angle: number } & Waves];
  const sign = kind === 'on' ? 1 : -1;
  const voltage: Complex[] = [];
  const current: Complex[] = [];
  for (let h = 1; h <= HIGHEST; h++) {
    const vb = turned(harmonic(b.voltageV, h, f), -h * b.angle, f);
    const va = turned(harmonic(a.voltageV, h, f), -h * a.angle, f);
    voltage.push([f(f(vb[0] + va[0]) / 2), f(f(vb[1] + va[1]) / 2)]);
    if (differenceCurrentA === undefined) {
      const ib = turned(harmonic(b.currentA, h, f), -h * b.angle, f);
      const ia = turned(harmonic(a.currentA, h, f), -h * a.angle, f);
      current.push([f(sign * (ia[0] - ib[0])), f(sign * (ia[1] - ib[1]))]);
    } else {
      const [re, im] = turned(harmonic(differenceCurrentA, h, f), (-h * (b.angle + a.angle)) / 2, f);
      current.push([sign * re, sign * im]);
    }
  }
  return fieldsOf(voltage, current, f);
}

type Waves = { readonly voltageV: Float64Array; readonly currentA: Float64Array };

function fieldsOf(voltage: readonly Complex[], current: readonly Complex[], f: Rounding): DirectFields {
  const rms = current.map(([re, im]) => f(Math.hypot(re, im)));
  const wholeA = f(
    Math.sqrt(
      sum(
        rms.map((value) => f(value * value)),
        f,
      ),
    ),
  );
  const [v1, i1] = [voltage[0] as Complex, current[0] as Complex];
  const voltageV = f(Math.hypot(...v1));
  const powers = current.map(([re, im], h) => f(re * (voltage[h] as Complex)[0] + im * (voltage[h] as Complex)[1]));
  const voltageSquares = sum(
    voltage.map(([re, im]) => f(re * re + im * im)),
    f,
  );
  // Fryze: what is left of the current when G·v is taken out, summed as a wave and not by Pythagoras.
  const conductance = f(sum(powers, f) / voltageSquares);
  const left = current.map(([re, im], h) => {
    const [x, y] = voltage[h] as Complex;
    return f((re - conductance * x) ** 2 + (im - conductance * y) ** 2);
  });
  const fine = wave(current, 128, f);
  return {
    conductanceS: f(i1[0] / voltageV),
    susceptanceS: f(-i1[1] / voltageV),
    ratios: rms.slice(1).map((value) => f(value / (rms[0] as number))),
    phasesRad: current.slice(1).map(([re, im]) => f(Math.atan2(im, re))),
    thdRatio: f(
      Math.sqrt(
        sum(
          rms.slice(1).map((value) => f(value * value)),
          f,
        ),
      ) / (rms[0] as number),
    ),
    nonresistiveRatio: f(Math.sqrt(sum(left, f)) / wholeA),
    crestFactor: f(fine.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / wholeA),
    shape: wave(current, 32, f).map((value) => f(value / wholeA)),
  };
}

/** Rms amplitude of √2·|X|·sin(hθ + arg X): the projection on sine and cosine. */
function harmonic(points: Float64Array, h: number, f: Rounding): Complex {
  let [a, b] = [0, 0];
  points.forEach((value, n) => {
    const angle = (2 * Math.PI * h * n) / points.length;
    a = f(a + f(value * f(Math.sin(angle))));
    b = f(b + f(value * f(Math.cos(angle))));
  });
  return [f((Math.SQRT2 * a) / points.length), f((Math.SQRT2 * b) / points.length)];
}

function turned([re, im]: Complex, angle: number, f: Rounding): Complex {
  const [c, s] = [f(Math.cos(angle)), f(Math.sin(angle))];
  return [f(f(re * c) - f(im * s)), f(f(re * s) + f(im * c))];
}

function wave(current: readonly Complex[], count: number, f: Rounding): number[] {
  return Array.from({ length: count }, (_, n) =>
    sum(
      current.map(([re, im], index) => {
        const angle = (2 * Math.PI * (index + 1) * n) / count;
        return f(Math.SQRT2 * (f(re * f(Math.sin(angle))) + f(im * f(Math.cos(angle)))));
      }),
      f,
    ),
  );
}

function sum(values: readonly number[], f: Rounding): number {
  return values.reduce((total, value) => f(total + value), 0);
}

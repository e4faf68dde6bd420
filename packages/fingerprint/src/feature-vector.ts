import type { CurrentFingerprint } from './current-fingerprint.ts';

/** One number of the feature vector. */
export type Feature = {
  readonly name: string;
  /** `1` for plain ratios. */
  readonly unit: string;
  /** Range in which real loads lie; values outside are not clipped. */
  readonly low: number;
  readonly high: number;
  /** True for what a fingerprint may not know: the value is NaN then. */
  readonly canBeMissing?: true;
  readonly description: string;
};

type ComputedFeature = Feature & { readonly of: (prepared: Prepared) => number };

/** What several features share. */
type Prepared = {
  readonly fingerprint: CurrentFingerprint;
  /** Rms of the whole wave over the rms of its fundamental. */
  readonly wholeRatio: number;
  /** Half-wave symmetric part of the shape, first half: 16 points. */
  readonly half: Float64Array;
  readonly halfPeak: number;
};

const NOMINAL_VOLTAGE_V = 230;
const HALF_POINTS = 16;

/**
 * Harmonics enter as their share of the whole current's rms, which stays within 0 … 1 where the ratio to the
 * fundamental does not. Odd harmonics keep their phase; even ones do not: turning the plug round changes their sign.
 */
function harmonicShare(order: number): ComputedFeature {
  return {
    name: `h${order}`,
    unit: '1',
    low: 0,
    high: 0.7,
    description: `Harmonic ${order}: rms over the rms of the whole current`,
    of: ({ fingerprint, wholeRatio }) => (fingerprint.harmonics[order - 2]?.ratio ?? NaN) / wholeRatio,
  };
}

function harmonicPart(order: number, part: 'sin' | 'cos'): ComputedFeature {
  const turned = part === 'sin' ? Math.cos : Math.sin;
  return {
    name: `h${order}${part === 'sin' ? 'Sin' : 'Cos'}`,
    unit: '1',
    low: -0.7,
    high: 0.7,
    description: `Harmonic ${order}: its part along ${part}(${order}θ) over the rms of the whole current`,
    of: ({ fingerprint, wholeRatio }) => {
      const harmonic = fingerprint.harmonics[order - 2];
      return harmonic === undefined ? NaN : (harmonic.ratio * turned(harmonic.phaseRad)) / wholeRatio;
    },
  };
}

function shapePoint(point: number): ComputedFeature {
  return {
    name: `shape${point}`,
    unit: '1',
    low: -3,
    high: 4,
    description: `Half-wave symmetric part of the wave at ${(point * 180) / HALF_POINTS} degrees, over the rms of the wave`,
    of: ({ half }) => half[point] as number,
  };
}

function trajectoryPoint(branch: 'rising' | 'falling', index: 0 | 1 | 2, level: string): ComputedFeature {
  return {
    name: `${branch}${level.replace('.', '')}`,
    unit: '1',
    low: -1,
    high: 1,
    description: `Current over its peak where the ${branch} voltage passes ${level} of its peak`,
    of: ({ fingerprint: { trajectory } }) =>
      (branch === 'rising' ? trajectory.risingCurrent : trajectory.fallingCurrent)[index],
  };
}

const ODD_ORDERS = [3, 5, 7, 9, 11, 13] as const;
const orders = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const COMPUTED: readonly ComputedFeature[] = [
  {
    name: 'nominalPowerLog',
    unit: 'log10(VA)',
    low: 0,
    high: 4.3,
    description: 'Decimal logarithm of the fundamental apparent power at 230 V, from the admittance',
    of: ({ fingerprint: { conductanceS, susceptanceS } }) =>
      Math.log10(Math.hypot(conductanceS, susceptanceS) * NOMINAL_VOLTAGE_V ** 2),
  },
  {
    name: 'displacementCos',
    unit: '1',
    low: -1,
    high: 1,
    description: 'Active part of the fundamental current over its magnitude: cos φ1',
    of: ({ fingerprint: { conductanceS, susceptanceS } }) => conductanceS / Math.hypot(conductanceS, susceptanceS),
  },
  {
    name: 'displacementSin',
    unit: '1',
    low: -1,
    high: 1,
    description: 'Reactive part of the fundamental current over its magnitude, positive when lagging: sin φ1',
    of: ({ fingerprint: { conductanceS, susceptanceS } }) => susceptanceS / Math.hypot(conductanceS, susceptanceS),
  },
  {
    name: 'fundamental',
    unit: '1',
    low: 0.4,
    high: 1,
    description: 'Fundamental: rms over the rms of the whole current',
    of: ({ wholeRatio }) => 1 / wholeRatio,
  },
  {
    name: 'nonresistive',
    unit: '1',
    low: 0,
    high: 1,
    description: 'Rms of the current that a resistor of the same power would not draw from this very voltage, over rms',
    of: ({ fingerprint }) => fingerprint.nonresistiveRatio,
  },
  {
    name: 'even',
    unit: '1',
    low: 0,
    high: 0.7,
    description: 'Rms of all even harmonics over the rms of the whole current: half-waves that differ',
    of: ({ fingerprint, wholeRatio }) => {
      let squares = 0;
      for (const { order, ratio } of fingerprint.harmonics) if (order % 2 === 0) squares += ratio ** 2;
      return Math.sqrt(squares) / wholeRatio;
    },
  },
  {
    name: 'crest',
    unit: '1',
    low: 1,
    high: 5,
    description: 'Crest factor of the wave of harmonics 1 … 15',
    of: ({ fingerprint }) => fingerprint.crestFactor,
  },
  ...orders(2, 15).map(harmonicShare),
  ...ODD_ORDERS.flatMap((order) => [harmonicPart(order, 'sin'), harmonicPart(order, 'cos')]),
  {
    name: 'loopArea',
    unit: '1',
    low: 0,
    high: 1,
    description: 'Area between the two branches of the V-I trajectory over the area of its frame',
    of: ({ fingerprint }) => fingerprint.trajectory.loopArea,
  },
  {
    name: 'crossings',
    unit: '1',
    low: 0,
    high: 8,
    description: 'Crossings of the two branches of the V-I trajectory',
    of: ({ fingerprint }) => fingerprint.trajectory.selfIntersections,
  },
  trajectoryPoint('rising', 0, '0.25'),
  trajectoryPoint('rising', 1, '0.5'),
  trajectoryPoint('rising', 2, '0.9'),
  trajectoryPoint('falling', 0, '0.25'),
  trajectoryPoint('falling', 1, '0.5'),
  trajectoryPoint('falling', 2, '0.9'),
  {
    name: 'conduction',
    unit: '1',
    low: 0.1,
    high: 1,
    description: 'Share of the half-wave in which the current exceeds a fifth of its peak',
    of: ({ half, halfPeak }) => half.filter((value) => Math.abs(value) > 0.2 * halfPeak).length / HALF_POINTS,
  },
  {
    name: 'peakAngle',
    unit: 'deg',
    low: 0,
    high: 180,
    description: 'Angle of the largest current of the half-wave (parabola through three points)',
    of: ({ half, halfPeak }) => peakAngleDeg(half, halfPeak),
  },
  {
    name: 'steepest',
    unit: '1',
    low: 0.1,
    high: 1.5,
    description: 'Largest change between neighbouring points of the half-wave (11.25 degrees) over its peak',
    of: ({ half, halfPeak }) => steepestStep(half) / halfPeak,
  },
  ...orders(0, HALF_POINTS - 1).map(shapePoint),
  {
    name: 'inrushLog',
    unit: 'log10(1)',
    low: 0,
    high: 1.2,
    canBeMissing: true,
    description: 'Decimal logarithm of the largest cycle rms of the switch-on over the steady rms',
    of: ({ fingerprint: { transient } }) => Math.log10(transient?.inrushRatio ?? NaN),
  },
  {
    name: 'peakLog',
    unit: 'log10(1)',
    low: 0,
    high: 2,
    canBeMissing: true,
    description: 'Decimal logarithm of the largest peak of the switch-on over the steady peak',
    of: ({ fingerprint: { transient } }) => Math.log10(transient?.peakRatio ?? NaN),
  },
  {
    name: 'settleLog',
    unit: 'log10(cycles)',
    low: 0,
    high: 2.2,
    canBeMissing: true,
    description: 'Decimal logarithm of 1 + mains cycles from the switching to the steady state',
    of: ({ fingerprint: { transient } }) => Math.log10(1 + (transient?.settleCycles ?? NaN)),
  },
  {
    name: 'ownHarmonics',
    unit: '1',
    low: 0,
    high: 1,
    description: 'The part of `nonresistive` that is no phase shift: harmonics a resistor would not draw, over rms',
    of: ({ fingerprint: { nonresistiveRatio, conductanceS, susceptanceS }, wholeRatio }) => {
      // A phase error of the terminal makes `nonresistive` of a heater that of a motor; this stays near zero.
      const shift = susceptanceS / Math.hypot(conductanceS, susceptanceS) / wholeRatio;
      return Math.sqrt(Math.max(0, nonresistiveRatio ** 2 - shift ** 2));
    },
  },
];

/** The features in the order of the vector: part of the schema version of the fingerprint. */
export const FEATURES: readonly Feature[] = COMPUTED.map(({ name, unit, low, high, canBeMissing, description }) => ({
  name,
  unit,
  low,
  high,
  ...(canBeMissing === true ? { canBeMissing } : {}),
  description,
}));

/** Place of a feature in the vector. Throws RangeError for a name that is none. */
export function featureIndex(name: string): number {
  const index = FEATURES.findIndex((feature) => feature.name === name);
  if (index < 0) throw new RangeError(`featureIndex: no feature is called ${JSON.stringify(name)}; see FEATURES`);
  return index;
}

/**
 * The feature vector of a fingerprint, in the order of `FEATURES`. NaN stands for what the fingerprint does not know;
 * only features marked `canBeMissing` can be NaN.
 */
export function featureVector(fingerprint: CurrentFingerprint): Float64Array {
  const half = new Float64Array(HALF_POINTS);
  let halfPeak = 0;
  for (let point = 0; point < HALF_POINTS; point++) {
    half[point] = ((fingerprint.shape[point] ?? NaN) - (fingerprint.shape[point + HALF_POINTS] ?? NaN)) / 2;
    halfPeak = Math.max(halfPeak, Math.abs(half[point] as number));
  }
  const prepared: Prepared = { fingerprint, wholeRatio: Math.hypot(1, fingerprint.thdRatio), half, halfPeak };
  return Float64Array.from(COMPUTED, (feature) => feature.of(prepared));
}

function peakAngleDeg(half: Float64Array, halfPeak: number): number {
  const at = half.findIndex((value) => Math.abs(value) === halfPeak);
  const sign = Math.sign(half[at] as number);
  // The half-wave goes on with its own negative.
  const left = sign * (at > 0 ? (half[at - 1] as number) : -(half[HALF_POINTS - 1] as number));
  const right = sign * (at < HALF_POINTS - 1 ? (half[at + 1] as number) : -(half[0] as number));
  const curvature = 2 * halfPeak - left - right;
  const part = curvature > 0 ? (right - left) / (2 * curvature) : 0;
  return ((at + part) * 180) / HALF_POINTS;
}

function steepestStep(half: Float64Array): number {
  let most = 0;
  for (let point = 0; point < HALF_POINTS; point++) {
    const next = point < HALF_POINTS - 1 ? (half[point + 1] as number) : -(half[0] as number);
    most = Math.max(most, Math.abs(next - (half[point] as number)));
  }
  return most;
}

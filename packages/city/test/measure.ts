/** Measures of whole cycles for the tests of this package, by direct summation: independent of the product's own. */
export type Measured = {
  readonly voltageV: number;
  readonly currentA: number;
  readonly activePowerW: number;
  readonly powerFactor: number;
  readonly crestFactor: number;
  readonly thdRatio: number;
  /** Ratio of a harmonic to the fundamental. */
  readonly harmonicRatio: (order: number) => number;
};

/** `samplesPerCycle` must divide the length. */
export function measure(voltage: Float64Array, current: Float64Array, samplesPerCycle: number): Measured {
  const voltageV = rms(voltage);
  const currentA = rms(current);
  const activePowerW = current.reduce((sum, i, n) => sum + i * (voltage[n] ?? NaN), 0) / current.length;
  const peakA = current.reduce((peak, i) => Math.max(peak, Math.abs(i)), 0);
  const fundamentalA = harmonicRms(current, 1, samplesPerCycle);
  const harmonicRatio = (order: number): number => harmonicRms(current, order, samplesPerCycle) / fundamentalA;
  let squares = 0;
  for (let order = 2; order <= 40; order++) squares += harmonicRatio(order) ** 2;
  return {
    voltageV,
    currentA,
    activePowerW,
    powerFactor: activePowerW / (voltageV * currentA),
    crestFactor: peakA / currentA,
    thdRatio: Math.sqrt(squares),
    harmonicRatio,
  };
}

export function rms(samples: Float64Array): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}

function harmonicRms(samples: Float64Array, order: number, samplesPerCycle: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((x, n) => {
    re += x * Math.cos((2 * Math.PI * order * n) / samplesPerCycle);
    im += x * Math.sin((2 * Math.PI * order * n) / samplesPerCycle);
  });
  return (Math.SQRT2 * Math.hypot(re, im)) / samples.length;
}

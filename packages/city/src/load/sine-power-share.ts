import type { EnvelopeShape } from './envelope-load.ts';

const POINTS = 2000;
/** sin, sin 2x and cos 2x at the midpoints of a half-wave. */
const SINES = midpoints((angle) => Math.sin(angle));
const DOUBLE_SINES = midpoints((angle) => Math.sin(2 * angle));
const DOUBLE_COSINES = midpoints((angle) => Math.cos(2 * angle));

function midpoints(of: (angle: number) => number): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, k) => of((Math.PI * (k + 0.5)) / POINTS));
}

/**
 * Power of an `EnvelopeLoad` at a sine of `peakV` over the power of the plain conductance, by the midpoint rule over a
 * half-wave: what a builder divides by to meet a rated power.
 */
export function sinePowerShare(peakV: number, shape: EnvelopeShape): number {
  const { startV = 0, stopV = 0, cuspV = 0, flatV = Infinity, rippleRatio = 0, rippleRad = 0 } = shape;
  const rippleSine = rippleRatio * Math.cos(2 * rippleRad);
  const rippleCosine = rippleRatio * Math.sin(2 * rippleRad);
  let sum = 0;
  for (let k = 0; k < POINTS; k++) {
    const v = peakV * (SINES[k] as number);
    const isRising = 2 * k < POINTS;
    if (v < (isRising ? startV : stopV)) continue;
    const cusp = cuspV === 0 ? 1 : 1 - Math.exp(-v / cuspV);
    const flat = flatV === Infinity ? 1 : 1 / Math.sqrt(1 + (v / flatV) ** 2);
    const ripple = 1 + rippleSine * (DOUBLE_SINES[k] as number) + rippleCosine * (DOUBLE_COSINES[k] as number);
    sum += v * v * cusp * flat * ripple;
  }
  return ((2 * sum) / POINTS / (peakV * peakV)) * (shape.isHalfWave === true ? 0.5 : 1);
}

import type { EnvelopeShape } from './envelope-load.ts';

/**
 * Power of an `EnvelopeLoad` at a sine of `peakV` over the power of the plain conductance, by the midpoint rule over a
 * half-wave: what a builder divides by to meet a rated power.
 */
export function sinePowerShare(peakV: number, shape: EnvelopeShape): number {
  const { startV = 0, stopV = 0, cuspV, flatV, rippleRatio = 0, rippleRad = 0 } = shape;
  const points = 2000;
  let sum = 0;
  for (let k = 0; k < points; k++) {
    const angle = (Math.PI * (k + 0.5)) / points;
    const v = peakV * Math.sin(angle);
    const isRising = angle < Math.PI / 2;
    if (v < (isRising ? startV : stopV)) continue;
    const cusp = cuspV === undefined ? 1 : 1 - Math.exp(-v / cuspV);
    const flat = flatV === undefined ? 1 : 1 / Math.hypot(1, v / flatV);
    sum += v * v * cusp * flat * (1 + rippleRatio * Math.sin(2 * angle + 2 * rippleRad));
  }
  return ((2 * sum) / points / (peakV * peakV)) * (shape.isHalfWave === true ? 0.5 : 1);
}

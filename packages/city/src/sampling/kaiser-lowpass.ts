/**
 * Linear-phase low-pass by a Kaiser window, gain 1 at 0 Hz.
 *
 * `cutoffRatio` is the −6 dB point over the sample rate (0 … 0.5), `beta` the window parameter: stop-band about
 * 8.7 + beta / 0.1102 dB (Kaiser 1974). Throws RangeError when `tapCount` is not an odd number of at least 3.
 */
export function kaiserLowpass(tapCount: number, cutoffRatio: number, beta: number): Float64Array {
  if (!Number.isInteger(tapCount) || tapCount < 3 || tapCount % 2 === 0) {
    throw new RangeError(`kaiserLowpass: tapCount is ${tapCount}, expected an odd integer of at least 3`);
  }
  const centre = (tapCount - 1) / 2;
  const taps = Float64Array.from({ length: tapCount }, (_, i) => {
    const x = i - centre;
    const ideal = x === 0 ? 2 * cutoffRatio : Math.sin(2 * Math.PI * cutoffRatio * x) / (Math.PI * x);
    return (ideal * besselI0(beta * Math.sqrt(1 - (x / centre) ** 2))) / besselI0(beta);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Modified Bessel function of order 0 by its power series; converges for every x used by a window. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

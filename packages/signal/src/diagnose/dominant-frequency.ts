import { createFft } from '../fft.ts';

/**
 * Frequency of the strongest tone, Hz: the peak of a Hann-windowed spectrum of up to 32,768 frames, refined by a
 * parabola through the logarithms (error below a tenth of a bin). NaN for fewer than 64 frames, for a constant and when
 * one of the frames looked at is not finite.
 */
export function dominantFrequencyHz(values: Float64Array, sampleRateHz: number): number {
  const size = Math.min(2 ** 15, 2 ** Math.floor(Math.log2(values.length)));
  if (!(size >= 64)) return NaN;
  const part = values.subarray(0, size);
  const mean = part.reduce((sum, value) => sum + value, 0) / size;
  const windowed = part.map((value, n) => (value - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size)));
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  createFft(size).forward(windowed, new Float64Array(size), re, im);
  const power = (bin: number): number => (re[bin] ?? NaN) ** 2 + (im[bin] ?? NaN) ** 2;
  let best = 1;
  for (let bin = 2; bin < size / 2; bin++) if (power(bin) > power(best)) best = bin;
  const [left, middle, right] = [best - 1, best, best + 1].map((bin) => Math.log(power(bin)));
  if (left === undefined || middle === undefined || right === undefined || !Number.isFinite(middle)) return NaN;
  const shift = (left - right) / (2 * (left - 2 * middle + right));
  return ((best + (Number.isFinite(shift) ? shift : 0)) * sampleRateHz) / size;
}
